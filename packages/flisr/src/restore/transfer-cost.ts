import type { LoadState } from '@relight/powerflow';
import type { RestorationProblem } from './problem.ts';
import type { Relaxation } from './relaxation.ts';

/**
 * Operations that every plan needs beside the bound once it opens a switch between live sections:
 * the opening, and the closing that feeds what it cuts off. 0 where that cannot be said: something
 * live may be left dark, is worth nothing by the objective and yet loads the grid, or hangs in a loop.
 */
export function transferCost(problem: RestorationProblem, limits: Relaxation): 0 | 2 {
  const { request } = problem;
  const { allowShedding, untrusted } = request.options;
  const isForest = problem.now.loopBranches.length === 0;
  const isCertain = isForest && !allowShedding && untrusted.size === 0 && limits.onlyLoads;
  return isCertain && everyLoadCounts(problem) ? 2 : 0;
}

const countsOf = new WeakMap<LoadState, boolean>();

/** True where each load with any power counts in what must be served. */
function everyLoadCounts({ network, judgedLoads: loads }: RestorationProblem): boolean {
  const known = countsOf.get(loads);
  if (known !== undefined) return known;
  const { activePower_W, reactivePower_var } = loads;
  const counts = network.grid.loads.every(
    ({ customers }, at) =>
      customers > 0 ||
      Math.round(activePower_W[at]!) > 0 ||
      (activePower_W[at] === 0 && reactivePower_var[at] === 0),
  );
  countsOf.set(loads, counts);
  return counts;
}
