import type { StepPurpose } from '@relight/contract';
import { CLOSED, OPEN, type Energisation } from '@relight/topology';
import { connectedTo } from './held-dead.ts';
import { lastKnown } from './last-known.ts';
import { isKeptDead } from './must-stay-dead.ts';
import { newlyFedByTie } from './phase-order.ts';
import { movesOnlyDead } from './switch-permission.ts';
import type { RestorationProblem } from './problem.ts';
import type { JudgedState } from './state-judge.ts';

/** One switching step with the state it leads to. */
export interface SequencedStep {
  readonly at: number;
  readonly action: 'open' | 'close';
  readonly purpose: StepPurpose;
  readonly restoresCustomers: number;
  readonly restores_W: number;
  readonly interruptsCustomers: number;
  readonly after: JudgedState;
}

/** A state on the way, with the steps that led to it and the moves still to make. */
export interface SwitchingState {
  readonly positions: Uint8Array;
  /** By section: live with the positions as last known. */
  readonly live: Uint8Array;
  /** By section: counts as served. */
  readonly served: Uint8Array;
  readonly judged: JudgedState;
  readonly steps: readonly SequencedStep[];
  readonly opens: readonly number[];
  readonly closes: readonly number[];
}

/** By section: 1 where it is live. */
export function liveSections(problem: RestorationProblem, state: Energisation): Uint8Array {
  const { sectionNodes, sectionStart } = problem.network;
  const { sections } = problem.reach;
  const live = problem.isLive.slice();
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    live[section] = state.nodeSource[sectionNodes[sectionStart[section]!]!] === -1 ? 0 : 1;
  }
  return live;
}

/**
 * By section: 1 where it counts as served: live by switches that are known to be closed, or live
 * with the positions as last known where it was only so after the trip already.
 */
function servedSections(
  problem: RestorationProblem,
  positions: Uint8Array,
  live: Uint8Array,
): Uint8Array {
  if (problem.request.options.untrusted.size === 0) return live;
  const sure = liveSections(problem, problem.judge.energise(positions));
  return sure.map((served, section) =>
    served === 1 || (live[section] === 1 && problem.doubtfulAfterTrip[section] === 1) ? 1 : 0,
  );
}

/** By section: 1 where it counts as served in a final state. */
export function servedAt(problem: RestorationProblem, final: Uint8Array): Uint8Array {
  const known = lastKnown(problem, final);
  const live = liveSections(problem, problem.judge.energise(known));
  return servedSections(problem, final, live);
}

/** Sources whose trees differ between the state after the trip and a final one. */
export function touchedSources(
  problem: RestorationProblem,
  final: Uint8Array,
): ReadonlySet<number> {
  const known = lastKnown(problem, final);
  const after = problem.judge.energise(known);
  const touched = new Set<number>();
  const { switches } = problem.reach;
  const { positionsNow, widened } = problem.request;
  const afterTrip = widened?.positionsAfterTrip ?? positionsNow;
  for (let k = 0; k < switches.length; k++) {
    const at = switches[k]!;
    if (known[at] === afterTrip[at] && known[at] === positionsNow[at]) continue;
    const { from, to } = problem.network.grid.switches[at]!;
    for (const node of [from, to]) {
      touched.add(problem.now.nodeSource[node]!);
      touched.add(after.nodeSource[node]!);
    }
  }
  touched.delete(-1);
  return touched;
}

/** The state after the trip, with every move that leads to the final one. */
export function startOf(
  problem: RestorationProblem,
  final: Uint8Array,
  touched: ReadonlySet<number>,
): SwitchingState {
  const { positions, judge } = problem;
  const known = lastKnown(problem, positions);
  const judged = judge.judge(known, touched);
  const opens: number[] = [];
  const closes: number[] = [];
  const { switches } = problem.reach;
  for (let k = 0; k < switches.length; k++) {
    const at = switches[k]!;
    if (final[at] === positions[at]) continue;
    (final[at] === OPEN ? opens : closes).push(at);
  }
  return {
    positions,
    live: problem.isLive,
    served: servedSections(problem, positions, problem.isLive),
    judged,
    steps: [],
    opens,
    closes,
  };
}

/**
 * Moves one switch; null where the state after it breaks a limit, closes a loop, energises
 * what must stay dead or needs a phase order that nobody has confirmed.
 * @param loops - loops that the state after it may hold beside those there were after the trip.
 */
export function move(
  problem: RestorationProblem,
  state: SwitchingState,
  at: number,
  purpose: StepPurpose,
  touched: ReadonlySet<number>,
  loops = 0,
): SwitchingState | null {
  const closing = state.closes.includes(at);
  const positions = state.positions.slice();
  positions[at] = closing ? CLOSED : OPEN;
  if (movesOnlyDead(problem.network.grid.switches[at]!) && mayBeLiveAt(problem, state, at)) {
    return null;
  }
  if (closing && loops === 0 && mayJoinLive(problem, positions, at)) return null;
  if (closing && mayRouseTagged(problem, state.positions, positions)) return null;
  if (newlyFedByTie(problem, state.positions, positions) !== -1) return null;
  const known = lastKnown(problem, positions);
  const energisation = problem.judge.energise(known);
  if (energisation.loopBranches.length > problem.now.loopBranches.length + loops) return null;
  const live = liveSections(problem, energisation);
  const device = problem.network.grid.switches[at]!;
  const carries = energisation.nodeSource[device.from] !== -1 || isLiveAt(problem, state, at);
  let changes = carries;
  const { sections } = problem.reach;
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    if (live[section] !== state.live[section]) changes = true;
    if (live[section] === 0) continue;
    if (problem.isLive[section] === 0 && problem.stayDead.reason.has(section)) return null;
    // Live after the trip, it may stay so; once off it is given life by nobody.
    if (problem.tagged[section] === 1 && state.live[section] === 0) return null;
  }
  const judged = changes ? problem.judge.judge(known, touched) : state.judged;
  if (judged.violation !== null) return null;

  const served = changes ? servedSections(problem, positions, live) : state.served;
  const step = describe(problem, state, served, at, closing, purpose, judged);
  return {
    positions,
    live,
    served,
    judged,
    steps: [...state.steps, step],
    opens: closing ? state.opens : state.opens.filter((other) => other !== at),
    closes: closing ? state.closes.filter((other) => other !== at) : state.closes,
  };
}

