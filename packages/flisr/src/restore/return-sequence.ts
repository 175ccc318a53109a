import type { Energisation } from '@relight/topology';
import { changeOver } from './change-over.ts';
import { energiseRepaired, interruptToEnergise } from './first-energising.ts';
import { partLoop } from './part-loop.ts';
import { bearsGeneratorsStarting } from './generators-starting.ts';
import type { RestorationProblem } from './problem.ts';
import { energisesUnproved, sidesOf, type ReturnRules, type ReturnSearch } from './return-rules.ts';
import type { Sequence } from './sequence.ts';
import { lastKnown } from './last-known.ts';
import { move, startOf, touchedSources, type SwitchingState } from './switching-state.ts';
import { movesOnlyDead } from './switch-permission.ts';

export interface ReturnSequence extends Sequence {
  /** Where it ends: the wanted state, or as near to it as legal moves lead. */
  readonly positions: Uint8Array;
  /** By section: live there. */
  readonly live: Uint8Array;
  /** Switches that do not stand as wanted there, ascending. */
  readonly left: readonly number[];
}

/**
 * Orders the moves back to the normal state: what is dead comes back first, a repaired part by a
 * breaker, the rest from the side it belongs to; then each open point moves, closing before opening
 * where the parallel is allowed, else with a moment's interruption of as few customers as possible.
 * Stops where no legal move is left; nobody who was served is left dark.
 */
export function returnSequence(
  problem: RestorationProblem,
  final: Uint8Array,
  rules: ReturnRules,
): ReturnSequence {
  const touched = touchedSources(problem, final);
  const normal = problem.judge.energise(lastKnown(problem, final));
  const search: ReturnSearch = { problem, touched, rules, feeds: feedingSides(problem, normal) };
  let state = startOf(problem, final, touched);
  for (;;) {
    const next = nextMove(search, state);
    if (next === null) break;
    state = next;
  }
  const interrupted = state.steps.reduce((sum, step) => sum + step.interruptsCustomers, 0);
  return {
    steps: state.steps,
    interrupted,
    touched,
    positions: state.positions,
    live: state.live,
    left: [...final.keys()].filter((at) => state.positions[at] !== final[at]),
  };
}

/** Section from which each switch feeds in the normal state, by switch; −1 where it feeds none. */
function feedingSides({ network }: RestorationProblem, normal: Energisation): Int32Array {
  const sides = new Int32Array(network.switchCount).fill(-1);
  for (let at = 0; at < network.switchCount; at++) {
    const { from, to } = network.grid.switches[at]!;
    const branch = network.firstSwitchBranch + at;
    if (normal.parentBranch[to] === branch) sides[at] = network.nodeSection[from]!;
    else if (normal.parentBranch[from] === branch) sides[at] = network.nodeSection[to]!;
  }
  return sides;
}

function nextMove(search: ReturnSearch, state: SwitchingState): SwitchingState | null {
  const { problem, touched } = search;
  const ways = [
    () => partLoop(search, state),
    () => moveDead(search, state),
    () => energiseRepaired(search, state),
    () => closeOntoDead(search, state),
    () => changeOver(problem, state, touched, 'return'),
    () => openAndClose(search, state),
    () => interruptToEnergise(search, state),
  ];
  for (const way of ways) {
    const next = way();
    // What an earlier break has switched off does not help the moves that need no break either.
    if (next !== null && bearsGeneratorsStarting(problem, next.steps, touched)) return next;
  }
  return null;
}

/** Switches with both sides dead: dead-only ones now or never, and opens before anything closes. */
function moveDead({ problem, touched }: ReturnSearch, state: SwitchingState) {
  const { network } = problem;
  for (const at of [...state.opens, ...state.closes]) {
    const live = sidesOf(problem, at).some((section) => state.live[section] === 1);
    const closing = state.closes.includes(at);
    if (live || (closing && !movesOnlyDead(network.grid.switches[at]!))) continue;
    const moved = move(problem, state, at, 'return', touched);
    if (moved !== null) return moved;
  }
  return null;
}

function closeOntoDead(search: ReturnSearch, state: SwitchingState): SwitchingState | null {
  const { problem, touched, feeds } = search;
  for (const at of state.closes) {
    const live = sidesOf(problem, at).filter((section) => state.live[section] === 1);
    if (live.length !== 1 || live[0] !== feeds[at]) continue;
    const closed = move(problem, state, at, 'return', touched);
    if (closed !== null && !energisesUnproved(search, state, closed)) return closed;
  }
  return null;
}

/** Open, then close what went dark: the way that interrupts the fewest customers. */
function openAndClose(search: ReturnSearch, state: SwitchingState): SwitchingState | null {
  const { problem, touched, rules } = search;
  let best: SwitchingState | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const open of state.opens) {
    const opened = move(problem, state, open, 'return', touched);
    if (opened === null) continue;
    if (!rules.mayInterrupt && takesSupply(problem, state, opened)) continue;
    const interrupted = opened.steps.at(-1)!.interruptsCustomers;
    if (interrupted >= fewest) continue;
    const back = closeAllDark(problem, opened, touched, state.live);
    if (back === null || energisesUnproved(search, state, back)) continue;
    if (!bearsGeneratorsStarting(problem, back.steps, touched)) continue;
    best = back;
    fewest = interrupted;
  }
  return best;
}

/** True where load is live in one state and dead in the other, customers or not. */
function takesSupply({ values }: RestorationProblem, from: SwitchingState, to: SwitchingState) {
  return from.live.some(
    (live, section) =>
      live === 1 &&
      to.live[section] === 0 &&
      (values.customers[section] !== 0 || values.active_W[section] !== 0),
  );
}

/** Closes until everything is live again that was. */
function closeAllDark(
  problem: RestorationProblem,
  opened: SwitchingState,
  touched: ReadonlySet<number>,
  wasLive: Uint8Array,
): SwitchingState | null {
  let state = opened;
  while (wasLive.some((was, section) => was === 1 && state.live[section] === 0)) {
    const next = state.closes
      .filter((at) => sidesOf(problem, at).filter((each) => state.live[each] === 1).length === 1)
      .map((at) => move(problem, state, at, 'return', touched))
      .find((moved) => moved !== null);
    if (next === undefined) return null;
    state = next;
  }
  return state;
}
