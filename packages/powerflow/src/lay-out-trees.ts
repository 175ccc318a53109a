import type { LoadFlowRequest } from './load-flow.ts';
import { BASE_POWER_VA, type LoadFlowWorkspace } from './workspace.ts';

/**
 * Copies the trees to be solved into the order of the sweep, each branch turned so that it leads
 * away from its source, and each source node set to the voltage of its source.
 * @returns How many nodes there are to solve.
 */
export function layOutTrees(workspace: LoadFlowWorkspace, request: LoadFlowRequest): number {
  const { order, nodeSource, parentBranch, loopBranches } = request.energisation;
  const wanted = wantedSources(request);
  if (wanted !== null && loopBranches.length === 0) return walkTrees(workspace, request, wanted);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    if (wanted !== null && wanted[nodeSource[node]!] !== 1) continue;
    layOutNode(workspace, request, count, node, parentBranch[node]!);
    count += 1;
  }
  return count;
}

/** Tree by tree from each wanted source outward: costs what is laid out, whatever the grid. */
function walkTrees(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  wanted: Uint8Array,
): number {
  const { tree, network } = workspace;
  const { adjacencyStart, adjacencyBranch, adjacencyNode, sourceNode } = network;
  const { parentBranch } = request.energisation;
  let count = 0;
  let head = 0;
  for (let source = 0; source < wanted.length; source++) {
    if (wanted[source] !== 1) continue;
    layOutNode(workspace, request, count, sourceNode[source]!, -1);
    for (count += 1; head < count; head++) {
      const node = tree.node[head]!;
      const up = parentBranch[node]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const branch = adjacencyBranch[entry]!;
        const far = adjacencyNode[entry]!;
        if (branch === up || parentBranch[far] !== branch) continue;
        layOutNode(workspace, request, count, far, branch);
        count += 1;
      }
    }
  }
  return count;
}

function layOutNode(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  place: number,
  node: number,
  branch: number,
): void {
  const { tree, network } = workspace;
  tree.place[node] = place;
  tree.node[place] = node;
  if (branch === -1) {
    tree.parent[place] = -1;
    tree.shift_deg[place] = 0;
    tree.voltageRe[place] = network.grid.sources[network.nodeSource[node]!]!.voltage;
    tree.voltageIm[place] = 0;
  } else {
    layOutBranch(workspace, place, node, branch);
  }
  layOutPower(workspace, request, place, node);
}

/** 1 by index of each source whose tree is solved; null: all. A joined part goes by its first. */
function wantedSources(request: LoadFlowRequest): Uint8Array | null {
  const { onlySources, network, energisation } = request;
  if (onlySources === undefined) return null;
  const wanted = new Uint8Array(network.sourceNode.length);
  for (const source of onlySources) {
    const supplier = energisation.nodeSource[network.sourceNode[source] ?? -1] ?? -1;
    if (supplier !== -1) wanted[supplier] = 1;
  }
  return wanted;
}

function layOutBranch(
  workspace: LoadFlowWorkspace,
  place: number,
  node: number,
  branch: number,
): void {
  const { tree, network, resistance_pu, reactance_pu, phaseShift_deg } = workspace;
  const from = network.branchFrom[branch]!;
  const forward = from !== node;
  const parent = tree.place[forward ? from : network.branchTo[branch]!]!;
  // Seen from `to`, ratio and impedance are carried over to the other side of the ideal ratio.
  const ratio = forward ? workspace.ratio[branch]! : 1 / workspace.ratio[branch]!;
  const scale = forward ? 1 : ratio * ratio;
  const shift = phaseShift_deg[branch]!;
  tree.parent[place] = parent;
  tree.branch[place] = forward ? branch : ~branch;
  tree.ratio[place] = ratio;
  tree.resistance[place] = resistance_pu[branch]! * scale;
  tree.reactance[place] = reactance_pu[branch]! * scale;
  tree.shift_deg[place] = tree.shift_deg[parent]! + (forward ? -shift : shift);
  tree.voltageRe[place] = 0;
  tree.voltageIm[place] = 0;
}

function layOutPower(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  place: number,
  node: number,
): void {
  const { tree, nodeLoads, nodeLoadStart } = workspace;
  const { activePower_W, reactivePower_var } = request.loads;
  const feedIn = request.generators === true ? 1 : 0;
  let active = -feedIn * workspace.generatedActive_pu[node]!;
  let reactive = -feedIn * workspace.generatedReactive_pu[node]!;
  const end = nodeLoadStart[node + 1]!;
  for (let entry = nodeLoadStart[node]!; entry < end; entry++) {
    const load = nodeLoads[entry]!;
    active += activePower_W[load]! / BASE_POWER_VA;
    reactive += reactivePower_var[load]! / BASE_POWER_VA;
  }
  tree.active[place] = active;
  tree.reactive[place] = reactive;
  tree.noLoad[place] = workspace.nodeNoLoad_pu[node]!;
  tree.shuntReactive[place] = workspace.shuntReactive_pu[node]!;
}
