import {
  allowedLoading_pct,
  baseCurrent_A,
  branchId,
  PICKUP_SHARE,
  ratioOf,
  type LoadShares,
  type LoadState,
} from '@relight/powerflow';
import type { EnergySource } from '@relight/grid';
import { BRANCH_LINE, BRANCH_TRANSFORMER, type Network } from '@relight/topology';
import type { Kernel } from './kernel.ts';
import type { RestorationProblem } from './problem.ts';

/** Smallest unit of power in the search: whole numbers keep sums exact whatever their order. */
export const MILLIWATT_PER_PU = 1e9;
/** A limit met to the last digit is met. */
const ROUNDING = 1e-9;
/** Highest voltage a capacitor is reckoned at, pu squared: generous on purpose. */
const CAPACITOR_VOLTAGE2 = 1.21;

/**
 * Limits and loads as the search sees them, by the load of the heaviest hour (a plan has to be legal
 * in each): never stricter than the truth. Per unit on 1 MVA and
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
  /** True where nothing feeds in or lifts the voltage: no power is below 0. */
  readonly onlyLoads: boolean;
  /** True where loads take less as their voltage falls: more load somewhere is less elsewhere. */
  readonly followsVoltage: boolean;
  /** False where a series capacitor makes the voltage bound invalid. */
  readonly boundsVoltage: boolean;
}

/**
 * Looks at the trees of the sources given, so that what they break already is known; the limits
 * of other trees are as the file has them.
 */
export function readRelaxation(
  problem: RestorationProblem,
  sources: ReadonlySet<number>,
): Relaxation {
  const { network, kernel, strictest, request } = problem;
  strictest.lookAt(sources);
  const limits = limitsOf(kernel, network, request.options.emergencyRatings);
  return {
    ...leastLoads(problem),
    ratio2: limits.ratio2,
    resistance_pu: kernel.flow.constants.resistance_pu,
    reactance_pu: kernel.flow.constants.reactance_pu,
    ...strainedLimits(problem, limits),
    sourceVoltage2_pu: limits.sourceVoltage2_pu,
    boundsVoltage: limits.boundsVoltage,
  };
}

type LeastLoads = Pick<
  Relaxation,
  'active_mW' | 'reactive_mvar' | 'cosine' | 'sine' | 'onlyLoads' | 'followsVoltage'
>;

const leastLoadsOf = new WeakMap<
  LoadState,
  { network: Network; lowest: number; least: LeastLoads }
>();

function leastLoads(problem: RestorationProblem): LeastLoads {
  const { network, strictest, kernel } = problem;
  const { loads } = strictest;
  const { shares } = kernel.flow.constants;
  const lowest = shares === null ? 1 : lowestLegal_pu(problem);
  const known = leastLoadsOf.get(loads);
  if (known?.network === network && known.lowest === lowest) return known.least;
  const active_mW = new Float64Array(network.nodeCount);
  const reactive_mvar = new Float64Array(network.nodeCount);
  const { activePower_W, reactivePower_var } = loads;
  for (let at = 0; at < network.loadNode.length; at++) {
    const node = network.loadNode[at]!;
    const active = activePower_W[at]! * 1000;
    const reactive = reactivePower_var[at]! * 1000;
    active_mW[node]! += Math.round(active * leastShare(shares, at, active, lowest));
    reactive_mvar[node]! += Math.round(reactive * leastShare(shares, at, reactive, lowest));
  }
  network.grid.generators.forEach((unit, at) => {
    const share = strictest.generation[at]!;
    active_mW[unit.node]! -= Math.round(share * unit.activePower * 1000);
    reactive_mvar[unit.node]! -= Math.round(share * unit.reactivePower * 1000);
  });
  for (const shunt of network.grid.shunts) {
    if (shunt.reactivePower >= 0) continue;
    reactive_mvar[shunt.node]! += Math.round(shunt.reactivePower * 1000 * CAPACITOR_VOLTAGE2);
  }
  const isLoad = (power: number): boolean => power >= 0;
  const least = {
    active_mW,
    reactive_mvar,
    ...meanPowerFactor(active_mW, reactive_mvar),
    onlyLoads: active_mW.every(isLoad) && reactive_mvar.every(isLoad),
    followsVoltage: shares !== null,
  };
  // With generators it depends on what is out.
  if (network.grid.generators.length === 0) leastLoadsOf.set(loads, { network, lowest, least });
  return least;
}

