import { CLOSED, UNKNOWN } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';

/** What a switch is to one search. */
export const ABSENT = 0;
/** Closed and stays so: joins its two sides for good. */
export const FIXED = 1;
/** Position not known: joins for what must stay dead, supplies nobody. */
export const LINK = 2;
/** The search decides. */
export const FREE = 3;

/**
 * Which switches one search decides. A wider ring opens more of the live feeders up; the rest of
 * the live network stays as it is and only lends its spare capacity.
 */
export interface Scope {
  /** Role by switch index. */
  readonly role: Uint8Array;
  /** The free switches, ascending. */
  readonly free: readonly number[];
  /** The switches of unknown position that may join what is not joined now, ascending. */
  readonly links: readonly number[];
  /** Sources whose trees can come into it: what hangs on others stays as it is. */
  readonly sources: ReadonlySet<number>;
  /** True where nothing that could be decided was left out. */
  readonly wholeGrid: boolean;
  /** By section: 1 where a dead one belongs to it; absent: all do. */
  readonly deadPart?: Uint8Array;
}

/**
 * Ring 0 decides the dead area and the switches around it. Ring r also decides the feeders that
 * r open switches lead to; beyond that they stand as they are.
 */
export function scopeOfRing(problem: RestorationProblem, ring: number): Scope {
  const { request } = problem;
  const groups = groupsOf(problem);
  const { opened, helping, all } = openedFeeders(
    problem,
    groups,
    request.options.noTransfer ? 0 : ring,
  );
  const sources = sourcesOf(problem, groups, new Set([...opened, ...helping]));
  const isOpened = (section: number): boolean => opened.has(groups.ofSection[section]!);
  return scopeWhere(problem, isOpened, sources, all || request.options.noTransfer);
}

/** Every switch on the trees of some sources that can be moved at all, as if there were no rings. */
export function scopeOfSources(problem: RestorationProblem, sources: ReadonlySet<number>): Scope {
  return scopeWhere(problem, () => !problem.request.options.noTransfer, sources, false);
}

/** @param isOpened - by section: true where live switches are decided as well. */
function scopeWhere(
  problem: RestorationProblem,
  isOpened: (section: number) => boolean,
  sources: ReadonlySet<number>,
  wholeGrid: boolean,
): Scope {
  const { network, positions, bars, request, now, liveAfterTrip } = problem;
  const role = new Uint8Array(network.switchCount);
  const free: number[] = [];
  const links: number[] = [];
  const loops = new Set(now.loopBranches);
  for (let at = 0; at < network.switchCount; at++) {
    const from = network.switchSectionFrom[at]!;
    const to = network.switchSectionTo[at]!;
    const closed = positions[at] === CLOSED;
    const live = problem.isLive[from] === 1 && problem.isLive[to] === 1;
    if (from === to || loops.has(network.firstSwitchBranch + at)) {
      role[at] = ABSENT;
    } else if (positions[at] === UNKNOWN) {
      // What hung on it after the trip goes on doing so; what else it joins is joined for the worse
      // only.
      const hung = liveAfterTrip[from] === 1 && liveAfterTrip[to] === 1;
      role[at] = hung && request.positionsNow[at] === CLOSED ? FIXED : LINK;
    } else if (bars[at] !== null) {
      role[at] = closed ? FIXED : ABSENT;
    } else if (!live) {
      role[at] = FREE;
    } else {
      role[at] = isOpened(from) || isOpened(to) ? FREE : closed ? FIXED : ABSENT;
    }
    if (role[at] === FREE) free.push(at);
    if (role[at] === LINK) links.push(at);
  }
  return { role, free, links, sources, wholeGrid };
}

/** Which feeder every section hangs on after the trip. */
interface FeederGroups {
  /** Feeder, or (behind all feeders) the source where it stands before every feeder head; −1 dead. */
  readonly ofSection: Int32Array;
  readonly sourceOf: ReadonlyMap<number, number>;
}

const groupsOfProblem = new WeakMap<RestorationProblem, FeederGroups>();

function groupsOf(problem: RestorationProblem): FeederGroups {
  const known = groupsOfProblem.get(problem);
  if (known !== undefined) return known;
  const { network, now } = problem;
  const ofSection = new Int32Array(network.sectionCount).fill(-1);
  const sourceOf = new Map<number, number>();
  for (let section = 0; section < network.sectionCount; section++) {
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    const source = now.nodeSource[node]!;
    if (source === -1) continue;
    const feeder = now.nodeFeeder[node]!;
    const group = feeder === -1 ? network.grid.feeders.length + source : feeder;
    ofSection[section] = group;
    sourceOf.set(group, source);
  }
  const groups = { ofSection, sourceOf };
  groupsOfProblem.set(problem, groups);
  return groups;
}

/**
 * Feeders whose own switches a ring decides: those that `ring` open switches lead to, and from
 * the second ring on those on the same source as one of them (relieving it helps them too).
 * `helping`: those one open switch further. `all`: no wider ring holds more, so nothing else can
 * matter to the plan.
 */
function openedFeeders(
  problem: RestorationProblem,
  groups: FeederGroups,
  ring: number,
): {
  readonly opened: ReadonlySet<number>;
  readonly helping: ReadonlySet<number>;
  readonly all: boolean;
} {
  const { sourceOf } = groups;
  const opened = new Set<number>();
  let next = neighbours(problem, groups, new Set([-1]), opened);
  for (let step = 0; step < ring && next.size > 0; step++) {
    for (const group of next) opened.add(group);
    next = neighbours(problem, groups, next, opened);
    if (next.size > 0) continue;
    const sources = new Set([...opened].map((group) => sourceOf.get(group)));
    for (const [group, source] of sourceOf) {
      if (sources.has(source) && !opened.has(group)) next.add(group);
    }
  }
  return {
    opened,
    helping: neighbours(problem, groups, new Set([-1, ...opened]), opened),
    all: next.size === 0,
  };
}

/**
 * Feeders that one usable open switch leads to, or one of unknown position: a feeder that may join
 * through it holds up a supply for as long as it is live itself.
 */
function neighbours(
  { network, positions, bars }: RestorationProblem,
  { ofSection }: FeederGroups,
  from: ReadonlySet<number>,
  known: ReadonlySet<number>,
): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at < network.switchCount; at++) {
    if (positions[at] === CLOSED || (bars[at] !== null && positions[at] !== UNKNOWN)) continue;
    const a = ofSection[network.switchSectionFrom[at]!]!;
    const b = ofSection[network.switchSectionTo[at]!]!;
    if (from.has(a) && b !== -1 && !known.has(b)) found.add(b);
    if (from.has(b) && a !== -1 && !known.has(a)) found.add(a);
  }
  return found;
}

/** Sources of the groups, and of whatever switches of unknown position may join to them. */
function sourcesOf(
  { network, now, request }: RestorationProblem,
  { sourceOf }: FeederGroups,
  groups: ReadonlySet<number>,
): ReadonlySet<number> {
  const sources = new Set<number>();
  for (const group of groups) sources.add(sourceOf.get(group)!);
  // Unknown switches part dead sections too, so all of them count as near.
  for (const at of request.options.untrusted) {
    const { from, to } = network.grid.switches[at]!;
    for (const node of [from, to]) {
      if (now.nodeSource[node] !== -1) sources.add(now.nodeSource[node]!);
    }
  }
  return new Set([...sources].sort((a, b) => a - b));
}
