import type { RejectionKind } from '@relight/contract';
import { CLOSED, UNKNOWN, type Energisation, type Network } from '@relight/topology';
import type { PlanRequest } from '../plan-request.ts';
import { int32Of } from './columns.ts';
import { factsOf } from './network-facts.ts';
import { movesOnlyDead, type Bars } from './switch-permission.ts';

/** Why a section may not be energised. `dark` was dead before the fault already. */
export type DeadReason =
  | Extract<RejectionKind, 'fault' | 'tag' | 'earth' | 'source' | 'generator'>
  | 'dark';

/**
 * True for what is kept dead for its own sake and feeds nothing: tagged, earthed, or with a generator
 * that may carry it as an island. What of it is live already is left as it is.
 */
export function isKeptDead(reason: DeadReason | undefined): boolean {
  return reason === 'tag' || reason === 'earth' || reason === 'generator';
}

export interface MustStayDead {
  /** Those that have a reason other than `dark`, ascending. */
  readonly sections: Int32Array;
  /** By section; of those that may be live there is none. */
  readonly reason: ReadonlyMap<number, DeadReason>;
  /** By section, the switch that ties it to what must stay dead; none where it is that itself. */
  readonly tiedBy: ReadonlyMap<number, number>;
  /**
   * True where one of them may be live now through a switch of unknown position: a plan without
   * the moves that cut it off is none.
   */
  readonly mayBeLive: boolean;
  /**
   * Sections kept dead for their own sake that may be live now through nothing that can be
   * opened: no plan makes that better or worse.
   */
  readonly tiedToLive: ReadonlySet<number>;
}

/** The state after the trip, as it bears on what must stay dead. */
interface AfterTrip {
  /** With the positions as last known. */
  readonly now: Energisation;
  /** By node: 1 where it may be live through switches of unknown position. */
  readonly maybeLive: Uint8Array;
  readonly positions: Uint8Array;
  readonly bars: Bars;
  /** Sections that are dead, ascending. */
  readonly deadSections: Int32Array;
  /** By section: live before the fault. */
  readonly wasLive: Uint8Array;
}

/**
 * The sections that no plan may energise: the faulted ones, tagged, earthed, those with a generator
 * that may carry them as an island (to close onto one would join two live parts unsynchronised), those
 * of a lost source (it may return at any moment), those dark before the fault; and whatever hangs on one of
 * them by a switch that cannot be opened or whose position is not known. A fault or a lost source
 * may reach into what is live that way: then there is no plan (see `cannotKeepDead`).
 */
export function mustStayDead(
  request: PlanRequest,
  { now, maybeLive, positions, bars, deadSections, wasLive }: AfterTrip,
): MustStayDead {
  const { network, options } = request;
  const { grid, nodeSection } = network;
  const { earthed } = factsOf(network);
  const reason = new Map<number, DeadReason>();
  const tiedBy = new Map<number, number>();
  const queue: number[] = [];
  const found: number[] = [];
  const add = (section: number, why: DeadReason): void => {
    if (section < 0 || reason.has(section)) return;
    reason.set(section, why);
    queue.push(section);
  };

  const dead = (node: number): boolean => now.nodeSource[node] === -1;
  const graph = { network, positions, bars, queue, found, reason, tiedBy };
  for (const section of request.faultedSections) add(section, 'fault');
  for (const source of request.lostSources) {
    const node = network.sourceNode[source] ?? -1;
    if (dead(node)) add(nodeSection[node] ?? -1, 'source');
  }
  // First, and without regard to what is live: what a fault may be live through is refused.
  spreadThroughFixed(graph, () => true);
  for (const node of earthed) if (dead(node)) add(nodeSection[node] ?? -1, 'earth');
  for (const node of [...options.keepDead].sort((a, b) => a - b)) {
    if (dead(node)) add(nodeSection[node] ?? -1, 'tag');
  }
  for (const { canIsland, node } of grid.generators) {
    if (canIsland && dead(node)) add(nodeSection[node] ?? -1, 'generator');
  }
  // What is live already is not made so by the plan, wherever an unknown switch leads from it.
  spreadThroughFixed(graph, dead);
  // What was dark before needs no closure: the switches around it are left as they are.
  for (const section of deadSections) {
    if (!reason.has(section) && wasLive[section] === 0) reason.set(section, 'dark');
  }
  const tiedToLive = new Set<number>();
  let mayBeLive = false;
  for (const section of found) {
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    if (maybeLive[node] === 0) continue;
    if (isKeptDead(reason.get(section)) && isTiedToLive(graph, section, dead, maybeLive)) {
      tiedToLive.add(section);
    } else mayBeLive = true;
  }
  return { sections: ascending(found), reason, tiedBy, mayBeLive, tiedToLive };
}

function ascending(sections: readonly number[]): Int32Array {
  return int32Of(sections).sort();
}

/**
 * True where nothing that can be opened stands between the section and something live: neither can
 * a switch that moves only dead and may have a live side.
 */
function isTiedToLive(
  { network, positions, bars }: Spread,
  start: number,
  dead: (node: number) => boolean,
  maybeLive: Uint8Array,
): boolean {
  const found = new Set([start]);
  for (const section of found) {
    if (!dead(network.sectionNodes[network.sectionStart[section]!]!)) return true;
    const end = network.sectionSwitchStart[section + 1]!;
    for (let entry = network.sectionSwitchStart[section]!; entry < end; entry++) {
      const at = network.sectionSwitches[entry]!;
      const isFast =
        joinsForGood(positions, bars, at) || isDoubtful(network, positions, maybeLive, at);
      if (!isFast) continue;
      found.add(network.switchSectionFrom[at]!);
      found.add(network.switchSectionTo[at]!);
    }
  }
  return false;
}

/** True for a closed switch that moves only dead, and may have a live side. */
export function isDoubtful(
  { grid }: Network,
  positions: Uint8Array,
  maybeLive: Uint8Array,
  at: number,
): boolean {
  const device = grid.switches[at]!;
  const isLive = maybeLive[device.from] === 1 || maybeLive[device.to] === 1;
  return positions[at] === CLOSED && movesOnlyDead(device) && isLive;
}

/** True for a switch that joins its sides for what must stay dead, whatever a plan does. */
export function joinsForGood(positions: Uint8Array, bars: Bars, at: number): boolean {
  return positions[at] === UNKNOWN || (positions[at] === CLOSED && bars.of(at) !== null);
}

interface Spread {
  readonly network: Network;
  readonly positions: Uint8Array;
  readonly bars: Bars;
  /** Sections to go on from; emptied into those found. */
  readonly queue: number[];
  readonly found: number[];
  readonly reason: Map<number, DeadReason>;
  readonly tiedBy: Map<number, number>;
}

function spreadThroughFixed(
  { network, positions, bars, queue, found, reason, tiedBy }: Spread,
  reaches: (node: number) => boolean,
): void {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  for (const section of queue) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (!joinsForGood(positions, bars, at)) continue;
      const from = switchSectionFrom[at]!;
      const far = from === section ? switchSectionTo[at]! : from;
      if (reason.has(far) || !reaches(network.sectionNodes[network.sectionStart[far]!]!)) {
        continue;
      }
      reason.set(far, reason.get(section)!);
      tiedBy.set(far, at);
      queue.push(far);
    }
  }
  for (const section of queue) found.push(section);
  queue.length = 0;
}
