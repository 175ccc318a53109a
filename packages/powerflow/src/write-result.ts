import { angle_deg, magnitude } from '@relight/foundation';
import type { SolvedPart } from './load-flow.ts';
import type { LoopBreaks } from './loop-compensation.ts';
import { BASE_POWER_VA, type LoadFlowWorkspace } from './workspace.ts';

/** Writes node voltages and branch flows of a solved state into the workspace's result. */
export function writeResult(workspace: LoadFlowWorkspace, breaks: LoopBreaks, count: number): void {
  const { tree, ratio } = workspace;
  for (let k = 0; k < count; k++) writeNode(workspace, k);
  for (let k = 0; k < count; k++) {
    const above = tree.parent[k]!;
    if (above < 0) {
      writeSource(workspace, k);
      continue;
    }
    const code = tree.branch[k]!;
    const re = tree.currentRe[k]!;
    const im = tree.currentIm[k]!;
    if (code >= 0) writeBranch(workspace, code, above, tree.ratio[k]! * re, tree.ratio[k]! * im);
    else writeBranch(workspace, ~code, k, -re, -im);
  }
  breaks.branch.forEach((branch, loop) => {
    const share = ratio[branch]!;
    const re = share * breaks.currentRe[loop]!;
    const im = share * breaks.currentIm[loop]!;
    writeBranch(workspace, branch, breaks.from[loop]!, re, im);
  });
}

/** Sets back to 0 what the last call wrote. */
export function clearResult({ result, written }: LoadFlowWorkspace): void {
  for (let at = 0; at < written.nodeCount; at++) {
    const node = written.nodes[at]!;
    result.voltage_pu[node] = 0;
    result.voltageAngle_deg[node] = 0;
  }
  for (let at = 0; at < written.branchCount; at++) {
    const branch = written.branches[at]!;
    result.current_A[branch] = 0;
    result.activePower_W[branch] = 0;
    result.reactivePower_var[branch] = 0;
  }
  for (let at = 0; at < written.sourceCount; at++) {
    const source = written.sources[at]!;
    result.sourceActivePower_W[source] = 0;
    result.sourceReactivePower_var[source] = 0;
  }
  written.nodeCount = 0;
  written.branchCount = 0;
  written.sourceCount = 0;
}

/** What the result arrays hold, as views on the workspace's buffers. */
export function solvedPart({ written }: LoadFlowWorkspace): SolvedPart {
  return {
    nodes: written.nodes.subarray(0, written.nodeCount),
    branches: written.branches.subarray(0, written.branchCount),
    sources: written.sources.subarray(0, written.sourceCount),
  };
}

function writeNode({ tree, result, written }: LoadFlowWorkspace, k: number): void {
  const node = tree.node[k]!;
  const re = tree.voltageRe[k]!;
  const im = tree.voltageIm[k]!;
  written.nodes[written.nodeCount] = node;
  written.nodeCount += 1;
  result.voltage_pu[node] = magnitude(re, im);
  const angle = angle_deg(re, im) + tree.shift_deg[k]!;
  result.voltageAngle_deg[node] = angle + 360 * Math.floor(0.5 - angle / 360);
}

function writeSource({ tree, result, network, written }: LoadFlowWorkspace, k: number): void {
  const source = network.nodeSource[tree.node[k]!]!;
  const vRe = tree.voltageRe[k]!;
  const vIm = tree.voltageIm[k]!;
  const re = tree.currentRe[k]!;
  const im = tree.currentIm[k]!;
  written.sources[written.sourceCount] = source;
  written.sourceCount += 1;
  result.sourceActivePower_W[source] = (vRe * re + vIm * im) * BASE_POWER_VA;
  result.sourceReactivePower_var[source] = (vIm * re - vRe * im) * BASE_POWER_VA;
}

/** Enters a branch by the current into its `from` end at place `from`; no-load losses on top. */
function writeBranch(
  workspace: LoadFlowWorkspace,
  branch: number,
  from: number,
  throughRe: number,
  throughIm: number,
): void {
  const { tree, result, noLoad_pu, baseCurrent_A, written } = workspace;
  const vRe = tree.voltageRe[from]!;
  const vIm = tree.voltageIm[from]!;
  const re = throughRe + noLoad_pu[branch]! * vRe;
  const im = throughIm + noLoad_pu[branch]! * vIm;
  written.branches[written.branchCount] = branch;
  written.branchCount += 1;
  result.current_A[branch] = magnitude(re, im) * baseCurrent_A[tree.node[from]!]!;
  result.activePower_W[branch] = (vRe * re + vIm * im) * BASE_POWER_VA;
  result.reactivePower_var[branch] = (vIm * re - vRe * im) * BASE_POWER_VA;
}
