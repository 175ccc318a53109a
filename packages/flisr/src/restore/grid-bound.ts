import { flowBound } from './flow-bound.ts';
import { bestWithin, type Item } from './knapsack.ts';
import type { RestorationProblem } from './problem.ts';
import { readRelaxation } from './relaxation.ts';
import type { Scope } from './scope.ts';
import { compareServed, type Served } from './score.ts';

/**
 * The better (lower) of two bounds on what any plan can serve: what the look ahead says, and the
 * sections that fit, each whole, into what the grid can carry beside the load it must serve.
 */
export function servedAtMost(problem: RestorationProblem, scope: Scope, lookahead: Served): Served {
  const { network, stayDead, mustServe, values } = problem;
  const flow = flowBound(problem, scope, readRelaxation(problem));
  if (flow === null) return lookahead;
  const items: Item[] = [];
  for (let section = 0; section < network.sectionCount; section++) {
    if (stayDead.reason[section] !== null) continue;
    items.push({
      critical_W: values.critical_W[section]!,
      customers: values.customers[section]!,
      active_W: values.active_W[section]!,
      weight: mustServe[section] === 1 ? 0 : flow.weight_W[section]!,
      mandatory: mustServe[section] === 1,
    });
  }
  const most = bestWithin(items, flow.deliverable_W);
  return compareServed(most, lookahead) > 0 ? most : lookahead;
}
