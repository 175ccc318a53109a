import type { Network } from '@relight/topology';
import type { DeadReason } from './must-stay-dead.ts';
import { standingBar, type Bar } from './switch-permission.ts';

/** What a plan asks of the whole network and no state of it changes; read once, copied or read only. */
export interface NetworkFacts {
  /** By switch: what bars it in a state where everything is live; for remote control and for crews. */
  readonly bars: readonly Bar[];
  readonly barsOfCrews: readonly Bar[];
  /** By section: 1 where a generator may carry it as an island. */
  readonly mayIsland: Uint8Array;
  /** Nodes that are earthed. */
  readonly earthed: Int32Array;
  /** By section: none. */
  readonly noReasons: readonly (DeadReason | null)[];
  /** By section: 0. */
  readonly noWeight: Float64Array;
}

const facts = new WeakMap<Network, NetworkFacts>();

/** Linear in the grid the first time. */
export function factsOf(network: Network): NetworkFacts {
  const known = facts.get(network);
  if (known !== undefined) return known;
  const { grid, nodeSection, sectionCount } = network;
  const mayIsland = new Uint8Array(sectionCount);
  for (const { canIsland, node } of grid.generators) if (canIsland) mayIsland[nodeSection[node]!] = 1;
  const found = {
    bars: grid.switches.map((device) => standingBar(device, false)),
    barsOfCrews: grid.switches.map((device) => standingBar(device, true)),
    mayIsland,
    earthed: Int32Array.from(
      grid.groundDisconnectors.filter(({ closed }) => closed),
      ({ node }) => node,
    ),
    noReasons: Array.from({ length: sectionCount }, () => null),
    noWeight: new Float64Array(sectionCount),
  };
  facts.set(network, found);
  return found;
}
