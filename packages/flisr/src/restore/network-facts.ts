import type { Network } from '@relight/topology';
import { standingBar, type Bar } from './switch-permission.ts';

/** What a plan asks of the whole network and no state of it changes; read once, copied or read only. */
export interface NetworkFacts {
  /** By switch: what bars it in a state where everything is live; for remote control and for crews. */
  readonly bars: readonly Bar[];
  readonly barsOfCrews: readonly Bar[];
  /** By section: 1 where a generator may carry it as an island. */
  readonly mayIsland: Uint8Array;
  /** Ends (nodes) of the transformers in a section; of most there is none. */
  readonly transformerEnds: ReadonlyMap<number, readonly number[]>;
  /** Sections that draw power without any load, ascending: shunts, and the iron of transformers. */
  readonly drawing: Int32Array;
  /** Nodes that are earthed. */
  readonly earthed: Int32Array;
  /** Ids of the switches. */
  readonly switchIds: readonly string[];
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
  for (const { canIsland, node } of grid.generators)
    if (canIsland) mayIsland[nodeSection[node]!] = 1;
  const transformerEnds = new Map<number, number[]>();
  for (const { from, to } of grid.transformers) {
    const section = nodeSection[from]!;
    const ends = transformerEnds.get(section) ?? [];
    ends.push(from, to);
    transformerEnds.set(section, ends);
  }
  const drawing = new Set<number>();
  for (const { node, reactivePower } of grid.shunts)
    if (reactivePower !== 0) drawing.add(nodeSection[node]!);
  for (const { from, noLoadLosses } of grid.transformers)
    if (noLoadLosses !== 0) drawing.add(nodeSection[from]!);
  const found = {
    bars: grid.switches.map((device) => standingBar(device, false)),
    barsOfCrews: grid.switches.map((device) => standingBar(device, true)),
    mayIsland,
    transformerEnds,
    drawing: Int32Array.from(drawing).sort(),
    earthed: Int32Array.from(
      grid.groundDisconnectors.filter(({ closed }) => closed),
      ({ node }) => node,
    ),
    switchIds: grid.switches.map(({ id }) => id),
    noWeight: new Float64Array(sectionCount),
  };
  facts.set(network, found);
  return found;
}
