import type { RejectionKind } from '@relight/contract';
import type { Switch } from '@relight/grid';
import { OPEN, type Network } from '@relight/topology';
import type { PlanOptions } from '../plan-request.ts';

/** Why a switch may not be moved, or null where it may. */
export type Bar = Extract<
  RejectionKind,
  'stuck' | 'tag' | 'mode' | 'stale' | 'notRemote' | 'deadOnly'
> | null;

/** Disconnectors, sectionalisers and fuses can neither make nor break load current. */
export function movesOnlyDead({ kind }: Switch): boolean {
  return kind === 'disconnector' || kind === 'sectionaliser' || kind === 'fuse';
}

/** What bars a switch where everything is live and nobody has said anything of it. */
export function standingBar(device: Switch, crews: boolean): Bar {
  if (!device.remote && !crews) return 'notRemote';
  return movesOnlyDead(device) ? 'deadOnly' : null;
}

/**
 * Which switches this plan may move, by switch index. A dead-only switch may move where both its
 * sides are dead after the trip (it is moved first, while they are; where an unknown switch may
 * feed one of them, only once that is cut off: see `move`). A fuse is left to crews, and
 * a blown one stays open.
 * @param standing - what bars them where everything is live.
 * @param dead - the sections dead after the trip, at least.
 * @param liveAfterTrip - by section: 1 where it was live in the state that protection left.
 * @param crews - true in the phase where people operate on the spot.
 */
export function switchBars(
  network: Network,
  options: PlanOptions,
  standing: readonly Bar[],
  dead: Int32Array,
  liveAfterTrip: Uint8Array,
  positions: Uint8Array,
  crews: boolean,
): readonly Bar[] {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const bars = standing.slice();
  const isDead = (section: number): boolean => liveAfterTrip[section] === 0;
  for (const section of dead) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (bars[at] !== 'deadOnly') continue;
      if (!isDead(switchSectionFrom[at]!) || !isDead(switchSectionTo[at]!)) continue;
      const { kind } = network.grid.switches[at]!;
      if (kind !== 'fuse' || (crews && positions[at] !== OPEN)) bars[at] = null;
    }
  }
  // The weightiest reason last.
  for (const at of options.outOfMode) bars[at] = 'mode';
  for (const at of options.blocked) bars[at] = 'tag';
  for (const at of options.untrusted) bars[at] = 'stale';
  for (const at of options.stuck) bars[at] = 'stuck';
  return bars;
}
