import type { LoadFlowRequest } from './load-flow.ts';
import { growWalk, type LoadFlowWorkspace } from './workspace.ts';

/**
 * The sources whose trees are asked for, those together that closed loops join: each group is
 * solved on its own. Ascending by their first source; sources that supply nothing are left out.
 */
export function groupsOfSources(request: LoadFlowRequest): readonly (readonly number[])[] {
  const { network, energisation, onlySources } = request;
  const { sourceNode } = network;
  const supplierOf = (source: number): number => energisation.nodeSource[sourceNode[source]!]!;
  const joins = energisation.loopBranches.length > 0;
  let wanted: Set<number> | null = null;
  if (onlySources !== undefined) {
    wanted = new Set();
    for (const source of onlySources) if (source in sourceNode) wanted.add(supplierOf(source));
    wanted.delete(-1);
    if (!joins) {
      return [...wanted].sort((a, b) => a - b).map((source) => [source]);
    }
  }
  const groups = new Map<number, number[]>();
  for (let source = 0; source < sourceNode.length; source++) {
    const supplier = supplierOf(source);
    if (supplier === -1 || wanted?.has(supplier) === false) continue;
    if (!isRoot(request, source)) continue;
    const group = joins ? groups.get(supplier) : undefined;
    if (group === undefined) groups.set(joins ? supplier : source, [source]);
    else group.push(source);
  }
  return [...groups.values()];
}

/** Whether a tree starts at the source: it supplies its node, and no other one at the same node. */
function isRoot({ network, energisation }: LoadFlowRequest, source: number): boolean {
  const node = network.sourceNode[source]!;
  if (energisation.parentBranch[node] !== -1) return false;
  const supplier = energisation.nodeSource[node]!;
  // Joined to a source before it, a node no longer says which of its own sources supplies it.
  return network.sourceNode[supplier] === node
    ? supplier === source
    : network.nodeSource[node] === source;
}

/**
 * Enters the trees of these sources into the walk, parents before their children, each branch to its
 * end before the next: nodes of a feeder lie beside one another in the arrays of the network, and
 * memory is read in order. Costs what is entered, whatever the size of the grid.
 * @returns How many nodes there are.
 */
export function walkTrees(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  sources: readonly number[],
): number {
  const { network } = workspace;
  const { adjacencyStart, adjacencyBranch, adjacencyNode, branchFrom, sourceNode } = network;
  const { parentBranch } = request.energisation;
  const { waiting } = workspace;
  let { walk } = workspace;
  let { node: nodes, parent: parents, branch: branches } = walk;
  let count = 0;
  for (const source of sources) {
    let node = sourceNode[source]!;
    let parent = -1;
    let code = source;
    let waits = 0;
    for (;;) {
      if (count === nodes.length) {
        walk = growWalk(workspace);
        ({ node: nodes, parent: parents, branch: branches } = walk);
      }
      nodes[count] = node;
      parents[count] = parent;
      branches[count] = code;
      const up = parentBranch[node]!;
      const start = adjacencyStart[node]!;
      let next = -1;
      for (let entry = adjacencyStart[node + 1]! - 1; entry >= start; entry--) {
        const branch = adjacencyBranch[entry]!;
        if (branch === up || parentBranch[adjacencyNode[entry]!] !== branch) continue;
        if (next !== -1) {
          waiting[waits] = next;
          waiting[waits + 1] = count;
          waits += 2;
        }
        next = entry;
      }
      parent = count;
      count += 1;
      if (next === -1) {
        if (waits === 0) break;
        waits -= 2;
        next = waiting[waits]!;
        parent = waiting[waits + 1]!;
        node = nodes[parent]!;
      }
      const branch = adjacencyBranch[next]!;
      code = branchFrom[branch] === node ? branch : ~branch;
      node = adjacencyNode[next]!;
    }
  }
  return count;
}

/** Where each node of the walk stands in it; entries of other nodes mean nothing. */
export function placesOfNodes(workspace: LoadFlowWorkspace, count: number): Int32Array {
  workspace.placeOfNode ??= new Int32Array(workspace.network.nodeCount);
  const { walk, placeOfNode } = workspace;
  for (let place = 0; place < count; place++) placeOfNode[walk.node[place]!] = place;
  return placeOfNode;
}
