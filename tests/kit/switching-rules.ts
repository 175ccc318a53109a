import type { GridFile } from '@relight/contract';
import { strainOf, type Strain } from './limits.ts';
import { objectionsToPhases } from './phase-rules.ts';
import {
  carrying,
  independentLoops,
  knownClosed,
  liveNodes,
  moved,
  normalState,
  reach,
  servedNodes,
  sourceNodes,
  wayToSource,
  type SwitchingState,
} from './switching-state.ts';
import { trip, type Trip } from './trip.ts';

/** The request a plan answers, in ids. */
export interface PlanCase {
  readonly grid: GridFile;
  readonly faults: readonly string[];
  readonly stuck?: ReadonlySet<string>;
  readonly untrusted?: ReadonlySet<string>;
  readonly blocked?: ReadonlySet<string>;
  /** Nodes. */
  readonly keepDead?: ReadonlySet<string>;
  /** Nodes of conductors that were joined, their phase order not confirmed. */
  readonly phaseUnconfirmed?: ReadonlySet<string>;
  readonly coldLoadFactor?: number;
  /** Load expected over the repair as a multiple of the file's, by load id; one map an hour. */
  readonly hoursAhead?: readonly ReadonlyMap<string, number>[];
  /** The same for generators, in the same order; not named: as now, which is the file's. */
  readonly generationAhead?: readonly ReadonlyMap<string, number>[];
  readonly allowShedding?: boolean;
  readonly noTransfer?: boolean;
  readonly emergencyRatings?: boolean;
  /** A second phase by crews. */
  readonly includeManual?: boolean;
  /** Room beside every limit for the last digits of two load flows, as a share; 1e-5 if absent. */
  readonly room?: number;
}

/** A request after protection has done its part. */
export interface Situation {
  readonly asked: PlanCase;
  readonly before: SwitchingState;
  readonly trip: Trip;
  /** Loads of the outage come back this many times as large, by load id. */
  readonly loadFactor: ReadonlyMap<string, number>;
  /** Generators of the outage: they give nothing for the whole plan. */
  readonly generatorsOff: ReadonlySet<string>;
  /** How strained the grid is right after the trip. */
  readonly firstStrain: Strain;
}

export interface Move {
  readonly switch: string;
  readonly action: 'open' | 'close';
}

/** Something worse than it already was by less than this is not made worse. */
const NOT_WORSE = 1e-4;
/** Two load flows agree only so far. */
const ROUNDING = 1e-5;

export function situationOf(given: PlanCase): Situation {
  const islands = (given.grid.generators ?? []).filter((unit) => unit.canIsland === true);
  // A part that a generator may keep alive by itself is not joined to a live one.
  const keepDead = new Set([...(given.keepDead ?? []), ...islands.map(({ node }) => node)]);
  const asked = { ...given, keepDead };
  const before = normalState(asked.grid, asked.untrusted ?? new Set());
  const tripped = trip(before, asked.faults);
  const loadFactor = coldLoads(asked, before, tripped.after);
  const generatorsOff = generatorsOut(asked, tripped.after);
  const situation = { asked, before, trip: tripped, loadFactor, generatorsOff };
  return { ...situation, firstStrain: strainIn(situation, tripped.after) };
}

/** By the load of now, and every share in each hour ahead beside it. */
export function strainIn(
  { asked, loadFactor, generatorsOff }: Omit<Situation, 'before' | 'trip' | 'firstStrain'>,
  state: SwitchingState,
): Strain {
  const emergencyRatings = asked.emergencyRatings === true;
  const now = strainOf(state, { emergencyRatings, loadFactor, generatorsOff });
  const hours = (asked.hoursAhead ?? []).flatMap((factors, at) => {
    const given = [...(asked.generationAhead?.[at] ?? [])];
    const rises = given.some(([, share]) => share > 1);
    // What a generator gives on top of now may go at any moment.
    const atMostNow = given.map(([id, share]) => [id, Math.min(share, 1)] as const);
    return [atMostNow, ...(rises ? [given] : [])].map((shares) => {
      const generation = new Map(shares);
      return strainOf(state, { emergencyRatings, loadFactor: factors, generatorsOff, generation });
    });
  });
  if (hours.length === 0) return now;
  const shares = new Map(now.shares);
  hours.forEach((hour, at) => {
    for (const [what, share] of hour.shares) shares.set(`${what} in hour ${at + 1}`, share);
  });
  return { ...now, shares, solved: [now, ...hours].every(({ solved }) => solved) };
}

