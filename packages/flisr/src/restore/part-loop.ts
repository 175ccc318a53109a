import { CLOSED, OPEN, otherEnd } from '@relight/topology';
import type { ReturnSearch } from './return-rules.ts';
import { lastKnown } from './last-known.ts';
import { move, type SwitchingState } from './switching-state.ts';
import { movesOnlyDead } from './switch-permission.ts';

/**
 * A loop that the normal state does not hold, as where a parallel could not be parted again: opened
 * before anything else, at the switch that is open normally, else where the fewest customers stay on
 * another feeder than their own. Nobody loses supply by it. null: there is none, or nothing parts it.
 */
export function partLoop(search: ReturnSearch, state: SwitchingState): SwitchingState | null {
  const { problem, touched } = search;
  const { judge, before, bars, network } = problem;
  const loopsIn = (positions: Uint8Array): number =>
    judge.energise(lastKnown(problem, positions)).loopBranches.length;
  const loops = loopsIn(state.positions);
  if (loops <= before.loopBranches.length) return null;
  const partedAt = (at: number): SwitchingState | null => {
    const apart = state.positions.slice();
    apart[at] = OPEN;
    if (loopsIn(apart) >= loops) return null;
    const parted = move(problem, state, at, 'return', touched, loops);
    const keepsAll = parted?.live.every((live, section) => live >= state.live[section]!);
    return keepsAll === true ? parted : null;
  };
  for (const at of state.opens) {
    const parted = partedAt(at);
    if (parted !== null) return parted;
  }
  let best: SwitchingState | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const at of switchesInLoops(search, state)) {
    if (state.positions[at] !== CLOSED || bars.of(at) !== null) continue;
    if (movesOnlyDead(network.grid.switches[at]!)) continue;
    const parted = partedAt(at);
    if (parted === null) continue;
    const away = customersAway(search, parted);
    if (away >= fewest) continue;
    best = parted;
    fewest = away;
  }
  return best;
}

/** Switches between the ends of each loop and their sources, and those that close one; ascending. */
function switchesInLoops({ problem }: ReturnSearch, state: SwitchingState): readonly number[] {
  const { network, judge } = problem;
  const { loopBranches, parentBranch } = judge.energise(lastKnown(problem, state.positions));
  const found = new Set<number>();
  for (const closing of loopBranches) {
    found.add(closing - network.firstSwitchBranch);
    for (const end of [network.branchFrom[closing]!, network.branchTo[closing]!]) {
      let node = end;
      for (let up = parentBranch[node]!; up !== -1; up = parentBranch[node]!) {
        found.add(up - network.firstSwitchBranch);
        node = otherEnd(network, up, node);
      }
    }
  }
  return [...found].filter((at) => at >= 0).sort((a, b) => a - b);
}

/** Customers who hang on another feeder than in the normal state. */
function customersAway({ problem }: ReturnSearch, state: SwitchingState): number {
  const { network, judge, before, values } = problem;
  const now = judge.energise(lastKnown(problem, state.positions));
  let customers = 0;
  for (let section = 0; section < network.sectionCount; section++) {
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    const isAway =
      now.nodeFeeder[node] !== before.nodeFeeder[node] ||
      now.nodeSource[node] !== before.nodeSource[node];
    if (isAway) customers += values.customers[section]!;
  }
  return customers;
}
