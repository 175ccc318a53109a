import { angle_deg, magnitude } from '@relight/foundation';
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

function writeNode({ tree, result }: LoadFlowWorkspace, k: number): void {
  const node = tree.node[k]!;
  const re = tree.voltageRe[k]!;
  const im = tree.voltageIm[k]!;
  result.voltage_pu[node] = magnitude(re, im);
  const angle = angle_deg(re, im) + tree.shift_deg[k]!;
  result.voltageAngle_deg[node] = angle + 360 * Math.floor(0.5 - angle / 360);
}

function writeSource({ tree, result, network }: LoadFlowWorkspace, k: number): void {
  const source = network.nodeSource[tree.node[k]!]!;
  const vRe = tree.voltageRe[k]!;
  const vIm = tree.voltageIm[k]!;
  const re = tree.currentRe[k]!;
  const im = tree.currentIm[k]!;
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
  const { tree, result, noLoad_pu, baseCurrent_A } = workspace;
  const vRe = tree.voltageRe[from]!;
  const vIm = tree.voltageIm[from]!;
  const re = throughRe + noLoad_pu[branch]! * vRe;
  const im = throughIm + noLoad_pu[branch]! * vIm;
  result.current_A[branch] = magnitude(re, im) * baseCurrent_A[tree.node[from]!]!;
  result.activePower_W[branch] = (vRe * re + vIm * im) * BASE_POWER_VA;
  result.reactivePower_var[branch] = (vIm * re - vRe * im) * BASE_POWER_VA;
}
