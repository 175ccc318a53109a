import type { LoadState } from '@relight/powerflow';
import { CLOSED } from '@relight/topology';
import { factsOf } from './network-facts.ts';
import type { RestorationProblem } from './problem.ts';
import type { Relaxation } from './relaxation.ts';
import type { Scope } from './scope.ts';
import { sourceOfSection } from './tree-sections.ts';

/**
 * Operations that every plan needs beside the bound once it opens a switch between live sections:
 * the opening, and the closing that feeds what it cuts off. 0 where that cannot be said: something
 * live may be left dark, is worth nothing by the objective and yet loads the grid, or hangs in a loop.
 * @param near - ring 0: to switch such a thing off relieves only the trees that it can draw on.
 */
export function transferCost(problem: RestorationProblem, near: Scope, limits: Relaxation): 0 | 2 {
  const { request } = problem;
  const { allowShedding, untrusted } = request.options;
  const isForest = problem.now.loopBranches.length === 0;
  const isCertain = isForest && !allowShedding && untrusted.size === 0 && limits.onlyLoads;
  const isWorthless = (section: number): boolean =>
    near.sources.has(sourceOfSection(problem, section)) && !servesSomebody(problem, section);
  if (!isCertain || !everyLoadCounts(problem)) return 0;
  return factsOf(problem.network).drawing.some(isWorthless) ? 0 : 2;
}

/** True where a live section holds a source, or load that counts hangs on it. */
function servesSomebody(
  { network, now, values, request }: RestorationProblem,
  section: number,
): boolean {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const { nodeSection, sectionNodes, sectionStart, sourceNode, firstSwitchBranch, grid } = network;
  const source = now.nodeSource[sectionNodes[sectionStart[section]!]!]!;
  if (nodeSection[sourceNode[source]!] === section) return true;
  const behind = [section];
  for (const each of behind) {
    if (values.counts[each] === 1) return true;
    const end = sectionSwitchStart[each + 1]!;
    for (let entry = sectionSwitchStart[each]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (request.positionsNow[at] !== CLOSED) continue;
      const isFrom = switchSectionFrom[at] === each;
      const far = isFrom ? switchSectionTo[at]! : switchSectionFrom[at]!;
      const node = isFrom ? grid.switches[at]!.to : grid.switches[at]!.from;
      if (far !== each && now.parentBranch[node] === firstSwitchBranch + at) behind.push(far);
    }
  }
  return false;
}

const countsOf = new WeakMap<LoadState, boolean>();

/** True where each load with any power, now or in an hour ahead, counts in what must be served. */
function everyLoadCounts({ network, judgedLoads, judge }: RestorationProblem): boolean {
  return [judge, ...judge.ahead].every(({ loads }) => {
    let counts = countsOf.get(loads);
    if (counts === undefined) {
      counts = network.grid.loads.every(
        ({ customers }, at) =>
          customers > 0 ||
          Math.round(judgedLoads.activePower_W[at]!) > 0 ||
          (loads.activePower_W[at] === 0 && loads.reactivePower_var[at] === 0),
      );
      countsOf.set(loads, counts);
    }
    return counts;
  });
}