/** What speaks against a move in a state; empty if nothing. */
export function objectionsToMove(
  { asked, trip: { after, broken } }: Situation,
  now: SwitchingState,
  step: Move,
): readonly string[] {
  const each = (asked.grid.switches ?? []).find((other) => other.id === step.switch);
  if (each === undefined) return ['no such switch'];
  const reasons: string[] = [];
  if (asked.stuck?.has(each.id) || broken.has(each.id)) reasons.push('is stuck');
  if (asked.blocked?.has(each.id)) reasons.push('is blocked');
  if (asked.untrusted?.has(each.id)) reasons.push('its position is not known');
  if (each.remote !== true || each.kind === 'fuse') reasons.push('is not remote');
  if (now.closed.has(each.id) === (step.action === 'close')) reasons.push('is there already');
  if (each.kind === 'disconnector' || each.kind === 'sectionaliser') {
    const maybe = liveNodes(now, true);
    if (maybe.has(each.from) || maybe.has(each.to)) reasons.push('moves only dead');
    // Nor is a live part made dead for it: one with a live side cannot be used (formats.md).
    const first = liveNodes(after);
    if (first.has(each.from) || first.has(each.to)) reasons.push('had a live side after the trip');
  }
  if (step.action === 'close') {
    const others = carrying(now, true).filter((branch) => branch.id !== each.id);
    const near = reach([each.from], others);
    const far = reach([each.to], others);
    const isFed = (part: ReadonlySet<string>): boolean =>
      sourceNodes(now).some((source) => part.has(source));
    const joins = near.has(each.to) || (isFed(near) && isFed(far));
    const refusal = joins ? whyNoParallel(now, each) : null;
    if (refusal !== null) {
      reasons.push(
        `${near.has(each.to) ? 'may close a loop' : 'may join two sources'}: ${refusal}`,
      );
    }
  }
  if (step.action === 'close') {
    const next = moved(now, step.switch, 'close');
    const [isFed, willBeFed] = [liveNodes(now, true), liveNodes(next, true)];
    const [isLive, willBeLive] = [liveNodes(now), liveNodes(next)];
    const roused = [...(asked.keepDead ?? [])].find(
      (node) =>
        (!isFed.has(node) && willBeFed.has(node)) || (!isLive.has(node) && willBeLive.has(node)),
    );
    if (roused !== undefined) reasons.push(`gives life to what is kept dead: ${roused}`);
  }
  if (asked.phaseUnconfirmed !== undefined && asked.phaseUnconfirmed.size > 0) {
    reasons.push(...objectionsToPhases(now, step, asked.phaseUnconfirmed));
  }
  // A parallel stands for a moment only: what is done next parts it again.
  const parted = moved(now, step.switch, step.action);
  if (independentLoops(now) > 0 && independentLoops(parted) > 0) reasons.push('a parallel stands');
  if (asked.noTransfer === true && step.action === 'open' && liveNodes(now).has(each.from)) {
    if (now.closed.has(each.id)) reasons.push('opens a live switch');
  }
  return reasons;
}

/** Why two live sides may not be joined for a moment; null where they may. */
function whyNoParallel(
  now: SwitchingState,
  each: NonNullable<PlanCase['grid']['switches']>[number],
): string | null {
  if (each.parallelAllowed !== true) return 'not allowed here';
  if (independentLoops(now) > 0) return 'another one stands';
  const live = liveNodes(now);
  if (!live.has(each.from) || !live.has(each.to)) return 'a side is not known to be live';
  const part = reach([each.from, each.to], carrying(now));
  const doubtful = (now.grid.switches ?? []).some(
    ({ id, from, to }) => now.unknown.has(id) && (part.has(from) || part.has(to)),
  );
  if (doubtful) return 'a switch there is not known';
  if ((now.grid.generators ?? []).some((unit) => unit.canIsland && part.has(unit.node))) {
    return 'a generator may island';
  }
  const sources = now.grid.sources.filter(
    (source) => part.has(source.node) && !now.lost.has(source.id),
  );
  const groups = new Set(sources.map((source) => source.angleGroup ?? `own ${source.id}`));
  if (groups.size > 1) return 'sources of two angle groups';
  const shifts = [each.from, each.to].map((node) => shiftOf(now, node));
  if (shifts[0] !== shifts[1]) return 'another phase shift';
  const switches = (now.grid.switches ?? []).filter(({ id }) => now.closed.has(id));
  const [one, other] = [each.from, each.to].map((node) => reach([node], switches));
  const fixed = sources.filter(({ node }) => one?.has(node) === true || other?.has(node) === true);
  if (one?.has(each.to) === true || fixed.length > 1) return 'nothing limits its current';
  return null;
}

/** Phase shift between a node and its source, degrees from 0 to 360. */
function shiftOf(now: SwitchingState, node: string): number {
  const transformers = new Map((now.grid.transformers ?? []).map((each) => [each.id, each]));
  let at = node;
  let shift = 0;
  for (const branch of wayToSource(now, node) ?? []) {
    const own = transformers.get(branch.id)?.phaseShift_deg ?? 0;
    shift += branch.to === at ? own : -own;
    at = branch.from === at ? branch.to : branch.from;
  }
  return ((shift % 360) + 360) % 360;
}

