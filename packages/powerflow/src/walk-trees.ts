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
 * Enters the trees of these sources into the walk, parents before their children. Costs what is
 * entered, whatever the size of the grid.
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
  let { walk } = workspace;
  let { node: nodes, parent: parents, branch: branches } = walk;
  let count = 0;
  for (const source of sources) {
    if (count === nodes.length) {
      walk = growWalk(workspace);
      ({ node: nodes, parent: parents, branch: branches } = walk);
    }
    let head = count;
    nodes[count] = sourceNode[source]!;
    parents[count] = -1;
    branches[count] = source;
    for (count += 1; head < count; head++) {
      const node = nodes[head]!;
      const up = parentBranch[node]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const branch = adjacencyBranch[entry]!;
        if (branch === up) continue;
        const far = adjacencyNode[entry]!;
        if (parentBranch[far] !== branch) continue;
        if (count === nodes.length) {
          walk = growWalk(workspace);
          ({ node: nodes, parent: parents, branch: branches } = walk);
        }
        nodes[count] = far;
        parents[count] = head;
        branches[count] = branchFrom[branch] === node ? branch : ~branch;
        count += 1;
      }
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
