import { BRANCH_LINE, otherEnd, type Energisation, type Network } from '@relight/topology';

/**
 * The part that was supplied through the tripped devices of one fault, as a tree rooted at the
 * device nearest the source. Places: 0 is the root, parents stand before their children.
 */
export interface FaultTree {
  readonly network: Network;
  /** Switch at the root: the tripped device nearest the source. */
  readonly root: number;
  readonly nodes: readonly number[];
  /** Place of a node of the network, −1 outside. */
  readonly place: Int32Array;
  /** Place of the parent, −1 at the root. */
  readonly parent: Int32Array;
  /** Branch to the parent; at the root the tripped switch itself. */
  readonly branch: Int32Array;
  /** Branch through which a node of the network was supplied before the fault, −1 none. */
  readonly parentBranchOf: (node: number) => number;
}

/** Everything behind a switch in the state before the fault; null where it supplied nothing. */
export function faultTree(network: Network, before: Energisation, root: number): FaultTree | null {
  const top = suppliedEnd(network, before, root);
  if (top === -1) return null;
  const { adjacencyStart, adjacencyBranch, adjacencyNode } = network;
  const place = new Int32Array(network.nodeCount).fill(-1);
  const nodes = [top];
  const parent = [-1];
  place[top] = 0;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]!;
    const end = adjacencyStart[node + 1]!;
    for (let entry = adjacencyStart[node]!; entry < end; entry++) {
      const child = adjacencyNode[entry]!;
      const branch = adjacencyBranch[entry]!;
      if (before.parentBranch[child] !== branch || before.parentBranch[node] === branch) continue;
      place[child] = nodes.length;
      nodes.push(child);
      parent.push(at);
    }
  }
  return {
    network,
    root,
    nodes,
    place,
    parent: Int32Array.from(parent),
    branch: Int32Array.from(nodes, (node) => before.parentBranch[node]!),
    parentBranchOf: (node) => before.parentBranch[node]!,
  };
}

/** Node that is supplied through a switch, −1 where it supplies nothing. */
export function suppliedEnd(network: Network, before: Energisation, at: number): number {
  const branch = network.firstSwitchBranch + at;
  const { from, to } = network.grid.switches[at]!;
  if (before.parentBranch[to] === branch) return to;
  return before.parentBranch[from] === branch ? from : -1;
}

/** Reactance between the root and each place along the tree, ohm at the root's voltage. */
export function pathReactances(tree: FaultTree): Float64Array {
  const { network } = tree;
  const reactance = new Float64Array(tree.nodes.length);
  for (let at = 1; at < tree.nodes.length; at++) {
    const branch = tree.branch[at]!;
    const own =
      network.branchKind[branch] === BRANCH_LINE ? network.grid.lines[branch]!.reactance : 0;
    reactance[at] = reactance[tree.parent[at]!]! + own;
  }
  return reactance;
}

/** Place of a branch's far end, −1 where the branch is not part of the tree. */
export function placeOfBranch(tree: FaultTree, branch: number): number {
  const { branchFrom, branchTo } = tree.network;
  for (const node of [branchFrom[branch]!, branchTo[branch]!]) {
    const place = tree.place[node]!;
    if (place !== -1 && tree.branch[place] === branch) return place;
  }
  return -1;
}

/** Node at the source side of a branch of the tree. */
export function nearEnd(tree: FaultTree, place: number): number {
  return otherEnd(tree.network, tree.branch[place]!, tree.nodes[place]!);
}
