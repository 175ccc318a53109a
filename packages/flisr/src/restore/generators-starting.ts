import { lastKnown } from './last-known.ts';
import type { RestorationProblem } from './problem.ts';
import type { SequencedStep } from './switching-state.ts';

/**
 * True where every state of a sequence is legal too while the generators that it has switched off for a
 * moment give nothing yet: they start again minutes after the next steps are made.
 */
export function bearsGeneratorsStarting(
  problem: RestorationProblem,
  steps: readonly SequencedStep[],
  touched: ReadonlySet<number>,
): boolean {
  const { network, judge, now, liveAfterTrip } = problem;
  const { generators } = network.grid;
  if (generators.length === 0) return true;
  const running = generators.flatMap(({ node }, at) =>
    liveAfterTrip[network.nodeSection[node]!] === 1 ? [at] : [],
  );
  // Where a live part has been switched off before, its generators are off from the start.
  const off = new Set(running.filter((at) => now.nodeSource[generators[at]!.node] === -1));
  if (off.size === 0 && steps.every((step) => step.action === 'close')) return true;
  const positions = problem.positions.slice();
  for (const step of steps) {
    positions[step.at] = step.action === 'close' ? 1 : 0;
    const known = lastKnown(problem, positions);
    const { nodeSource } = judge.energise(known);
    for (const at of running) if (nodeSource[generators[at]!.node] === -1) off.add(at);
    if (off.size > 0 && !judge.isLegalWithout(known, touched, off)) return false;
  }
  return true;
}
