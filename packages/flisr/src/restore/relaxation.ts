import {
  allowedLoading_pct,
  branchId,
  createLoadFlowWorkspace,
  PICKUP_SHARE,
  type LoadFlowWorkspace,
} from '@relight/powerflow';
import { BRANCH_LINE, BRANCH_TRANSFORMER } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';

/** Smallest unit of power in the search: whole numbers keep sums exact whatever their order. */
export const MILLIWATT_PER_PU = 1e9;
/** A limit met to the last digit is met. */
const ROUNDING = 1e-9;
/** Highest voltage a capacitor is reckoned at, pu squared: generous on purpose. */
const CAPACITOR_VOLTAGE2 = 1.21;

/**
 * Limits and loads as the search sees them: never stricter than the truth. Per unit on 1 MVA and
 * nominal voltage, powers in whole mW. Reasons: docs/methods/restoration.md, section 3.
 */
export interface Relaxation {
  /** Least power taken at each node. */
  readonly active_mW: Float64Array;
  readonly reactive_mvar: Float64Array;
  /** v_to² = ratio² · v_from² − 2 (r p + x q), by branch. */
  readonly ratio2: Float64Array;
  readonly resistance_pu: Float64Array;
  readonly reactance_pu: Float64Array;
  /** Squares of the allowed current (lines, switches) by branch, pu; Infinity = none. */
  readonly current2_pu: Float64Array;
  /** Squares of the allowed apparent power (transformers) by branch, pu; Infinity = none. */
  readonly power2_pu: Float64Array;
  /** Square of the lowest allowed voltage by node, pu. */
  readonly lowest2_pu: Float64Array;
  /** Square of what each source may give, pu. */
  readonly source2_pu: Float64Array;
  /** Square of each source's voltage, pu. */
  readonly sourceVoltage2_pu: Float64Array;
  /**
   * Direction in which power is weighed: P cos φ + Q sin φ is at most the apparent power, whatever
   * φ; the mean power factor of all loads makes it the tightest.
   */
  readonly cosine: number;
  readonly sine: number;
  /** False where a series capacitor makes the voltage bound invalid. */
  readonly boundsVoltage: boolean;
}

export function readRelaxation(problem: RestorationProblem): Relaxation {
  const { network } = problem;
  const constants = createLoadFlowWorkspace(network);
  const { active_mW, reactive_mvar } = leastLoads(problem);
  const { current2_pu, power2_pu } = branchLimits(problem, constants);
  return {
    active_mW,
    reactive_mvar,
    ratio2: constants.ratio.map((ratio) => ratio * ratio),
    resistance_pu: constants.resistance_pu,
    reactance_pu: constants.reactance_pu,
    current2_pu,
    power2_pu,
    lowest2_pu: lowestVoltages(problem),
    source2_pu: sourceLimits(problem),
    sourceVoltage2_pu: Float64Array.from(
      network.grid.sources,
      (source) => source.voltage * source.voltage,
    ),
    ...meanPowerFactor(active_mW, reactive_mvar),
    boundsVoltage: network.grid.lines.every((line) => line.reactance >= 0),
  };
}

function leastLoads({ network, judgedLoads, now }: RestorationProblem) {
  const active_mW = new Float64Array(network.nodeCount);
  const reactive_mvar = new Float64Array(network.nodeCount);
  network.loadNode.forEach((node, at) => {
    active_mW[node]! += Math.round(judgedLoads.activePower_W[at]! * 1000);
    reactive_mvar[node]! += Math.round(judgedLoads.reactivePower_var[at]! * 1000);
  });
  for (const unit of network.grid.generators) {
    if (now.nodeSource[unit.node] === -1) continue;
    active_mW[unit.node]! -= Math.round(unit.activePower * 1000);
    reactive_mvar[unit.node]! -= Math.round(unit.reactivePower * 1000);
  }
  for (const shunt of network.grid.shunts) {
    if (shunt.reactivePower >= 0) continue;
    reactive_mvar[shunt.node]! += Math.round(shunt.reactivePower * 1000 * CAPACITOR_VOLTAGE2);
  }
  return { active_mW, reactive_mvar };
}

