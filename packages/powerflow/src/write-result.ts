import { angle_deg, magnitude } from '@relight/foundation';
import type { SharedOut } from './bare-loops.ts';
import { baseCurrent_A, BASE_POWER_VA } from './constants.ts';
import type { SolvedPart } from './load-flow.ts';
import type { LoopBreaks } from './loop-compensation.ts';
import { roomForWritten, type LoadFlowWorkspace } from './workspace.ts';

/** Writes node voltages and branch flows of solved trees into the workspace's result. */
export function writeResult(
  workspace: LoadFlowWorkspace,
  breaks: LoopBreaks,
  shared: SharedOut,
  count: number,
): void {
  const loops = breaks.branch.length + breaks.bare.length;
  roomForWritten(workspace, count + loops);
  const { walk, tree, constants, written, result } = workspace;
  const { lineCount, firstSwitchBranch } = workspace.network;
  const { classCurrent_A, voltageClass, transformers } = constants;
  const { node, parent, branch, carrier, sweepPlace, above, voltageRe, voltageIm, shift_deg } =
    walk;
  const { resistance, reactance } = walk;
  const { currentRe, currentIm } = tree;
  const { voltage_pu, voltageAngle_deg, current_A, activePower_W, reactivePower_var } = result;
  const { nodes, branches } = written;
  const firstNode = written.nodeCount;
  let nextBranch = written.branchCount;
  for (let place = 0; place < count; place++) {
    const at = node[place]!;
    const up = parent[place]!;
    const carried = carrier[place]!;
    const sweep = carried < 0 ? -1 : sweepPlace[carried]!;
    let iRe = 0;
    let iIm = 0;
    if (sweep >= 0) {
      iRe = currentRe[sweep]!;
      iIm = currentIm[sweep]!;
    }
    let vRe: number;
    let vIm: number;
    if (carried === place) {
      vRe = tree.voltageRe[sweep]!;
      vIm = tree.voltageIm[sweep]!;
    } else if (sweep < 0) {
      // Nothing flows here: the voltage is that of the node before.
      vRe = voltageRe[up]!;
      vIm = voltageIm[up]!;
    } else {
      const start = above[place]!;
      const r = resistance[place]!;
      const x = reactance[place]!;
      vRe = tree.voltageRe[start]! - r * iRe + x * iIm;
      vIm = tree.voltageIm[start]! - r * iIm - x * iRe;
    }
    voltageRe[place] = vRe;
    voltageIm[place] = vIm;
    nodes[firstNode + place] = at;
    voltage_pu[at] = Math.sqrt(vRe * vRe + vIm * vIm);
    const shift = shift_deg[place]!;
    const angle = angle_deg(vRe, vIm);
    voltageAngle_deg[at] = shift === 0 ? angle : withinHalfTurn_deg(angle + shift);
    const code = branch[place]!;
    if (up < 0) {
      writeSource(workspace, code, vRe, vIm, iRe, iIm);
      continue;
    }
    const way = code < 0 ? ~code : code;
    branches[nextBranch] = way;
    nextBranch += 1;
    if (way >= lineCount && way < firstSwitchBranch) {
      // Its `from` end carries the no-load losses too.
      const given = transformers.ratio[way - lineCount]!;
      const from = code < 0 ? place : up;
      const share = code < 0 ? -1 : given;
      writeBranch(workspace, way, from, share * iRe, share * iIm);
      continue;
    }
    // Where nothing flows 0 stands already.
    if (sweep < 0) continue;
    current_A[way] = Math.sqrt(iRe * iRe + iIm * iIm) * classCurrent_A[voltageClass[at]!]!;
    if (code < 0) {
      activePower_W[way] = -(vRe * iRe + vIm * iIm) * BASE_POWER_VA;
      reactivePower_var[way] = -(vIm * iRe - vRe * iIm) * BASE_POWER_VA;
    } else {
      const uRe = voltageRe[up]!;
      const uIm = voltageIm[up]!;
      activePower_W[way] = (uRe * iRe + uIm * iIm) * BASE_POWER_VA;
      reactivePower_var[way] = (uIm * iRe - uRe * iIm) * BASE_POWER_VA;
    }
  }
  written.nodeCount = firstNode + count;
  written.branchCount = nextBranch;
  if (loops > 0) writeLoops(workspace, breaks, shared);
}

function writeLoops(workspace: LoadFlowWorkspace, breaks: LoopBreaks, shared: SharedOut): void {
  const { placeOfNode, network } = workspace;
  const write = (branch: number, re: number, im: number): void => {
    const from = placeOfNode![network.branchFrom[branch]!]!;
    writeBranch(workspace, branch, from, re, im);
    workspace.written.branches[workspace.written.branchCount] = branch;
    workspace.written.branchCount += 1;
  };
  breaks.branch.forEach((branch, loop) => {
    const share = breaks.ratio[loop]!;
    write(branch, share * breaks.currentRe[loop]!, share * breaks.currentIm[loop]!);
  });
  breaks.bare.forEach(({ branch }, loop) => {
    write(branch, shared.currentRe[loop]!, shared.currentIm[loop]!);
  });
}

function withinHalfTurn_deg(angle: number): number {
  return angle + 360 * Math.floor(0.5 - angle / 360);
}

/** Sets back to 0 what the last call wrote. */
export function clearResult({ result, written, network }: LoadFlowWorkspace): void {
  if (4 * written.nodeCount > network.nodeCount) {
    // Most of the grid: one stroke over all is faster than one at each place.
    for (const values of Object.values(result)) values.fill(0);
    written.nodeCount = 0;
    written.branchCount = 0;
    written.sourceCount = 0;
    return;
  }
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

function writeSource(
  { result, written }: LoadFlowWorkspace,
  source: number,
  vRe: number,
  vIm: number,
  iRe: number,
  iIm: number,
): void {
  written.sources[written.sourceCount] = source;
  written.sourceCount += 1;
  result.sourceActivePower_W[source] = (vRe * iRe + vIm * iIm) * BASE_POWER_VA;
  result.sourceReactivePower_var[source] = (vIm * iRe - vRe * iIm) * BASE_POWER_VA;
}

/** Any branch, by the current into its `from` end at this place of the walk; no-load losses on top. */
function writeBranch(
  { walk, result, constants, network }: LoadFlowWorkspace,
  branch: number,
  from: number,
  throughRe: number,
  throughIm: number,
): void {
  const { lineCount, firstSwitchBranch } = network;
  const isTransformer = branch >= lineCount && branch < firstSwitchBranch;
  const noLoad = isTransformer ? constants.transformers.noLoad_pu[branch - lineCount]! : 0;
  const vRe = walk.voltageRe[from]!;
  const vIm = walk.voltageIm[from]!;
  const re = throughRe + noLoad * vRe;
  const im = throughIm + noLoad * vIm;
  result.current_A[branch] = magnitude(re, im) * baseCurrent_A(constants, walk.node[from]!);
  result.activePower_W[branch] = (vRe * re + vIm * im) * BASE_POWER_VA;
  result.reactivePower_var[branch] = (vIm * re - vRe * im) * BASE_POWER_VA;
}