/**
 * True where closing a switch may close a loop or join two live parts, taking those of unknown
 * position for closed.
 */
function mayJoinLive(problem: RestorationProblem, positions: Uint8Array, at: number): boolean {
  const { network, request } = problem;
  if (request.options.untrusted.size === 0) return false;
  const others = positions.slice();
  others[at] = OPEN;
  const from = connectedTo(problem, others, [network.switchSectionFrom[at]!]);
  if (from[network.switchSectionTo[at]!] === 1) return true;
  const to = connectedTo(problem, others, [network.switchSectionTo[at]!]);
  return isFed(problem, from) && isFed(problem, to);
}

/**
 * True where something that is kept dead was dead for sure before a close and may be live after it,
 * through switches of unknown position: it may have been live after the trip, but the plan has
 * switched it off since, and does not give life to it again.
 */
function mayRouseTagged(
  { network, request, stayDead, tagged }: RestorationProblem,
  before: Uint8Array,
  after: Uint8Array,
): boolean {
  if (request.options.untrusted.size === 0) return false;
  const held = tagged.map((is, section) => is | +isKeptDead(stayDead.reason.get(section)));
  if (!held.includes(1)) return false;
  const roots = [...network.sourceNode]
    .filter((_, source) => !request.lostSources.includes(source))
    .map((node) => network.nodeSection[node]!);
  const wasFed = connectedTo({ network }, before, roots);
  const isFedNow = connectedTo({ network }, after, roots);
  return held.some((is, section) => is === 1 && wasFed[section] === 0 && isFedNow[section] === 1);
}

/** True for an open switch that fed something after the trip: closing it gives back what it fed. */
export function wasOpenedSince({ request }: RestorationProblem, at: number): boolean {
  const { positionsNow, widened } = request;
  return widened?.positionsAfterTrip[at] === CLOSED && positionsNow[at] === OPEN;
}

/**
 * True where closing a switch would supply its dead side from what hangs on a switch of unknown
 * position, and does not give that side back what it hung on after the trip.
 */
export function feedsFromDoubt(
  problem: RestorationProblem,
  state: SwitchingState,
  at: number,
): boolean {
  const { network, request, judge } = problem;
  if (request.options.untrusted.size === 0 || wasOpenedSince(problem, at)) return false;
  const sure = liveSections(problem, judge.energise(state.positions));
  const ends = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!];
  return ends.some((end) => state.live[end] === 1) && ends.every((end) => sure[end] === 0);
}

/** True where a side of a switch is live, or may be through switches of unknown position. */
function mayBeLiveAt(problem: RestorationProblem, state: SwitchingState, at: number): boolean {
  const { network, request } = problem;
  if (isLiveAt(problem, state, at)) return true;
  if (request.options.untrusted.size === 0) return false;
  const ends = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!];
  return ends.some((end) => isFed(problem, connectedTo(problem, state.positions, [end])));
}

/** True where a part holds a source that supplies. */
function isFed({ network, request }: RestorationProblem, part: Uint8Array): boolean {
  return network.sourceNode.some(
    (node, source) =>
      !request.lostSources.includes(source) && part[network.nodeSection[node]!] === 1,
  );
}

function isLiveAt({ network }: RestorationProblem, state: SwitchingState, at: number): boolean {
  return (
    state.live[network.switchSectionFrom[at]!] === 1 ||
    state.live[network.switchSectionTo[at]!] === 1
  );
}

function describe(
  { values, wasLive, reach }: RestorationProblem,
  before: SwitchingState,
  served: Uint8Array,
  at: number,
  closing: boolean,
  purpose: StepPurpose,
  after: JudgedState,
): SequencedStep {
  let restoresCustomers = 0;
  let restores_W = 0;
  let interruptsCustomers = 0;
  for (let k = 0; k < reach.sections.length; k++) {
    const section = reach.sections[k]!;
    if (served[section] === before.served[section] || wasLive[section] === 0) continue;
    if (served[section] === 1) {
      restoresCustomers += values.customers[section]!;
      restores_W += values.active_W[section]!;
    } else interruptsCustomers += values.customers[section]!;
  }
  return {
    at,
    action: closing ? 'close' : 'open',
    purpose,
    restoresCustomers,
    restores_W,
    interruptsCustomers,
    after,
  };
}

/** A final state as it stands, over the trees the plan touches. */
export function endOf(
  problem: RestorationProblem,
  final: Uint8Array,
): Pick<SwitchingState, 'live' | 'served' | 'judged'> {
  const known = lastKnown(problem, final);
  const touched = touchedSources(problem, final);
  const energisation = problem.judge.energise(known);
  const live = liveSections(problem, energisation);
  const judged = problem.judge.judge(known, touched);
  return { live, served: servedSections(problem, final, live), judged };
}
