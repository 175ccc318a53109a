import {
  CLOSED,
  OPEN,
  UNKNOWN,
  type Energisation,
  type Network,
  type Positions,
} from './network.ts';

export interface EnergiseOptions {
  /** Sources (by index) that supply nothing; their nodes may be supplied from elsewhere. */
  readonly lostSources?: ReadonlySet<number>;
}

/** Buffers of one network that one `energiseInto` after the other writes over. */
export interface EnergisationWorkspace {
  readonly network: Network;
  readonly nodeSource: Int32Array;
  readonly parentBranch: Int32Array;
  readonly maybeLive: Uint8Array;
  readonly nodeFeeder: Int32Array;
  readonly queue: Int32Array;
}

/** 17 byte per node. */
export function createEnergisationWorkspace(network: Network): EnergisationWorkspace {
  const { nodeCount } = network;
  return {
    network,
    nodeSource: new Int32Array(nodeCount),
    parentBranch: new Int32Array(nodeCount),
    maybeLive: new Uint8Array(nodeCount),
    nodeFeeder: new Int32Array(nodeCount),
    queue: new Int32Array(nodeCount),
  };
}

/** Which part is live and from where, in arrays of its own. Linear in the size of the grid. */
export function energise(
  network: Network,
  positions: Positions,
  options: EnergiseOptions = {},
): Energisation {
  return energiseInto(createEnergisationWorkspace(network), positions, options);
}

/**
 * As `energise`, without allocating arrays: the result lives in the workspace and is written over
 * by the next call on it.
 */
export function energiseInto(
  workspace: EnergisationWorkspace,
  positions: Positions,
  options: EnergiseOptions = {},
): Energisation {
  const { network, nodeSource, parentBranch, maybeLive, nodeFeeder, queue } = workspace;
  const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch, switchFeeder } =
    network;
  nodeSource.fill(-1);
  parentBranch.fill(-1);
  nodeFeeder.fill(-1);

  const roots = seedSources(network, options.lostSources, nodeSource, queue);
  let live = roots;
  let closedEnds = 0;
  for (let head = 0; head < live; head++) {
    const node = queue[head]!;
    const source = nodeSource[node]!;
    const feeder = nodeFeeder[node]!;
    const end = adjacencyStart[node + 1]!;
    for (let entry = adjacencyStart[node]!; entry < end; entry++) {
      const branch = adjacencyBranch[entry]!;
      const at = branch - firstSwitchBranch;
      if (at >= 0 && positions[at] !== CLOSED) continue;
      closedEnds += 1;
      const neighbour = adjacencyNode[entry]!;
      if (nodeSource[neighbour] !== -1) continue;
      nodeSource[neighbour] = source;
      parentBranch[neighbour] = branch;
      const passed = at >= 0 ? switchFeeder[at]! : -1;
      nodeFeeder[neighbour] = passed === -1 ? feeder : passed;
      queue[live] = neighbour;
      live += 1;
    }
  }

  // A forest has one closed branch less per tree than nodes: only then is there a loop to look for.
  const isForest = closedEnds === 2 * (live - roots);
  const loopBranches = isForest ? [] : findLoopBranches(workspace, positions);
  if (!isForest) nameJoinedPartsAfterFirstSource(workspace, loopBranches);
  spreadThroughUnknown(workspace, positions, live);
  return {
    nodeSource,
    parentBranch,
    maybeLive,
    nodeFeeder,
    order: queue.subarray(0, live),
    loopBranches,
  };
}

/** Queues the node of every source that supplies; of two at one node the first counts. */
function seedSources(
  network: Network,
  lost: ReadonlySet<number> | undefined,
  nodeSource: Int32Array,
  queue: Int32Array,
): number {
  let seeded = 0;
  network.sourceNode.forEach((node, source) => {
    if (lost?.has(source) || nodeSource[node] !== -1) return;
    nodeSource[node] = source;
    queue[seeded] = node;
    seeded += 1;
  });
  return seeded;
}

/** Every closed branch between live nodes through which neither end is supplied. */
function findLoopBranches(workspace: EnergisationWorkspace, positions: Positions): number[] {
  const { network, nodeSource, parentBranch } = workspace;
  const { branchFrom, branchTo, branchCount, firstSwitchBranch } = network;
  const loops: number[] = [];
  for (let branch = 0; branch < branchCount; branch++) {
    const at = branch - firstSwitchBranch;
    if (at >= 0 && positions[at] !== CLOSED) continue;
    const from = branchFrom[branch]!;
    const to = branchTo[branch]!;
    if (nodeSource[from] === -1) continue;
    if (parentBranch[from] !== branch && parentBranch[to] !== branch) loops.push(branch);
  }
  return loops;
}

function nameJoinedPartsAfterFirstSource(
  workspace: EnergisationWorkspace,
  loopBranches: readonly number[],
): void {
  const { network, nodeSource } = workspace;
  const firstOf = new Int32Array(network.sourceNode.length).map((_, source) => source);
  const find = (source: number): number => {
    let first = source;
    while (firstOf[first] !== first) first = firstOf[first]!;
    return first;
  };
  let joined = false;
  for (const branch of loopBranches) {
    const one = find(nodeSource[network.branchFrom[branch]!]!);
    const other = find(nodeSource[network.branchTo[branch]!]!);
    if (one === other) continue;
    firstOf[Math.max(one, other)] = Math.min(one, other);
    joined = true;
  }
  if (!joined) return;
  for (let node = 0; node < nodeSource.length; node++) {
    const source = nodeSource[node]!;
    if (source !== -1) nodeSource[node] = find(source);
  }
}

/** Fills `maybeLive`: what is live, and what unknown positions could make live. */
function spreadThroughUnknown(
  workspace: EnergisationWorkspace,
  positions: Positions,
  live: number,
): void {
  const { network, nodeSource, maybeLive, queue } = workspace;
  for (let node = 0; node < maybeLive.length; node++)
    maybeLive[node] = nodeSource[node] === -1 ? 0 : 1;
  if (!positions.includes(UNKNOWN)) return;
  const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = network;
  // The dead nodes found here stand behind the live ones in the queue, where nobody looks later.
  let reached = live;
  for (let head = 0; head < reached; head++) {
    const node = queue[head]!;
    const end = adjacencyStart[node + 1]!;
    for (let entry = adjacencyStart[node]!; entry < end; entry++) {
      const at = adjacencyBranch[entry]! - firstSwitchBranch;
      const neighbour = adjacencyNode[entry]!;
      if (maybeLive[neighbour] === 1 || (at >= 0 && positions[at] === OPEN)) continue;
      maybeLive[neighbour] = 1;
      queue[reached] = neighbour;
      reached += 1;
    }
  }
}
