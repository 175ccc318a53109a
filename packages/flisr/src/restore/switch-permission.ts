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

/** What bars each switch in one plan: what does so at any time, but for those that differ. */
export class Bars {
  readonly #standing: readonly Bar[];
  readonly #own: ReadonlyMap<number, Bar>;

  constructor(standing: readonly Bar[], own: ReadonlyMap<number, Bar>) {
    this.#standing = standing;
    this.#own = own;
  }

  of(switchIndex: number): Bar {
    const own = this.#own.get(switchIndex);
    return own === undefined ? this.#standing[switchIndex]! : own;
  }
}

/** What bars a switch where everything is live and nobody has said anything of it. */
export function standingBar(device: Switch, crews: boolean): Bar {
  if (!device.remote && !crews) return 'notRemote';
  return movesOnlyDead(device) ? 'deadOnly' : null;
}

/**
 * Which switches this plan may move. A dead-only switch may move where both its
 * sides are dead after the trip (it is moved first, while they are; where an unknown switch may
 * feed one of them, only once that is cut off: see `move`). A fuse is left to crews, and
 * a blown one stays open.
 * @param standing - what bars them where everything is live.
 * @param dead - the sections that are dead and always were since the trip, at least.
 * @param liveOnce - by section: 1 where it was live in the state that protection left, or is now.
 * @param crews - true in the phase where people operate on the spot.
 */
export function switchBars(
  network: Network,
  options: PlanOptions,
  standing: readonly Bar[],
  dead: Int32Array,
  liveOnce: Uint8Array,
  positions: Uint8Array,
  crews: boolean,
): Bars {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const own = new Map<number, Bar>();
  const isDead = (section: number): boolean => liveOnce[section] === 0;
  for (const section of dead) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (standing[at] !== 'deadOnly') continue;
      if (!isDead(switchSectionFrom[at]!) || !isDead(switchSectionTo[at]!)) continue;
      const { kind } = network.grid.switches[at]!;
      if (kind !== 'fuse' || (crews && positions[at] !== OPEN)) own.set(at, null);
    }
  }
  // The weightiest reason last.
  for (const at of options.outOfMode) own.set(at, 'mode');
  for (const at of options.blocked) own.set(at, 'tag');
  for (const at of options.untrusted) own.set(at, 'stale');
  for (const at of options.stuck) own.set(at, 'stuck');
  return new Bars(standing, own);
}
