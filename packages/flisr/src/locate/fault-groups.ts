import type { Energisation, Network } from '@relight/topology';
import { otherEnd } from '@relight/topology';
import { suppliedEnd } from './fault-tree.ts';

/** Tripped devices that one fault explains; `root` is the one nearest the source. */
export interface FaultGroup {
  readonly root: number;
  /** Device nearest the fault. */
  readonly deepest: number;
  readonly devices: readonly number[];
}

/**
 * Sorts tripped devices into faults: each device beyond which no other tripped is a fault of its
 * own; those upstream of it, and of no other, tripped for the same one. Devices that supplied
 * nothing before the fault are left out. By root, ascending.
 */
export function faultGroups(
  network: Network,
  before: Energisation,
  tripped: readonly number[],
): readonly FaultGroup[] {
  const used = tripped.filter((at) => suppliedEnd(network, before, at) !== -1);
  const above = new Map(used.map((at) => [at, trippedAbove(network, before, at, new Set(used))]));
  const deepest = used.filter((at) => ![...above.values()].some((list) => list.includes(at)));
  return deepest
    .map((last) => {
      const own = above
        .get(last)!
        .filter((at) =>
          deepest.every((other) => other === last || !above.get(other)!.includes(at)),
        );
      const devices = [last, ...own];
      return { root: devices.at(-1)!, deepest: last, devices: devices.sort((a, b) => a - b) };
    })
    .sort((a, b) => a.root - b.root);
}

/** Tripped devices between one and its source, nearest first. */
function trippedAbove(
  network: Network,
  before: Energisation,
  at: number,
  tripped: ReadonlySet<number>,
): readonly number[] {
  const found: number[] = [];
  let node = suppliedEnd(network, before, at);
  for (let branch = before.parentBranch[node]!; branch !== -1;) {
    const device = branch - network.firstSwitchBranch;
    if (device !== at && tripped.has(device)) found.push(device);
    node = otherEnd(network, branch, node);
    branch = before.parentBranch[node]!;
  }
  return found;
}
