import {
  exceeded,
  exceededWithout,
  feedsFromDoubt,
  mayBeLost,
  objectionsToEnd,
  objectionsToLife,
  objectionsToMove,
  objectionsToState,
  situationOf,
  strainIn,
  type Move,
  type PlanCase,
  type Situation,
} from './switching-rules.ts';
import {
  independentLoops,
  liveNodes,
  moved,
  servedNodes,
  type SwitchingState,
} from './switching-state.ts';

/** What can be reached at best, in the order of the objective (formats.md), first four places. */
export interface BestOutcome {
  readonly critical_kW: number;
  readonly customers: number;
  readonly p_kW: number;
  readonly switchOperations: number;
}

/**
 * The best outcome by trying everything: from the state after the trip through every legal state
 * that legal moves lead to, fewest moves first. Exponential: for about ten operable switches.
 * @param mayLose - nodes that may go dark though they are served; the first of these sets by which
 *   there is an end counts.
 * @returns `tooLarge` where there are more states than `mostStates`; null where no legal state
 *   may be the end.
 */
export function bestByExhaustion(
  asked: PlanCase,
  mostStates = 300,
  mayLose = mayBeLost(situationOf(asked)),
): BestOutcome | 'tooLarge' | null {
  const situation = situationOf(asked);
  const operable = (asked.grid.switches ?? []).filter(
    (each) =>
      each.remote === true &&
      each.kind !== 'fuse' &&
      asked.stuck?.has(each.id) !== true &&
      asked.blocked?.has(each.id) !== true,
  );
  const start = situation.trip.after;
  const reached = new Map<string, Reached>();
  reached.set(keyOf(start, NO_GENERATORS), { state: start, off: NO_GENERATORS, moves: 0 });
  const legal = new Map<string, boolean>();
  const best: (BestOutcome | null)[] = mayLose.map(() => null);
  for (const { state, off, moves } of reached.values()) {
    if (reached.size > mostStates) return 'tooLarge';
    const isSafe = independentLoops(state) === 0 && objectionsToLife(situation, state).length === 0;
    if (isSafe) {
      const outcome = outcomeOf(situation, state, moves);
      mayLose.forEach((nodes, at) => {
        if (objectionsToEnd(situation, state, nodes).length > 0) return;
        const before = best[at] ?? null;
        if (before === null || isBetter(outcome, before)) best[at] = outcome;
      });
    }
    for (const { id } of operable) {
      const move: Move = { switch: id, action: state.closed.has(id) ? 'open' : 'close' };
      const next = moved(state, id, move.action);
      const offNow = switchedOff(situation, next, off);
      const key = keyOf(next, offNow);
      if (reached.has(key) || legal.get(key) === false) continue;
      if (objectionsToMove(situation, state, move).length > 0) continue;
      if (feedsFromDoubt(situation, state, move) !== null) continue;
      const isLegal = legal.get(key) ?? isLegalState(situation, next, offNow);
      legal.set(key, isLegal);
      if (move.action === 'close' && objectionsToLife(situation, next).length > 0) continue;
      if (isLegal) reached.set(key, { state: next, off: offNow, moves: moves + 1 });
    }
  }
  return best.find((each) => each !== null) ?? null;
}

/** A state and what led to it, as far as that matters. */
interface Reached {
  readonly state: SwitchingState;
  /** Generators that were switched off on the way: they may give nothing yet. */
  readonly off: ReadonlySet<string>;
  readonly moves: number;
}

const NO_GENERATORS: ReadonlySet<string> = new Set();

function keyOf(state: SwitchingState, off: ReadonlySet<string>): string {
  return [...[...state.closed].sort(), '|', ...[...off].sort()].join(' ');
}

/** Generators of the live grid that are dead in a state, and those that have been before. */
function switchedOff(
  { asked, generatorsOff }: Situation,
  state: SwitchingState,
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  const live = liveNodes(state);
  const dead = (asked.grid.generators ?? []).filter(
    ({ id, node }) => !generatorsOff.has(id) && !live.has(node) && !before.has(id),
  );
  return dead.length === 0 ? before : new Set([...before, ...dead.map(({ id }) => id)]);
}

function isLegalState(
  situation: Situation,
  state: SwitchingState,
  off: ReadonlySet<string>,
): boolean {
  // A loop can only be a parallel: no other close is allowed to make one.
  if (objectionsToState(situation, state, 1).length > 0) return false;
  if (exceeded(situation, strainIn(situation, state)).length > 0) return false;
  return exceededWithout(situation, state, off).length === 0;
}

function outcomeOf(
  { asked, before, trip }: Situation,
  state: SwitchingState,
  switchOperations: number,
): BestOutcome {
  const wasLive = liveNodes(before);
  const live = servedNodes(state, trip.after);
  let [critical_kW, customers, p_kW] = [0, 0, 0];
  for (const load of asked.grid.loads ?? []) {
    if (!wasLive.has(load.node) || live.has(load.node)) continue;
    customers += load.customers ?? 0;
    p_kW += load.p_kW;
    if (load.priority === 'critical') critical_kW += load.p_kW;
  }
  return { critical_kW, customers, p_kW, switchOperations };
}

function isBetter(one: BestOutcome, other: BestOutcome): boolean {
  for (const field of ['critical_kW', 'customers', 'p_kW', 'switchOperations'] as const) {
    if (one[field] !== other[field]) return one[field] < other[field];
  }
  return false;
}
