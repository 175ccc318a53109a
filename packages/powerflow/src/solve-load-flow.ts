import type { Network } from '@relight/topology';
import type { LoadFlow, LoadFlowRequest } from './load-flow.ts';
import { shareOutBareLoops } from './bare-loops.ts';
import { BASE_POWER_VA } from './constants.ts';
import { closeLoops, cutsOfWalk, findBreaks, type LoopBreaks } from './loop-compensation.ts';
import { reduceWalk } from './reduce-walk.ts';
import { startFlat, spreadVoltages, sumCurrents } from './sweep.ts';
import { groupsOfSources, walkTrees } from './walk-trees.ts';
import {
  createLoadFlowArrays,
  createLoadFlowWorkspace,
  type LoadFlowWorkspace,
  type TreeBuffers,
} from './workspace.ts';
import { clearResult, solvedPart, writeResult } from './write-result.ts';

const DEFAULT_TOLERANCE_PU = 1e-10;
const DEFAULT_MAX_ITERATIONS = 100;
/** Below this no constant-power load behaves as one: a solution there is not believed. */
const LOWEST_BELIEVABLE_VOLTAGE_PU = 0.5;
/** Power lost between sources and loads without a trace, as a share of all power, at most. */
const BALANCE_SHARE = 1e-6;
/** 1 mW, so that a state without load passes. */
const BALANCE_FLOOR_PU = 1e-9;

/**
 * Alternating-current load flow of one state by backward/forward sweep over its live trees,
 * compensation currents where a loop is closed. See docs/methods/load-flow.md.
 *
 * `converged` is false, and every figure 0, where the sweeps do not settle, a voltage falls below
 * 0.5 pu, the power balance does not close, a loop has unequal phase shifts, or it has no impedance
 * and `divideEvenly` does not help.
 * Cost: linear in the solved nodes per sweep, typically 5 to 10 sweeps.
 */
export function solveLoadFlow(request: LoadFlowRequest): LoadFlow {
  const workspace = createLoadFlowWorkspace(request.network);
  return solve(workspace, request);
}

/**
 * As `solveLoadFlow`, without allocating arrays: the figures live in the workspace and are
 * written over by the next call on it.
 */
export function solveLoadFlowInto(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
): LoadFlow {
  clearResult(workspace);
  return solve(workspace, request);
}

/** A copy that outlives the workspace's next call. */
export function copyLoadFlow(network: Network, flow: LoadFlow): LoadFlow {
  const arrays = createLoadFlowArrays(network);
  for (const [name, array] of Object.entries(arrays)) {
    array.set(flow[name as keyof typeof arrays]);
  }
  const { nodes, branches, sources } = flow.solved;
  const solved = { nodes: nodes.slice(), branches: branches.slice(), sources: sources.slice() };
  return { ...flow, ...arrays, solved };
}

function solve(workspace: LoadFlowWorkspace, request: LoadFlowRequest): LoadFlow {
  let iterations = 0;
  let losses_W = 0;
  let losses_var = 0;
  const assumed: number[] = [];
  for (const sources of groupsOfSources(request)) {
    const solved = solveTrees(workspace, request, sources);
    iterations = Math.max(iterations, solved.iterations);
    if (solved.losses === null) {
      clearResult(workspace);
      return { ...workspace.result, ...UNSOLVED, iterations, solved: solvedPart(workspace) };
    }
    losses_W += solved.losses.active * BASE_POWER_VA;
    losses_var += solved.losses.reactive * BASE_POWER_VA;
    assumed.push(...solved.assumed);
  }
  return {
    converged: true,
    iterations,
    ...workspace.result,
    losses_W,
    losses_var,
    assumed: assumed.sort((a, b) => a - b),
    solved: solvedPart(workspace),
  };
}

const UNSOLVED = { converged: false, losses_W: 0, losses_var: 0, assumed: [] } as const;

interface SolvedTrees {
  readonly iterations: number;
  /** pu; null = not solved. */
  readonly losses: { readonly active: number; readonly reactive: number } | null;
  readonly assumed: readonly number[];
}

