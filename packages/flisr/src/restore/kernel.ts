import { createLoadFlowWorkspace, type LoadFlowWorkspace } from '@relight/powerflow';
import {
  CLOSED,
  LiveEnergisation,
  normalPositions,
  type Energisation,
  type Network,
} from '@relight/topology';

/**
 * What planning keeps of one network between plans, so that a plan costs what it touches: three
 * pictures of what is live, moved switch by switch, and the buffers of the load flow. One plan at a
 * time may use it; nothing in a plan refers to it.
 */
export interface Kernel {
  /** The state before the fault. */
  readonly before: LiveEnergisation;
  /** The state after the trip. */
  readonly now: LiveEnergisation;
  /** Whatever state is looked at. */
  readonly probe: LiveEnergisation;
  readonly flow: LoadFlowWorkspace;
  /** By node, −1: where a part of the grid is numbered anew. Given back as it was. */
  readonly place: Int32Array;
  /** By section and by switch, 0: what a walk has met. Given back as it was. */
  readonly seen: Uint8Array;
  readonly seenSwitch: Uint8Array;
  /** Current after the trip by branch, A, and the branches where it is not 0. */
  readonly base: { readonly current_A: Float64Array; readonly written: number[] };
}

const kernels = new WeakMap<Network, Kernel>();

/** Linear in the grid the first time. */
export function kernelOf(network: Network, lostSources: ReadonlySet<number>): Kernel {
  let kernel = kernels.get(network);
  if (kernel === undefined) {
    const normal = normalPositions(network);
    kernel = {
      before: new LiveEnergisation(network, normal),
      now: new LiveEnergisation(network, normal),
      probe: new LiveEnergisation(network, normal),
      flow: createLoadFlowWorkspace(network),
      place: new Int32Array(network.nodeCount).fill(-1),
      seen: new Uint8Array(network.sectionCount),
      seenSwitch: new Uint8Array(network.switchCount),
      base: { current_A: new Float64Array(network.branchCount), written: [] },
    };
    kernels.set(network, kernel);
  }
  kernel.now.loseSources(lostSources);
  kernel.probe.loseSources(lostSources);
  return kernel;
}

/**
 * Brings a picture to other positions, opens first, so that no loop is closed on the way.
 * @param among - the switches that may stand otherwise than in the picture; all by default.
 * @returns The picture; written over by the next call on it. `order` is empty.
 */
export function moveTo(
  live: LiveEnergisation,
  positions: Uint8Array,
  among?: ArrayLike<number>,
): Energisation {
  const count = among?.length ?? positions.length;
  const stands = live.positions;
  let changed: number[] | null = null;
  for (let k = 0; k < count; k++) {
    const at = among === undefined ? k : among[k]!;
    if (positions[at] !== stands[at]) (changed ??= []).push(at);
  }
  if (changed !== null) {
    for (const at of changed) if (positions[at] !== CLOSED) live.move(at, positions[at]!);
    for (const at of changed) if (positions[at] === CLOSED) live.move(at, CLOSED);
  }
  const { nodeSource, parentBranch, maybeLive, nodeFeeder, loopBranches } = live;
  return { nodeSource, parentBranch, maybeLive, nodeFeeder, loopBranches, order: NO_NODES };
}

const NO_NODES = new Int32Array(0);