/**
 * What may be live in a state and must not. Unknown switches count as closed. Something tagged
 * that hangs on a live part by nothing that can be opened is beyond any plan: there it is enough
 * that the plan gives life to no part joined to it.
 */
export function objectionsToLife(situation: Situation, state: SwitchingState): readonly string[] {
  const { asked, trip } = situation;
  const reasons: string[] = [];
  const maybe = liveNodes(state, true);
  const live = liveNodes(state);
  const firstLive = liveNodes(trip.after);
  const name = (what: string, nodes: Iterable<string>): void => {
    const [first] = [...nodes].filter((node) => maybe.has(node));
    if (first !== undefined) reasons.push(`${what} live: ${first}`);
  };
  name('the fault is', trip.faulted);
  const lost = asked.grid.sources.filter((source) => trip.after.lost.has(source.id));
  name(
    'a lost source that may return is',
    lost.map((source) => source.node),
  );
  for (const node of asked.keepDead ?? []) {
    if (firstLive.has(node)) continue;
    const fixed = carrying(trip.after, true).filter(
      (branch) => !canOpen(situation, branch.id, true),
    );
    const tied = reach([node], fixed);
    if (![...tied].some((each) => firstLive.has(each))) name('to be kept dead, but', [node]);
    // Through what was live after the trip nothing new comes to it.
    const ways = carrying(state, true).filter(
      ({ from, to }) => !firstLive.has(from) && !firstLive.has(to),
    );
    const part = reach([node], ways);
    const roused = [...part].find((each) => live.has(each) && !firstLive.has(each));
    if (roused !== undefined) reasons.push(`made live beside what is kept dead: ${roused}`);
  }
  return reasons;
}

/**
 * Why a close would supply somebody by an unknown switch; null where it does not. Only what was
 * opened by the plan may be closed again that way: what hung there hangs there again.
 */
export function feedsFromDoubt(
  { asked, trip }: Situation,
  now: SwitchingState,
  step: Move,
): string | null {
  const each = (asked.grid.switches ?? []).find((other) => other.id === step.switch);
  if (each === undefined || step.action !== 'close' || trip.after.closed.has(each.id)) return null;
  const live = liveNodes(now);
  if (live.has(each.from) === live.has(each.to)) return null;
  const sure = liveNodes({ ...now, closed: new Set(knownClosed(now)) });
  const near = live.has(each.from) ? each.from : each.to;
  return sure.has(near) ? null : `its live side hangs on an unknown switch: ${near}`;
}

/**
 * Nodes that may go dark though they were served after the trip, in the order in which it is tried:
 * nobody; then, where something live may feed the fault, who cannot be parted from it; then whoever
 * hangs on what may feed it. Each first as far as the fault is tied by unknown switches and such as
 * cannot be opened, then by dead-only ones as well that may have a live side.
 */
export function mayBeLost(situation: Situation): readonly ReadonlySet<string>[] {
  const { asked, trip } = situation;
  const nobody = new Set<string>();
  if (asked.noTransfer === true) return [nobody];
  const live = liveNodes(trip.after);
  const lost = asked.grid.sources.filter((source) => trip.after.lost.has(source.id));
  const bad = [...trip.faulted, ...lost.map((source) => source.node)];
  const tiedBy = (inDoubt: boolean): ReadonlySet<string> => {
    const fixed = carrying(trip.after, true).filter((way) => !canOpen(situation, way.id, inDoubt));
    return new Set([...reach(bad, fixed)].filter((node) => live.has(node)));
  };
  const own = tiedBy(false);
  const off = [own, tiedBy(true)].map((part) => fedBy(situation, part));
  const fast = off.map((nodes) => new Set([...own, ...tiedToTag(situation, nodes)]));
  return [nobody, ...[...fast, ...off].filter(({ size }) => size > 0)];
}

/** Of nodes that are switched off, those that hang on something kept dead by what cannot be opened. */
function tiedToTag(situation: Situation, off: ReadonlySet<string>): readonly string[] {
  const { asked, trip } = situation;
  const live = liveNodes(trip.after);
  const isDead = (node: string): boolean => !live.has(node) || off.has(node);
  const fixed = carrying(trip.after, true).filter(
    ({ id, from, to }) => !canOpen(situation, id, false) && isDead(from) && isDead(to),
  );
  const tied = reach([...(asked.keepDead ?? [])].filter(isDead), fixed);
  return [...tied].filter((node) => off.has(node));
}

/**
 * True for a switch of known position that may be opened after the trip.
 * @param inDoubt - true: one that moves only dead must be dead for sure.
 */
