import { CLOSED, UNKNOWN } from '@relight/topology';
import { uint8 } from './columns.ts';
import type { RestorationProblem } from './problem.ts';
import { reachAll } from './reach.ts';
import {
  sectionsOnSource,
  sectionsOnSources,
  sourceOfSection,
  switchesAt,
} from './tree-sections.ts';

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
  /** Role by switch index; means nothing of switches at none of the sections. */
  readonly role: Uint8Array;
  /** Sections that are dead or hang on the sources, ascending. */
  readonly sections: Int32Array;
  /** The free switches, ascending. */
  readonly free: readonly number[];
  /** The switches of unknown position that may join what is not joined now, ascending. */
  readonly links: readonly number[];
  /** Sources whose trees can come into it: what hangs on others stays as it is. */
  readonly sources: ReadonlySet<number>;
  /** True where nothing that could be decided was left out. */
  readonly wholeGrid: boolean;
}

/**
 * Ring 0 decides the dead area and the switches around it. Ring r also decides the feeders that
 * r open switches lead to; beyond that they stand as they are.
 */
export function scopeOfRing(problem: RestorationProblem, ring: number): Scope {
  const { noTransfer } = problem.request.options;
  const { opened, helping, all } = openedFeeders(problem, noTransfer ? 0 : ring);
  const sources = sourcesOf(problem, [...opened.values(), ...helping.values()]);
  const isOpened = (section: number): boolean => opened.has(groupOf(problem, section));
  return scopeWhere(problem, isOpened, sources, all || noTransfer);
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
  const sections = sectionsOnSources(problem, [-1, ...sources]);
  const role = uint8(network.switchCount);
  const free: number[] = [];
  const links: number[] = [];
  const loops = new Set(now.loopBranches);
  // What is joined by a switch of unknown position may lie anywhere.
  const near =
    request.options.untrusted.size > 0 ? reachAll(network).switches : switchesAt(problem, sections);
  for (let k = 0; k < near.length; k++) {
    const at = near[k]!;
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
    } else if (bars.of(at) !== null) {
      role[at] = closed ? FIXED : ABSENT;
    } else if (!live) {
      role[at] = FREE;
    } else {
      role[at] = isOpened(from) || isOpened(to) ? FREE : closed ? FIXED : ABSENT;
    }
    if (role[at] === FREE) free.push(at);
    if (role[at] === LINK) links.push(at);
  }
  return { role, sections, free, links, sources, wholeGrid };
}

/**
 * Which feeder a section hangs on after the trip, or (behind all feeders) the source where it stands
 * before every feeder head; −1 dead.
 */
function groupOf(problem: RestorationProblem, section: number): number {
  const source = sourceOfSection(problem, section);
  if (source === -1) return -1;
  const { network, now } = problem;
  const feeder = now.nodeFeeder[network.sectionNodes[network.sectionStart[section]!]!]!;
  return feeder === -1 ? network.grid.feeders.length + source : feeder;
}

/** Feeders, each with its source. */
type Groups = Map<number, number>;

const OUTAGE: Readonly<[number, number]> = [-1, -1];

/**
 * Feeders whose own switches a ring decides: those that `ring` open switches lead to, and from
 * the second ring on those on the same source as one of them (relieving it helps them too).
 * `helping`: those one open switch further. `all`: no wider ring holds more, so nothing else can
 * matter to the plan.
 */
function openedFeeders(
  problem: RestorationProblem,
  ring: number,
): {
  readonly opened: ReadonlyMap<number, number>;
  readonly helping: ReadonlyMap<number, number>;
  readonly all: boolean;
} {
  const opened: Groups = new Map();
  let next = neighbours(problem, new Map([OUTAGE]), opened);
  for (let step = 0; step < ring && next.size > 0; step++) {
    for (const [group, source] of next) opened.set(group, source);
    next = neighbours(problem, next, opened);
    if (next.size > 0) continue;
    for (const source of new Set(opened.values())) {
      for (const section of sectionsOnSource(problem, source)) {
        const group = groupOf(problem, section);
        if (!opened.has(group)) next.set(group, source);
      }
    }
  }
  return {
    opened,
    helping: neighbours(problem, new Map([OUTAGE, ...opened]), opened),
    all: next.size === 0,
  };
}

/**
 * Feeders that one usable open switch leads to, or one of unknown position: a feeder that may join
 * through it holds up a supply for as long as it is live itself.
 */
function neighbours(
  problem: RestorationProblem,
  from: ReadonlyMap<number, number>,
  known: ReadonlyMap<number, number>,
): Groups {
  const { network, positions, bars } = problem;
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const found: Groups = new Map();
  for (const source of new Set(from.values())) {
    for (const section of sectionsOnSource(problem, source)) {
      if (!from.has(groupOf(problem, section))) continue;
      const end = sectionSwitchStart[section + 1]!;
      for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
        const at = sectionSwitches[entry]!;
        if (positions[at] === CLOSED || (bars.of(at) !== null && positions[at] !== UNKNOWN))
          continue;
        const near = switchSectionFrom[at]!;
        const far = near === section ? switchSectionTo[at]! : near;
        const group = groupOf(problem, far);
        if (group !== -1 && !known.has(group)) found.set(group, sourceOfSection(problem, far));
      }
    }
  }
  return found;
}

/** These sources, and those of whatever switches of unknown position may join to them. */
function sourcesOf(
  { network, now, request }: RestorationProblem,
  near: readonly number[],
): ReadonlySet<number> {
  const sources = new Set(near);
  // Unknown switches part dead sections too, so all of them count as near.
  for (const at of request.options.untrusted) {
    const { from, to } = network.grid.switches[at]!;
    for (const node of [from, to]) {
      if (now.nodeSource[node] !== -1) sources.add(now.nodeSource[node]!);
    }
  }
  return new Set([...sources].sort((a, b) => a - b));
}
