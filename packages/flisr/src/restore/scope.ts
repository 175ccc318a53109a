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
  /** True where nothing that could be decided was left out. */
  readonly wholeGrid: boolean;
}

/**
 * Ring 0 decides the dead area and the switches around it. Ring r also decides the feeders that
 * r open switches lead to; beyond that they stand as they are.
 */
export function scopeOfRing(problem: RestorationProblem, ring: number): Scope {
  const { network, positions, bars, request, now } = problem;
  const { opened, all } = openedFeeders(problem, request.options.noTransfer ? 0 : ring);
  const role = new Uint8Array(network.switchCount);
  const free: number[] = [];
  const links: number[] = [];
  const loops = new Set(now.loopBranches);
  for (let at = 0; at < network.switchCount; at++) {
    const device = network.grid.switches[at]!;
    const from = network.switchSectionFrom[at]!;
    const to = network.switchSectionTo[at]!;
    const closed = positions[at] === CLOSED;
    const live = problem.isLive[from] === 1 && problem.isLive[to] === 1;
    if (from === to || loops.has(network.firstSwitchBranch + at)) {
      role[at] = ABSENT;
    } else if (positions[at] === UNKNOWN) {
      // What hangs on it now goes on doing so; what else it joins is joined for the worse only.
      role[at] = live && request.positionsNow[at] === CLOSED ? FIXED : LINK;
    } else if (bars[at] !== null) {
      role[at] = closed ? FIXED : ABSENT;
    } else if (!live) {
      role[at] = FREE;
    } else {
      const inside =
        opened.has(groupOf(problem, device.from)) || opened.has(groupOf(problem, device.to));
      role[at] = inside ? FREE : closed ? FIXED : ABSENT;
    }
    if (role[at] === FREE) free.push(at);
    if (role[at] === LINK) links.push(at);
  }
  return { role, free, links, wholeGrid: all || request.options.noTransfer };
}

/** Feeder of a live node, or its source where it stands before every feeder head; −1 dead. */
function groupOf({ network, now }: RestorationProblem, node: number): number {
  const source = now.nodeSource[node]!;
  if (source === -1) return -1;
  const feeder = now.nodeFeeder[node]!;
  return feeder === -1 ? network.grid.feeders.length + source : feeder;
}

/**
 * Feeders whose own switches a ring decides: those that `ring` open switches lead to, and from
 * the second ring on those on the same source as one of them (relieving it helps them too).
 * `all`: no wider ring holds more, so nothing else can matter to the plan.
 */
function openedFeeders(
  problem: RestorationProblem,
  ring: number,
): { readonly opened: ReadonlySet<number>; readonly all: boolean } {
  const sourceOf = groupSources(problem);
  const opened = new Set<number>();
  let next = neighbours(problem, new Set([-1]), opened);
  for (let step = 0; step < ring && next.size > 0; step++) {
    for (const group of next) opened.add(group);
    next = neighbours(problem, next, opened);
    if (next.size > 0) continue;
    const sources = new Set([...opened].map((group) => sourceOf.get(group)));
    for (const [group, source] of sourceOf) {
      if (sources.has(source) && !opened.has(group)) next.add(group);
    }
  }
  return { opened, all: next.size === 0 };
}

/** Source of every feeder that is live. */
function groupSources(problem: RestorationProblem): ReadonlyMap<number, number> {
  const sourceOf = new Map<number, number>();
  problem.now.nodeSource.forEach((source, node) => {
    if (source !== -1) sourceOf.set(groupOf(problem, node), source);
  });
  return sourceOf;
}

/** Feeders that one usable open switch leads to. */
function neighbours(
  problem: RestorationProblem,
  from: ReadonlySet<number>,
  known: ReadonlySet<number>,
): Set<number> {
  const { network, positions, bars } = problem;
  const found = new Set<number>();
  for (let at = 0; at < network.switchCount; at++) {
    if (positions[at] === CLOSED || bars[at] !== null) continue;
    const device = network.grid.switches[at]!;
    const a = groupOf(problem, device.from);
    const b = groupOf(problem, device.to);
    if (from.has(a) && b !== -1 && !known.has(b)) found.add(b);
    if (from.has(b) && a !== -1 && !known.has(a)) found.add(a);
  }
  return found;
}