function meanPowerFactor(active_mW: Float64Array, reactive_mvar: Float64Array) {
  const positive = (sum: number, power: number): number => sum + Math.max(0, power);
  const active = active_mW.reduce(positive, 0);
  const reactive = reactive_mvar.reduce(positive, 0);
  const apparent = Math.sqrt(active * active + reactive * reactive);
  return apparent === 0
    ? { cosine: 1, sine: 0 }
    : { cosine: active / apparent, sine: reactive / apparent };
}

/** Least power of a node as the bounds weigh it, mW. */
export function weightOf(limits: Relaxation, node: number): number {
  return (
    Math.max(0, limits.active_mW[node]!) * limits.cosine +
    Math.max(0, limits.reactive_mvar[node]!) * limits.sine
  );
}

function branchLimits(problem: RestorationProblem, constants: LoadFlowWorkspace) {
  const { network, request, judge } = problem;
  const { grid, branchCount, branchKind, branchFrom, lineCount, firstSwitchBranch } = network;
  const current2_pu = new Float64Array(branchCount).fill(Number.POSITIVE_INFINITY);
  const power2_pu = new Float64Array(branchCount).fill(Number.POSITIVE_INFINITY);
  const options = { emergencyRatings: request.options.emergencyRatings };
  const exceeded = exceededBefore(problem);
  for (let branch = 0; branch < branchCount; branch++) {
    const share = allowedLoading_pct(network, branch, options) / 100;
    const before = exceeded.get(`loading ${branchId(network, branch)}`) ?? 0;
    const allowed = Math.max(share, (before / 100) * (1 + 1e-4)) * (1 + ROUNDING);
    if (branchKind[branch] === BRANCH_TRANSFORMER) {
      const limit = (allowed * grid.transformers[branch - lineCount]!.ratedPower) / 1e6;
      power2_pu[branch] = limit * limit;
      continue;
    }
    const rated =
      branchKind[branch] === BRANCH_LINE
        ? grid.lines[branch]!.ratedCurrent
        : grid.switches[branch - firstSwitchBranch]!.ratedCurrent;
    let limit_A = rated === null ? Number.POSITIVE_INFINITY : rated * allowed;
    const pickup = grid.switches[branch - firstSwitchBranch]?.pickupCurrent ?? null;
    if (pickup !== null) {
      const reached = exceeded.get(`pickup ${branchId(network, branch)}`) ?? 0;
      limit_A = Math.min(
        limit_A,
        Math.max(PICKUP_SHARE * pickup, reached * (1 + 1e-4)) * (1 + ROUNDING),
      );
    }
    const limit = limit_A / constants.baseCurrent_A[branchFrom[branch]!]!;
    current2_pu[branch] = limit * limit;
  }
  // Without a converged start there is nothing to measure limits against: the judge decides.
  if (!judge.base.converged) {
    current2_pu.fill(Number.POSITIVE_INFINITY);
    power2_pu.fill(Number.POSITIVE_INFINITY);
  }
  return { current2_pu, power2_pu };
}

/** Values already outside their limit after the trip, by kind and equipment. */
function exceededBefore({ judge }: RestorationProblem): ReadonlyMap<string, number> {
  return new Map(
    judge.baseViolations.map((found) => [`${found.kind} ${found.equipment}`, found.value]),
  );
}

function lowestVoltages(problem: RestorationProblem): Float64Array {
  const { limits, connectivityNodes } = problem.network.grid;
  const lowest = problem.request.options.emergencyRatings
    ? limits.emergencyMinVoltage
    : limits.minVoltage;
  const before = exceededBefore(problem);
  return Float64Array.from(connectivityNodes, (node) => {
    const reached = before.get(`voltage ${node.id}`) ?? lowest;
    const allowed = Math.min(lowest, reached * (1 - 1e-4)) * (1 - ROUNDING);
    return allowed * allowed;
  });
}

function sourceLimits(problem: RestorationProblem): Float64Array {
  const before = exceededBefore(problem);
  return Float64Array.from(problem.network.grid.sources, (source) => {
    if (source.maxPower === null) return Number.POSITIVE_INFINITY;
    const reached = (before.get(`source ${source.id}`) ?? 0) * (1 + 1e-4);
    const limit = Math.max(source.maxPower / 1e6, reached) * (1 + ROUNDING);
    return limit * limit;
  });
}