function canOpen({ asked, trip }: Situation, id: string, inDoubt: boolean): boolean {
  const each = (asked.grid.switches ?? []).find((other) => other.id === id);
  if (each === undefined || each.remote !== true || each.kind === 'fuse') return false;
  if (asked.stuck?.has(id) || asked.blocked?.has(id) || asked.untrusted?.has(id)) return false;
  if (trip.broken.has(id)) return false;
  if (each.kind !== 'disconnector' && each.kind !== 'sectionaliser') return true;
  const live = liveNodes(trip.after, inDoubt);
  return !live.has(each.from) && !live.has(each.to);
}

/**
 * What speaks against a state, limits and life where none may be apart; empty if nothing.
 * @param loops - that may stand: 1 after a close that makes a permitted parallel.
 */
export function objectionsToState(
  { asked, before }: Situation,
  state: SwitchingState,
  loops = 0,
): readonly string[] {
  const reasons: string[] = [];
  const live = liveNodes(state);
  const wasLive = liveNodes(before);
  const [intruder] = [...live].filter((node) => !wasLive.has(node));
  if (intruder !== undefined) reasons.push(`was dark before the fault: ${intruder}`);
  if (independentLoops(state) > loops) reasons.push('a loop or two sources joined');
  const nominal = new Map(asked.grid.nodes.map((node) => [node.id, node.nominalVoltage_kV]));
  const kV = (node: string): number => nominal.get(node) ?? 0;
  for (const transformer of asked.grid.transformers ?? []) {
    const { from, to } = transformer;
    const [high, low] = kV(from) >= kV(to) ? [from, to] : [to, from];
    const way = live.has(high) ? wayToSource(state, high) : null;
    if (kV(high) > kV(low) && way?.[0]?.id === transformer.id) {
      reasons.push(`fed from its low side: ${transformer.id}`);
    }
  }
  return reasons;
}

/** Limits exceeded in a state while generators that were switched off on the way give nothing yet. */
export function exceededWithout(
  situation: Situation,
  state: SwitchingState,
  off: ReadonlySet<string>,
): readonly string[] {
  if (off.size === 0) return [];
  const asked = { ...situation.asked, hoursAhead: [] };
  const generatorsOff = new Set([...situation.generatorsOff, ...off]);
  return exceeded(situation, strainIn({ ...situation, asked, generatorsOff }, state));
}

/** Limits exceeded in a state, and more than they were after the trip. */
export function exceeded({ asked, firstStrain }: Situation, now: Strain): readonly string[] {
  const room = asked.room ?? ROUNDING;
  if (!now.solved) return firstStrain.solved ? ['the load flow has no solution'] : [];
  return [...now.shares]
    .filter(([what, share]) => {
      const earlier = firstStrain.shares.get(what) ?? 0;
      return share > 1 + room && share > earlier * (1 + NOT_WORSE + room);
    })
    .map(([what, share]) => `${what}: ${(100 * share).toFixed(3)} % of what is allowed`);
}

/**
 * Nobody served after the trip may be dark at the end, but whom `mayLose` names; with shedding
 * allowed, nobody critical. Critical load never.
 */
export function objectionsToEnd(
  { asked, trip }: Situation,
  end: SwitchingState,
  mayLose: ReadonlySet<string>,
): readonly string[] {
  const servedBefore = liveNodes(trip.after);
  const servedAtEnd = servedNodes(end, trip.after);
  return (asked.grid.loads ?? [])
    .filter((load) => servedBefore.has(load.node) && !servedAtEnd.has(load.node))
    .filter(
      ({ node, priority }) =>
        priority === 'critical' || !(asked.allowShedding === true || mayLose.has(node)),
    )
    .map((load) => `served after the trip, dark at the end: ${load.id}`);
}

/** What is live after the trip and loses supply where all of a part is switched off. */
function fedBy({ trip: { after } }: Situation, part: ReadonlySet<string>): ReadonlySet<string> {
  const kept = reach(
    sourceNodes(after).filter((node) => !part.has(node)),
    carrying(after).filter(({ from, to }) => !part.has(from) && !part.has(to)),
  );
  return new Set([...liveNodes(after)].filter((node) => !kept.has(node)));
}

function coldLoads(
  asked: PlanCase,
  before: SwitchingState,
  after: SwitchingState,
): ReadonlyMap<string, number> {
  const wasLive = liveNodes(before);
  const stillLive = liveNodes(after);
  const inOutage = (asked.grid.loads ?? []).filter(
    (load) => wasLive.has(load.node) && !stillLive.has(load.node),
  );
  return new Map(inOutage.map((load) => [load.id, asked.coldLoadFactor ?? 1]));
}

function generatorsOut({ grid }: PlanCase, after: SwitchingState): ReadonlySet<string> {
  const live = liveNodes(after);
  const out = (grid.generators ?? []).filter(({ node }) => !live.has(node));
  return new Set(out.map(({ id }) => id));
}