/** The lowest voltage that a legal state can have, pu: that allowed, or what is below it already. */
function lowestLegal_pu({ network, request, strictest }: RestorationProblem): number {
  if (!strictest.baseConverged) return 0;
  const { minVoltage, emergencyMinVoltage } = network.grid.limits;
  const allowed = request.options.emergencyRatings ? emergencyMinVoltage : minVoltage;
  const found = strictest.baseViolations.filter(({ kind }) => kind === 'voltage');
  return Math.min(allowed, ...found.map(({ value }) => value)) * (1 - 1e-4) * (1 - ROUNDING);
}

/** The least part of a power that a load takes at any legal voltage; of what feeds in, the most. */
function leastShare(
  shares: LoadShares | null,
  load: number,
  power: number,
  lowest: number,
): number {
  if (shares === null) return 1;
  const [impedance, current] = [shares.impedance[load]!, shares.current[load]!];
  const voltage2 = power > 0 ? lowest * lowest : CAPACITOR_VOLTAGE2;
  return 1 - impedance - current + current * Math.sqrt(voltage2) + impedance * voltage2;
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

/** Limits of the file, which hold where nothing is outside them. */
interface NetworkLimits extends Pick<
  Relaxation,
  | 'ratio2'
  | 'current2_pu'
  | 'power2_pu'
  | 'lowest2_pu'
  | 'source2_pu'
  | 'sourceVoltage2_pu'
  | 'boundsVoltage'
> {
  readonly emergencyRatings: boolean;
  /** What the plan at hand has changed in them, the last first: put back before the next change. */
  readonly changed: { readonly column: Float64Array; readonly at: number; readonly was: number }[];
}

const limitsOfNetwork = new WeakMap<Network, NetworkLimits[]>();

function limitsOf(kernel: Kernel, network: Network, emergencyRatings: boolean): NetworkLimits {
  const known = limitsOfNetwork.get(network) ?? [];
  const found = known.find((each) => each.emergencyRatings === emergencyRatings);
  if (found !== undefined) return found;
  const { branchCount, nodeCount, grid } = network;
  const current2_pu = new Float64Array(branchCount);
  const power2_pu = new Float64Array(branchCount);
  for (let branch = 0; branch < branchCount; branch++) {
    const limit = branchLimit(kernel, network, branch, emergencyRatings, NOTHING);
    current2_pu[branch] = limit.current2_pu;
    power2_pu[branch] = limit.power2_pu;
  }
  const lowest = emergencyRatings ? grid.limits.emergencyMinVoltage : grid.limits.minVoltage;
  const allowed = lowest * (1 - ROUNDING);
  const limits = {
    emergencyRatings,
    ratio2: current2_pu.map((_, branch) => ratioOf(kernel.flow.constants, branch) ** 2),
    current2_pu,
    power2_pu,
    lowest2_pu: new Float64Array(nodeCount).fill(allowed * allowed),
    source2_pu: Float64Array.from(grid.sources, (source) => sourceLimit2_pu(source, NOTHING)),
    sourceVoltage2_pu: Float64Array.from(grid.sources, ({ voltage }) => voltage * voltage),
    changed: [],
    boundsVoltage: grid.lines.every((line) => line.reactance >= 0),
  };
  limitsOfNetwork.set(network, [...known, limits]);
  return limits;
}

const NOTHING: ReadonlyMap<string, number> = new Map();

function branchLimit(
  { flow }: Kernel,
  network: Network,
  branch: number,
  emergencyRatings: boolean,
  exceeded: ReadonlyMap<string, number>,
): { readonly current2_pu: number; readonly power2_pu: number } {
  const { grid, branchKind, branchFrom, lineCount, firstSwitchBranch } = network;
  const none = Number.POSITIVE_INFINITY;
  const share = allowedLoading_pct(network, branch, { emergencyRatings }) / 100;
  const before = exceeded.get(`loading ${branchId(network, branch)}`) ?? 0;
  const allowed = Math.max(share, (before / 100) * (1 + 1e-4)) * (1 + ROUNDING);
  if (branchKind[branch] === BRANCH_TRANSFORMER) {
    const limit = (allowed * grid.transformers[branch - lineCount]!.ratedPower) / 1e6;
    return { current2_pu: none, power2_pu: limit * limit };
  }
  const rated =
    branchKind[branch] === BRANCH_LINE
      ? grid.lines[branch]!.ratedCurrent
      : grid.switches[branch - firstSwitchBranch]!.ratedCurrent;
  let limit_A = rated === null ? none : rated * allowed;
  const pickup =
    branch < firstSwitchBranch ? null : grid.switches[branch - firstSwitchBranch]!.pickupCurrent;
  if (pickup !== null) {
    const reached = exceeded.get(`pickup ${branchId(network, branch)}`) ?? 0;
    limit_A = Math.min(
      limit_A,
      Math.max(PICKUP_SHARE * pickup, reached * (1 + 1e-4)) * (1 + ROUNDING),
    );
  }
  const limit = limit_A / baseCurrent_A(flow.constants, branchFrom[branch]!);
  return { current2_pu: limit * limit, power2_pu: none };
}

/**
 * The limits with room for what is outside them after the trip already. Written over by the next call
 * for the same network: a copy would cost as much as the grid.
 */
function strainedLimits(
  problem: RestorationProblem,
  limits: NetworkLimits,
): Pick<Relaxation, 'current2_pu' | 'power2_pu' | 'lowest2_pu' | 'source2_pu'> {
  const { network, kernel, strictest } = problem;
  const { current2_pu, power2_pu, lowest2_pu, source2_pu, changed } = limits;
  for (let last = changed.pop(); last !== undefined; last = changed.pop()) {
    last.column[last.at] = last.was;
  }
  const change = (column: Float64Array, at: number, value: number): void => {
    changed.push({ column, at, was: column[at]! });
    column[at] = value;
  };
  const base = strictest.baseViolations;
  /** Values already outside their limit after the trip, by kind and equipment. */
  const exceeded = new Map(base.map((found) => [`${found.kind} ${found.equipment}`, found.value]));
  for (const found of base) {
    const branch = branchOf(network, found.equipment);
    const node = network.index.node.get(found.equipment);
    const source = network.index.source.get(found.equipment);
    if (found.kind === 'voltage' && node !== undefined && found.value < found.allowed) {
      const allowed = found.value * (1 - 1e-4) * (1 - ROUNDING);
      change(lowest2_pu, node, allowed * allowed);
    } else if (found.kind === 'source' && source !== undefined) {
      change(source2_pu, source, sourceLimit2_pu(network.grid.sources[source]!, exceeded));
    } else if ((found.kind === 'loading' || found.kind === 'pickup') && branch !== -1) {
      const limit = branchLimit(kernel, network, branch, limits.emergencyRatings, exceeded);
      change(current2_pu, branch, limit.current2_pu);
      change(power2_pu, branch, limit.power2_pu);
    }
  }
  if (strictest.baseConverged) return { current2_pu, power2_pu, lowest2_pu, source2_pu };
  // Without a converged start there is nothing to measure limits against: the judge decides.
  const none = new Float64Array(network.branchCount).fill(Number.POSITIVE_INFINITY);
  return { current2_pu: none, power2_pu: none, lowest2_pu, source2_pu };
}

/** Square of what a source may give, pu; Infinity = no limit. */
function sourceLimit2_pu(source: EnergySource, exceeded: ReadonlyMap<string, number>): number {
  if (source.maxPower === null) return Number.POSITIVE_INFINITY;
  const reached = (exceeded.get(`source ${source.id}`) ?? 0) * (1 + 1e-4);
  const limit = Math.max(source.maxPower / 1e6, reached) * (1 + ROUNDING);
  return limit * limit;
}

function branchOf({ index, lineCount, firstSwitchBranch }: Network, id: string): number {
  const line = index.line.get(id);
  if (line !== undefined) return line;
  const transformer = index.transformer.get(id);
  if (transformer !== undefined) return lineCount + transformer;
  const at = index.switch.get(id);
  return at === undefined ? -1 : firstSwitchBranch + at;
}
