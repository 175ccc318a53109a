import type { StepPurpose } from '@relight/contract';
import { CLOSED, sectionsBehind } from '@relight/topology';
import { inAnyOrder, mayLessLoadStrain } from './any-order.ts';
import { changeOver } from './change-over.ts';
import { bearsGeneratorsStarting } from './generators-starting.ts';
import { heldDead } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './last-known.ts';
import {
  feedsFromDoubt,
  move,
  startOf,
  touchedSources,
  type SequencedStep,
  type SwitchingState,
} from './switching-state.ts';
import { movesOnlyDead } from './switch-permission.ts';

export interface Sequence {
  readonly steps: readonly SequencedStep[];
  /** Served customers who are off for a moment, each interruption counted. */
  readonly interrupted: number;
  /** Sources whose trees the plan changes. */
  readonly touched: ReadonlySet<number>;
}

/**
 * Orders the moves between the state after the trip and a final state so that every state on the
 * way is legal: opens that isolate, dead-only switches, splits, transfers (without interruption
 * where a parallel is allowed, else each open just before its own close), then closes outward from the live side, the most urgent and largest gain first.
 * Where that breaks a limit on the way, and less load may be what breaks it, every order is tried.
 * null where none is legal; `givenUp` where there are too many orders to tell, or the one found leans
 * on generators that it switches off on the way.
 *
 * Method and its limits: docs/methods/sequencing.md.
 */
export function sequence(
  problem: RestorationProblem,
  final: Uint8Array,
): Sequence | null | 'givenUp' {
  const touched = touchedSources(problem, final);
  const isolated = moveDeadSwitches(problem, final, touched);
  if (isolated === null) return null;
  const end =
    moveLiveSwitches(problem, isolated, touched) ??
    moveLiveSwitches(problem, openAllFirst(problem, isolated, touched), touched) ??
    (mayLessLoadStrain(problem)
      ? inAnyOrder(problem, isolated, touched, (state) => nextMoves(problem, state, touched))
      : null);
  if (end === null) return null;
  if (end === 'tooMany' || !bearsGeneratorsStarting(problem, end.steps, touched)) return 'givenUp';
  const interrupted = end.steps.reduce((sum, step) => sum + step.interruptsCustomers, 0);
  return { steps: end.steps, interrupted, touched };
}

/** Everything that moves while the outage is dead, and what cuts a suspected part off. */
function moveDeadSwitches(
  problem: RestorationProblem,
  final: Uint8Array,
  touched: ReadonlySet<number>,
): SwitchingState | null {
  const { network } = problem;
  const held = heldDead(problem, final);
  const start = startOf(problem, final, touched);
  const borders = (at: number): boolean =>
    held[network.switchSectionFrom[at]!] === 1 || held[network.switchSectionTo[at]!] === 1;
  const isolating = start.opens.filter((at) => borders(at));
  const deadOnly = start.closes.filter((at) => movesOnlyDead(network.grid.switches[at]!));
  const splits = start.opens.filter((at) => !borders(at) && !touchesLive(problem, start, at));

  const pending: { readonly at: number; readonly purpose: StepPurpose }[] = [
    ...isolating.map((at) => ({ at, purpose: 'isolate' as const })),
    ...deadOnly.map((at) => ({ at, purpose: 'restore' as const })),
    ...splits.map((at) => ({ at, purpose: 'split' as const })),
  ];
  // What moves only dead waits for the move that cuts its side off from an unknown switch.
  let state: SwitchingState = start;
  while (pending.length > 0) {
    let moved: SwitchingState | null = null;
    for (let at = 0; at < pending.length && moved === null; at++) {
      moved = move(problem, state, pending[at]!.at, pending[at]!.purpose, touched);
      if (moved !== null) pending.splice(at, 1);
    }
    if (moved === null) return null;
    state = moved;
  }
  return state;
}

/** Transfers while there are any, then closes outward. */
function moveLiveSwitches(
  problem: RestorationProblem,
  start: SwitchingState | null,
  touched: ReadonlySet<number>,
): SwitchingState | null {
  let state = start;
  while (state !== null && state.opens.length + state.closes.length > 0) {
    state =
      changeOver(problem, state, touched, 'transfer') ??
      transferOne(problem, state, touched) ??
      closeOne(problem, state, touched);
  }
  return state;
}

/** Each single move that is legal now: closes that bring life, then opens, then closes of dead parts. */
function* nextMoves(
  problem: RestorationProblem,
  state: SwitchingState,
  touched: ReadonlySet<number>,
): Generator<SwitchingState> {
  const legal = (at: number, purpose: StepPurpose) => move(problem, state, at, purpose, touched);
  const isReady = (at: number): boolean => bringsLife(problem, state, at);
  const closing = (at: number) =>
    legal(at, gainOf(problem, state, at).wasServed ? 'transfer' : 'restore');
  const opening = (at: number) => legal(at, touchesLive(problem, state, at) ? 'transfer' : 'split');
  const isDead = (at: number): boolean => !touchesLive(problem, state, at);
  for (const at of state.closes.filter(isReady)) yield* existing(closing(at));
  for (const at of state.opens) yield* existing(opening(at));
  for (const at of state.closes.filter(isDead)) yield* existing(closing(at));
}

