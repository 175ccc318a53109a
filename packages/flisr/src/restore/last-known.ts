import { UNKNOWN } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';

/** Positions as last known, not to be changed: what is not trusted stands where it was reported. */
export function lastKnown(problem: RestorationProblem, positions: Uint8Array): Uint8Array {
  const { positionsNow, options } = problem.request;
  if (options.untrusted.size === 0) return positions;
  const known = positions.slice();
  for (const at of options.untrusted) {
    if (known[at] === UNKNOWN) known[at] = positionsNow[at]!;
  }
  return known;
}
