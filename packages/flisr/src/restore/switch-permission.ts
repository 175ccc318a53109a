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

/**
 * Which switches this plan may move, by switch index. A dead-only switch may move where both its
 * sides are dead after the trip (it is moved first, while they are; where an unknown switch may
 * feed one of them, only once that is cut off: see `move`). A fuse is left to crews, and
 * a blown one stays open.
 * @param afterTrip - source of each node in the state that protection left, −1 where it is dead.
 * @param crews - true in the phase where people operate on the spot.
 */
export function switchBars(
  network: Network,
  options: PlanOptions,
  afterTrip: Int32Array,
  positions: Uint8Array,
  crews: boolean,
): readonly Bar[] {
  return network.grid.switches.map((device, at) => {
    if (options.stuck.has(at)) return 'stuck';
    if (options.untrusted.has(at)) return 'stale';
    if (options.blocked.has(at)) return 'tag';
    if (options.outOfMode.has(at)) return 'mode';
    if (!device.remote && !crews) return 'notRemote';
    if (device.kind === 'fuse' && (!crews || positions[at] === OPEN)) return 'deadOnly';
    const bothDead = afterTrip[device.from] === -1 && afterTrip[device.to] === -1;
    return movesOnlyDead(device) && !bothDead ? 'deadOnly' : null;
  });
}