/** One tree, or those that closed loops join, small enough to stay in the processor's cache. */
function solveTrees(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  sources: readonly number[],
): SolvedTrees {
  const tolerance = request.tolerance ?? DEFAULT_TOLERANCE_PU;
  const maxIterations = request.maxIterations ?? DEFAULT_MAX_ITERATIONS;
  const walked = walkTrees(workspace, request, sources);
  const cuts = cutsOfWalk(workspace, request.energisation, walked);
  const ends = cuts.flatMap(({ from, to }) => [from, to]);
  const count = reduceWalk(workspace, request, walked, ends);
  const { tree } = workspace;
  const bareAllowed = request.divideEvenly === true && haveOneAngle(request, sources);
  const breaks = findBreaks(workspace, cuts, bareAllowed);
  const unsolved = (iterations: number): SolvedTrees => ({ iterations, losses: null, assumed: [] });
  if (breaks === null) return unsolved(0);

  const follows = workspace.constants.shares !== null;
  startFlat(tree, count, follows);
  let iterations = 0;
  for (let settled = false; !settled;) {
    if (iterations >= maxIterations) return unsolved(iterations);
    iterations += 1;
    sumCurrents(tree, count);
    const change = spreadVoltages(tree, count, follows);
    const gap = closeLoops(workspace, breaks);
    settled = change <= tolerance * tolerance && gap <= tolerance * tolerance;
    if (!(change < Number.MAX_VALUE && gap < Number.MAX_VALUE)) return unsolved(iterations);
  }
  sumCurrents(tree, count);
  const shared = shareOutBareLoops(workspace, breaks.bare, walked);
  const losses = shared === null ? null : believableLosses(tree, breaks, count, follows);
  if (shared === null || losses === null) return unsolved(iterations);
  writeResult(workspace, breaks, shared, walked);
  return { iterations, losses, assumed: shared.assumed };
}

/** Sources of one angle group may be joined without anything between them. */
function haveOneAngle({ network }: LoadFlowRequest, sources: readonly number[]): boolean {
  const [first = 0] = sources;
  const group = network.grid.sources[first]?.angleGroup;
  return sources.every((source) => network.grid.sources[source]?.angleGroup === group);
}

/**
 * Losses of a settled state, pu; null where a voltage has collapsed or the power that the sources
 * give does not equal what loads, shunts and losses take.
 */
function believableLosses(
  tree: TreeBuffers,
  breaks: LoopBreaks,
  count: number,
  follows: boolean,
): { readonly active: number; readonly reactive: number } | null {
  let active = 0;
  let reactive = 0;
  let missingActive = 0;
  let missingReactive = 0;
  let handled = 0;
  for (let k = 0; k < count; k++) {
    const vRe = tree.voltageRe[k]!;
    const vIm = tree.voltageIm[k]!;
    const iRe = tree.currentRe[k]!;
    const iIm = tree.currentIm[k]!;
    const square = vRe * vRe + vIm * vIm;
    if (!(square >= LOWEST_BELIEVABLE_VOLTAGE_PU * LOWEST_BELIEVABLE_VOLTAGE_PU)) return null;
    let takenActive = tree.active[k]!;
    let takenReactive = tree.reactive[k]! + tree.shuntReactive[k]! * square;
    if (follows) {
      const size = Math.sqrt(square);
      takenActive += tree.activeByCurrent[k]! * size + tree.activeByImpedance[k]! * square;
      takenReactive += tree.reactiveByCurrent[k]! * size + tree.reactiveByImpedance[k]! * square;
    }
    missingActive -= takenActive;
    missingReactive -= takenReactive;
    handled += Math.abs(takenActive) + Math.abs(takenReactive);
    active += tree.noLoad[k]! * square;
    if (tree.parent[k]! < 0) {
      const givenActive = vRe * iRe + vIm * iIm;
      const givenReactive = vIm * iRe - vRe * iIm;
      missingActive += givenActive;
      missingReactive += givenReactive;
      handled += Math.abs(givenActive) + Math.abs(givenReactive);
    } else {
      active += tree.resistance[k]! * (iRe * iRe + iIm * iIm);
      reactive += tree.reactance[k]! * (iRe * iRe + iIm * iIm);
    }
  }
  breaks.currentRe.forEach((re, loop) => {
    const square = re ** 2 + breaks.currentIm[loop]! ** 2;
    active += breaks.resistance[loop]! * square;
    reactive += breaks.reactance[loop]! * square;
  });
  const missing = Math.abs(missingActive - active) + Math.abs(missingReactive - reactive);
  if (!(missing <= BALANCE_SHARE * handled + BALANCE_FLOOR_PU)) return null;
  return { active, reactive };
}
