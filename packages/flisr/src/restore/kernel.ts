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
  readonly forest: ForestBuffers;
  /** Current after the trip by branch, A, and the branches where it is not 0. */
  readonly base: { readonly current_A: Float64Array; readonly written: number[] };
}

/** By node, for the live trees of one search; what is not in `added` is as at the start. */
export interface ForestBuffers {
  /** −1 at the start. */
  readonly tree: Int32Array;
  /** −1 at the start. */
  readonly parentBranch: Int32Array;
  readonly parentNode: Int32Array;
  readonly closedBy: Int32Array;
  readonly placeOf: Int32Array;
  readonly shadow: Uint8Array;
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  readonly voltage2: Float64Array;
  readonly room: Float64Array;
  readonly added: number[];
}

/** The buffers of the network's last search, as at the start: that search is over. */
export function freshForest({ forest }: Kernel): ForestBuffers {
  for (const node of forest.added) {
    forest.tree[node] = -1;
    forest.parentBranch[node] = -1;
  }
  forest.added.length = 0;
  return forest;
}

function createForest(nodeCount: number): ForestBuffers {
  return {
    tree: new Int32Array(nodeCount).fill(-1),
    parentBranch: new Int32Array(nodeCount).fill(-1),
    parentNode: new Int32Array(nodeCount),
    closedBy: new Int32Array(nodeCount),
    placeOf: new Int32Array(nodeCount),
    shadow: new Uint8Array(nodeCount),
    active: new Float64Array(nodeCount),
    reactive: new Float64Array(nodeCount),
    voltage2: new Float64Array(nodeCount),
    room: new Float64Array(nodeCount),
    added: [],
  };
}

const kernels = new WeakMap<Network, Kernel>();

/** Linear in the grid the first time; where sources are lost, their states are read anew. */
export function kernelOf(network: Network, lostSources: ReadonlySet<number>): Kernel {
  let kernel = kernels.get(network);
  if (kernel === undefined) {
    const normal = normalPositions(network);
    kernel = {
      before: new LiveEnergisation(network, normal),
      now: new LiveEnergisation(network, normal),
      probe: new LiveEnergisation(network, normal),
      flow: createLoadFlowWorkspace(network),
      forest: createForest(network.nodeCount),
      base: { current_A: new Float64Array(network.branchCount), written: [] },
    };
    kernels.set(network, kernel);
  }
  if (lostSources.size === 0) return kernel;
  const positions = kernel.before.positions;
  const options = { lostSources };
  return {
    ...kernel,
    now: new LiveEnergisation(network, positions, options),
    probe: new LiveEnergisation(network, positions, options),
  };
}

/**
 * Brings a picture to other positions, opens first, so that no loop is closed on the way.
 * @returns The picture; written over by the next call on it. `order` is empty.
 */
export function moveTo(live: LiveEnergisation, positions: Uint8Array): Energisation {
  for (let at = 0; at < positions.length; at++) {
    if (positions[at] !== live.positions[at] && positions[at] !== CLOSED) {
      live.move(at, positions[at]!);
    }
  }
  for (let at = 0; at < positions.length; at++) {
    if (positions[at] !== live.positions[at]) live.move(at, CLOSED);
  }
  const { nodeSource, parentBranch, maybeLive, nodeFeeder, loopBranches } = live;
  return { nodeSource, parentBranch, maybeLive, nodeFeeder, loopBranches, order: NO_NODES };
}

const NO_NODES = new Int32Array(0);