function existing(state: SwitchingState | null): readonly SwitchingState[] {
  return state === null ? [] : [state];
}

/** Longer off for those who are transferred, but never short of room for one another. */
function openAllFirst(
  problem: RestorationProblem,
  start: SwitchingState,
  touched: ReadonlySet<number>,
): SwitchingState | null {
  let state: SwitchingState | null = start;
  for (const at of start.opens) state &&= move(problem, state, at, 'transfer', touched);
  return state;
}

/** One served part off and back again; what hangs deepest goes first. */
function transferOne(
  problem: RestorationProblem,
  state: SwitchingState,
  touched: ReadonlySet<number>,
): SwitchingState | null {
  for (const at of state.opens) {
    const behind = behindNow(problem, state, at);
    if (state.opens.some((other) => other !== at && touches(problem, other, behind))) continue;
    const opened = move(problem, state, at, 'transfer', touched);
    if (opened === null) continue;
    for (const close of opened.closes) {
      if (!touches(problem, close, behind) || !bringsLife(problem, opened, close)) continue;
      const closed = move(problem, opened, close, 'transfer', touched);
      if (closed !== null) return closed;
    }
  }
  return null;
}

/** The most urgent close that is legal now. */
function closeOne(
  problem: RestorationProblem,
  state: SwitchingState,
  touched: ReadonlySet<number>,
): SwitchingState | null {
  const ready = state.closes
    .filter((at) => bringsLife(problem, state, at))
    .map((at) => ({ at, gain: gainOf(problem, state, at) }))
    .sort(
      (a, b) =>
        b.gain.critical_W - a.gain.critical_W ||
        b.gain.important_W - a.gain.important_W ||
        b.gain.customers - a.gain.customers ||
        b.gain.active_W - a.gain.active_W ||
        a.at - b.at,
    );
  for (const { at, gain } of ready) {
    const closed = move(problem, state, at, gain.wasServed ? 'transfer' : 'restore', touched);
    if (closed !== null) return closed;
  }
  return null;
}

/** What a close would bring back. */
function gainOf(problem: RestorationProblem, state: SwitchingState, at: number) {
  const { values, isLive, network } = problem;
  const from = network.switchSectionFrom[at]!;
  const start = state.live[from] === 1 ? network.switchSectionTo[at]! : from;
  const gain = { critical_W: 0, important_W: 0, customers: 0, active_W: 0, wasServed: false };
  for (const section of deadSectionsAround(problem, state, start)) {
    gain.critical_W += values.critical_W[section]!;
    gain.important_W += values.important_W[section]!;
    gain.customers += values.customers[section]!;
    gain.active_W += values.active_W[section]!;
    if (isLive[section] === 1) gain.wasServed = true;
  }
  return gain;
}

/** Dead sections that hang together with one by closed switches. */
function deadSectionsAround(
  { network }: RestorationProblem,
  state: SwitchingState,
  start: number,
): readonly number[] {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const found = [start];
  const seen = new Set(found);
  for (const section of found) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (state.positions[at] !== CLOSED) continue;
      const from = switchSectionFrom[at]!;
      const far = from === section ? switchSectionTo[at]! : from;
      if (seen.has(far) || state.live[far] === 1) continue;
      seen.add(far);
      found.push(far);
    }
  }
  return found;
}

function behindNow(
  problem: RestorationProblem,
  state: SwitchingState,
  at: number,
): ReadonlySet<number> {
  const energisation = problem.judge.energise(lastKnown(problem, state.positions));
  return new Set(sectionsBehind(problem.network, energisation, at));
}

function touches(
  { network }: RestorationProblem,
  at: number,
  sections: ReadonlySet<number>,
): boolean {
  return sections.has(network.switchSectionFrom[at]!) || sections.has(network.switchSectionTo[at]!);
}

function touchesLive({ network }: RestorationProblem, state: SwitchingState, at: number): boolean {
  return (
    state.live[network.switchSectionFrom[at]!] === 1 ||
    state.live[network.switchSectionTo[at]!] === 1
  );
}

/** True where a close gives life to its dead side, from something that is live for sure. */
function bringsLife(problem: RestorationProblem, state: SwitchingState, at: number): boolean {
  const { switchSectionFrom, switchSectionTo } = problem.network;
  const isOnDead = state.live[switchSectionFrom[at]!] !== state.live[switchSectionTo[at]!];
  return isOnDead && !feedsFromDoubt(problem, state, at);
}
