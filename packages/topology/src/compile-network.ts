import { indexById } from '@relight/grid';
import type { Grid } from '@relight/grid';
import {
  BRANCH_LINE,
  BRANCH_SWITCH,
  BRANCH_TRANSFORMER,
  CLOSED,
  OPEN,
  type Network,
  type Positions,
} from './network.ts';

/**
 * Compiles a grid into flat arrays. Linear in its size; done once per grid, since nothing in the
 * result depends on switch positions.
 */
export function compileNetwork(grid: Grid): Network {
  const { connectivityNodes, lines, transformers, switches, sources, loads, feeders } = grid;
  const nodeCount = connectivityNodes.length;
  const firstSwitchBranch = lines.length + transformers.length;
  const branchCount = firstSwitchBranch + switches.length;

  const branchFrom = new Int32Array(branchCount);
  const branchTo = new Int32Array(branchCount);
  const branchKind = new Uint8Array(branchCount);
  let branch = 0;
  const enter = (kind: number, ends: { readonly from: number; readonly to: number }): void => {
    branchFrom[branch] = ends.from;
    branchTo[branch] = ends.to;
    branchKind[branch] = kind;
    branch += 1;
  };
  for (const line of lines) enter(BRANCH_LINE, line);
  for (const transformer of transformers) enter(BRANCH_TRANSFORMER, transformer);
  for (const each of switches) enter(BRANCH_SWITCH, each);

  const adjacency = compressAdjacency(nodeCount, branchFrom, branchTo);
  const sections = findSections(nodeCount, firstSwitchBranch, adjacency);
  const switchSectionFrom = new Int32Array(switches.length);
  const switchSectionTo = new Int32Array(switches.length);
  switches.forEach((each, index) => {
    switchSectionFrom[index] = sections.nodeSection[each.from] ?? -1;
    switchSectionTo[index] = sections.nodeSection[each.to] ?? -1;
  });
  const switchesOfSections = groupBy(
    sections.sectionCount,
    interleave(switchSectionFrom, switchSectionTo),
    (position) => position >> 1,
  );

  const nodeSource = new Int32Array(nodeCount).fill(-1);
  sources.forEach((source, index) => {
    if (nodeSource[source.node] === -1) nodeSource[source.node] = index;
  });
  const switchFeeder = new Int32Array(switches.length).fill(-1);
  feeders.forEach((feeder, index) => {
    if (switchFeeder[feeder.head] === -1) switchFeeder[feeder.head] = index;
  });

  return {
    grid,
    nodeCount,
    lineCount: lines.length,
    switchCount: switches.length,
    branchCount,
    firstSwitchBranch,
    branchFrom,
    branchTo,
    branchKind,
    ...adjacency,
    ...sections,
    switchSectionFrom,
    switchSectionTo,
    sectionSwitchStart: switchesOfSections.start,
    sectionSwitches: switchesOfSections.members,
    sourceNode: Int32Array.from(sources, (source) => source.node),
    nodeSource,
    loadNode: Int32Array.from(loads, (load) => load.node),
    switchFeeder,
    index: {
      node: indexById(connectivityNodes),
      line: indexById(lines),
      transformer: indexById(transformers),
      switch: indexById(switches),
      source: indexById(sources),
      load: indexById(loads),
    },
  };
}

/** The positions the grid was designed for. */
export function normalPositions(network: Network): Positions {
  return Uint8Array.from(network.grid.switches, (each) => (each.normallyOpen ? OPEN : CLOSED));
}

function compressAdjacency(nodeCount: number, branchFrom: Int32Array, branchTo: Int32Array) {
  const branchCount = branchFrom.length;
  const adjacencyStart = new Int32Array(nodeCount + 1);
  for (let branch = 0; branch < branchCount; branch++) {
    adjacencyStart[branchFrom[branch]! + 1]! += 1;
    adjacencyStart[branchTo[branch]! + 1]! += 1;
  }
  for (let node = 0; node < nodeCount; node++) {
    adjacencyStart[node + 1]! += adjacencyStart[node]!;
  }
  const next = adjacencyStart.slice();
  const adjacencyBranch = new Int32Array(2 * branchCount);
  const adjacencyNode = new Int32Array(2 * branchCount);
  for (let branch = 0; branch < branchCount; branch++) {
    const from = branchFrom[branch]!;
    const to = branchTo[branch]!;
    const atFrom = next[from]!;
    next[from] = atFrom + 1;
    adjacencyBranch[atFrom] = branch;
    adjacencyNode[atFrom] = to;
    const atTo = next[to]!;
    next[to] = atTo + 1;
    adjacencyBranch[atTo] = branch;
    adjacencyNode[atTo] = from;
  }
  return { adjacencyStart, adjacencyBranch, adjacencyNode };
}

/** Flood fill over lines and transformers, from the lowest node index upwards. */
function findSections(
  nodeCount: number,
  firstSwitchBranch: number,
  adjacency: ReturnType<typeof compressAdjacency>,
) {
  const { adjacencyStart, adjacencyBranch, adjacencyNode } = adjacency;
  const nodeSection = new Int32Array(nodeCount).fill(-1);
  const stack = new Int32Array(nodeCount);
  let sectionCount = 0;
  for (let seed = 0; seed < nodeCount; seed++) {
    if (nodeSection[seed] !== -1) continue;
    nodeSection[seed] = sectionCount;
    stack[0] = seed;
    for (let height = 1; height > 0;) {
      height -= 1;
      const node = stack[height]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const neighbour = adjacencyNode[entry]!;
        if (adjacencyBranch[entry]! >= firstSwitchBranch || nodeSection[neighbour] !== -1) continue;
        nodeSection[neighbour] = sectionCount;
        stack[height] = neighbour;
        height += 1;
      }
    }
    sectionCount += 1;
  }
  const nodes = groupBy(sectionCount, nodeSection, (node) => node);
  return { nodeSection, sectionCount, sectionStart: nodes.start, sectionNodes: nodes.members };
}

/** Members of each group, compressed; within a group in the order they came. */
function groupBy(groups: number, groupOf: Int32Array, member: (position: number) => number) {
  const start = new Int32Array(groups + 1);
  for (const group of groupOf) start[group + 1]! += 1;
  for (let group = 0; group < groups; group++) start[group + 1]! += start[group]!;
  const next = start.slice();
  const members = new Int32Array(groupOf.length);
  groupOf.forEach((group, position) => {
    const place = next[group]!;
    next[group] = place + 1;
    members[place] = member(position);
  });
  return { start, members };
}

function interleave(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(2 * first.length);
  first.forEach((value, position) => {
    both[2 * position] = value;
    both[2 * position + 1] = second[position]!;
  });
  return both;
}
