import { changeOver } from './change-over.ts';
import { highestVoltages } from './highest-voltages.ts';
import type { RestorationProblem } from './problem.ts';
import type { SwitchingState } from './switching-state.ts';

/** With more moves to make there are too many orders. */
const MOST_MOVES = 8;

/** Each legal move that is left, the one to be preferred first. */
export type NextMoves = (state: SwitchingState) => Iterable<SwitchingState>;

/**
 * Tries the moves in every order, a parallel and what parts it as one move. What is left to be moved
 * says which state it is, so each such set is met once.
 * @returns null where no order is legal, `tooMany` where there are too many to tell.
 */
export function inAnyOrder(
  problem: RestorationProblem,
  start: SwitchingState,
  touched: ReadonlySet<number>,
  nextMoves: NextMoves,
): SwitchingState | null | 'tooMany' {
  if (start.opens.length + start.closes.length > MOST_MOVES) return 'tooMany';
  const met = new Set<string>();
  const from = (state: SwitchingState): SwitchingState | null => {
    const left = [...state.opens, ...state.closes];
    if (left.length === 0) return state;
    const name = left.join(' ');
    if (met.has(name)) return null;
    met.add(name);
    const parallel = changeOver(problem, state, touched, 'transfer');
    const ended = parallel === null ? null : from(parallel);
    if (ended !== null) return ended;
    for (const next of nextMoves(state)) {
      const end = from(next);
      if (end !== null) return end;
    }
    return null;
  };
  return from(start);
}

const known = new WeakMap<RestorationProblem, boolean>();

/**
 * True where less load can break a limit that more load keeps, so that the usual orders may fail where
 * another one does not: something feeds in, or lifts the voltage, or it is too high without load.
 */
export function mayLessLoadStrain(problem: RestorationProblem): boolean {
  const before = known.get(problem);
  if (before !== undefined) return before;
  const { network, judgedLoads } = problem;
  const { generators, shunts, lines, limits } = network.grid;
  const isBelow = (power: number): boolean => power < 0;
  const may =
    generators.length > 0 ||
    shunts.length > 0 ||
    lines.some(({ reactance }) => reactance < 0) ||
    judgedLoads.activePower_W.some(isBelow) ||
    judgedLoads.reactivePower_var.some(isBelow) ||
    highestVoltages(network).some((voltage) => voltage > limits.maxVoltage);
  known.set(problem, may);
  return may;
}
