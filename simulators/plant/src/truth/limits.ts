import { loadOfBranch, solveLoadFlowInto } from '@relight/powerflow';
import type { LoadFlow, LoadFlowWorkspace } from '@relight/powerflow';
import { BRANCH_TRANSFORMER } from '@relight/topology';
import type { Energisation, Network, Positions } from '@relight/topology';
import type { SupplyQuestion } from './supply-question.ts';

/** Where a state breaks a limit. `tree`: the whole tree of a source (its power, no solution). */
export type Breach =
  | { readonly kind: 'branch'; readonly branch: number }
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'tree'; readonly source: number }
  /** A transformer fed from its lower-voltage side. */
  | { readonly kind: 'winding'; readonly branch: number };

/** `formats.md`: no element is more than 0.01 % over its limit, nor worse than it was before. */
const TOLERANCE = 1e-4;
const PICKUP_SHARE = 0.9;

/** What each element may carry; Infinity where nothing limits it. */
export interface Limits {
  /** A, of a transformer VA, by branch. */
  readonly branch: Float64Array;
  /** VA by source. */
  readonly source: Float64Array;
  /** pu, by node. */
  readonly lowestVoltage: Float64Array;
  readonly highestVoltage: Float64Array;
}

/** The limits of the grid file (`formats.md`): ratings, nine tenths of the pickup, voltage band. */
export function limitsOf(network: Network): Limits {
  const { grid } = network;
  const factor = grid.limits.loadingFactor;
  const branch = new Float64Array(network.branchCount).fill(Infinity);
  grid.lines.forEach((line, index) => {
    if (line.ratedCurrent !== null) branch[index] = factor * line.ratedCurrent;
  });
  grid.transformers.forEach((transformer, index) => {
    branch[network.lineCount + index] = factor * transformer.ratedPower;
  });
  grid.switches.forEach((each, index) => {
    const rated = each.ratedCurrent === null ? Infinity : factor * each.ratedCurrent;
    const pickup = each.pickupCurrent === null ? Infinity : PICKUP_SHARE * each.pickupCurrent;
    branch[network.firstSwitchBranch + index] = Math.min(rated, pickup);
  });
  return {
    branch,
    source: Float64Array.from(grid.sources, (source) => source.maxPower ?? Infinity),
    lowestVoltage: new Float64Array(network.nodeCount).fill(grid.limits.minVoltage),
    highestVoltage: new Float64Array(network.nodeCount).fill(grid.limits.maxVoltage),
  };
}

/** What is outside its limit already does not forbid a state; it may only not get worse. */
export function easeToPresent(network: Network, limits: Limits, present: LoadFlow): Limits {
  const worse = (limit: number, value: number): number => Math.max(limit, value);
  return {
    branch: limits.branch.map((limit, branch) =>
      worse(limit, loadOfBranch(network, present, branch)),
    ),
    source: limits.source.map((limit, source) => worse(limit, sourcePower(present, source))),
    lowestVoltage: limits.lowestVoltage.map((limit, node) => {
      const value = present.voltage_pu[node]!;
      return value > 0 ? Math.min(limit, value) : limit;
    }),
    highestVoltage: limits.highestVoltage.map((limit, node) =>
      worse(limit, present.voltage_pu[node]!),
    ),
  };
}

function sourcePower(flow: LoadFlow, source: number): number {
  const active = flow.sourceActivePower_W[source]!;
  const reactive = flow.sourceReactivePower_var[source]!;
  return Math.sqrt(active * active + reactive * reactive);
}

/**
 * The first limit that the trees of the given sources break: a winding fed backwards, then the
 * most overloaded branch, then sources, then voltages. null: all within limits.
 */
export function findBreach(
  workspace: LoadFlowWorkspace,
  limits: Limits,
  question: SupplyQuestion,
  positions: Positions,
  energisation: Energisation,
  sources: ReadonlySet<number>,
): Breach | null {
  const { network } = workspace;
  const backwards = windingFedBackwards(network, energisation);
  if (backwards !== null) return { kind: 'winding', branch: backwards };
  const flow = solveLoadFlowInto(workspace, {
    network,
    positions,
    energisation,
    loads: question.loads,
    generators: question.generators,
    onlySources: sources,
  });
  const [first = 0] = sources;
  if (!flow.converged) return { kind: 'tree', source: first };

  let worst: number | null = null;
  let worstRatio = 1 + TOLERANCE;
  for (let branch = 0; branch < network.branchCount; branch++) {
    const limit = limits.branch[branch]!;
    if (limit === Infinity || flow.current_A[branch] === 0) continue;
    const ratio = loadOfBranch(network, flow, branch) / limit;
    if (ratio > worstRatio) {
      worstRatio = ratio;
      worst = branch;
    }
  }
  if (worst !== null) return { kind: 'branch', branch: worst };
  for (const source of sources) {
    if (sourcePower(flow, source) > limits.source[source]! * (1 + TOLERANCE)) {
      return { kind: 'tree', source };
    }
  }
  for (let node = 0; node < network.nodeCount; node++) {
    const value = flow.voltage_pu[node]!;
    if (value === 0) continue;
    const low = value < limits.lowestVoltage[node]! * (1 - TOLERANCE);
    if (low || value > limits.highestVoltage[node]! * (1 + TOLERANCE))
      return { kind: 'node', node };
  }
  return null;
}

function windingFedBackwards(network: Network, energisation: Energisation): number | null {
  for (let branch = network.lineCount; branch < network.firstSwitchBranch; branch++) {
    if (network.branchKind[branch] !== BRANCH_TRANSFORMER) continue;
    if (energisation.parentBranch[network.branchFrom[branch]!] === branch) return branch;
  }
  return null;
}
