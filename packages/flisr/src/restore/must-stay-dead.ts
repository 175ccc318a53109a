import type { RejectionKind } from '@relight/contract';
import { CLOSED, UNKNOWN, type Energisation, type Network } from '@relight/topology';
import type { PlanRequest } from '../plan-request.ts';
import type { Bar } from './switch-permission.ts';

/** Why a section may not be energised. `dark` was dead before the fault already. */
export type DeadReason = Extract<RejectionKind, 'fault' | 'tag' | 'earth' | 'source'> | 'dark';

export interface MustStayDead {
  /** By section; null = may be live. */
  readonly reason: readonly (DeadReason | null)[];
  /** Switch that ties the section to what must stay dead, −1 where it is that itself. */
  readonly tiedBy: Int32Array;
}

/**
 * The sections that no plan may energise: the faulted ones, tagged, earthed, those of a lost
 * source (it may return at any moment), those dark before the fault; and whatever hangs on one of
 * them by a switch that cannot be opened or whose position is not known.
 */
export function mustStayDead(
  request: PlanRequest,
  before: Energisation,
  now: Energisation,
  positions: Uint8Array,
  bars: readonly Bar[],
): MustStayDead {
  const { network, options } = request;
  const { grid, nodeSection, sectionCount } = network;
  const reason: (DeadReason | null)[] = Array.from({ length: sectionCount }, () => null);
  const tiedBy = new Int32Array(sectionCount).fill(-1);
  const queue: number[] = [];
  const add = (section: number, why: DeadReason): void => {
    if (section < 0 || reason[section] !== null) return;
    reason[section] = why;
    queue.push(section);
  };

  for (const section of request.faultedSections) add(section, 'fault');
  const dead = (node: number): boolean => now.nodeSource[node] === -1;
  for (const source of request.lostSources) {
    const node = network.sourceNode[source] ?? -1;
    if (dead(node)) add(nodeSection[node] ?? -1, 'source');
  }
  for (const earth of grid.groundDisconnectors) {
    if (earth.closed && dead(earth.node)) add(nodeSection[earth.node] ?? -1, 'earth');
  }
  for (const node of [...options.keepDead].sort((a, b) => a - b)) {
    if (dead(node)) add(nodeSection[node] ?? -1, 'tag');
  }
  // What was dark before needs no closure: the switches around it are left as they are.
  spreadThroughFixed(network, positions, bars, queue, reason, tiedBy);
  for (let section = 0; section < sectionCount; section++) {
    const node = network.sectionNodes[network.sectionStart[section] ?? 0] ?? -1;
    if (reason[section] === null && before.nodeSource[node] === -1 && dead(node)) {
      reason[section] = 'dark';
    }
  }
  return { reason, tiedBy };
}

function spreadThroughFixed(
  network: Network,
  positions: Uint8Array,
  bars: readonly Bar[],
  queue: number[],
  reason: (DeadReason | null)[],
  tiedBy: Int32Array,
): void {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  for (const section of queue) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      const joins = positions[at] === UNKNOWN || (positions[at] === CLOSED && bars[at] !== null);
      if (!joins) continue;
      const from = switchSectionFrom[at]!;
      const far = from === section ? switchSectionTo[at]! : from;
      if (reason[far] !== null) continue;
      reason[far] = reason[section]!;
      tiedBy[far] = at;
      queue.push(far);
    }
  }
}
