import { assert, magnitude } from '@relight/foundation';
import { BRANCH_LINE, BRANCH_TRANSFORMER, type Network } from '@relight/topology';
import type { LoadFlow } from './load-flow.ts';
import { branchId, loadingBy, ratingsOf, type Ratings } from './loading.ts';

/** A limit that a solved state breaks. */
export interface Violation {
  readonly kind: 'loading' | 'voltage' | 'source' | 'pickup';
  /** Line, transformer or switch (loading, pickup), node (voltage), source (source). */
  readonly equipment: string;
  readonly value: number;
  readonly allowed: number;
  /** % of the rating (loading), pu (voltage), MVA (source), A (pickup). */
  readonly unit: '%' | 'pu' | 'MVA' | 'A';
}

export interface ViolationOptions {
  /** Emergency ratings where an element has one, and the emergency lower voltage. */
  readonly emergencyRatings?: boolean;
}

/** Load may reach this share of a protection's pickup. */
export const PICKUP_SHARE = 0.9;
/** Rounding of the sums, not a margin: a value exactly at its limit is allowed. */
const ROUNDING = 1e-9;

/**
 * Every limit broken in a solved state: branches by index, then sources, then nodes. Only what
 * was solved is judged.
 * @throws InvariantError if the flow did not converge: there is nothing to judge, and such a
 *   state counts as infeasible.
 */
export function violations(
  network: Network,
  flow: LoadFlow,
  options: ViolationOptions = {},
): readonly Violation[] {
  assert(flow.converged, 'an unconverged load flow has no figures to judge');
  const found: Violation[] = [];
  const { nodes, branches, sources } = flow.solved;
  const judge = (indices: Int32Array, one: (index: number, into: Violation[]) => void): void => {
    let broken: { readonly index: number; readonly violations: readonly Violation[] }[] | null =
      null;
    let own: Violation[] = [];
    for (let k = 0; k < indices.length; k++) {
      one(indices[k]!, own);
      if (own.length === 0) continue;
      (broken ??= []).push({ index: indices[k]!, violations: own });
      own = [];
    }
    if (broken === null) return;
    broken.sort((a, b) => a.index - b.index);
    for (const each of broken) found.push(...each.violations);
  };
  const rated = ratingsOf(network);
  judge(branches, (branch, into) => judgeLoading(network, rated, flow, branch, options, into));
  judge(branches, (branch, into) => judgePickup(network, flow, branch, into));
  judge(sources, (source, into) => judgeSource(network, flow, source, into));
  judge(nodes, (node, into) => judgeVoltage(network, flow, node, options, into));
  return found;
}

function exceeds(value: number, allowed: number): boolean {
  return value > allowed * (1 + ROUNDING);
}

function judgeLoading(
  network: Network,
  rated: Ratings,
  flow: LoadFlow,
  branch: number,
  options: ViolationOptions,
  found: Violation[],
): void {
  if (flow.current_A[branch] === 0) return;
  const value = loadingBy(rated, network, flow, branch);
  if (value === null) return;
  const allowed = allowedLoading_pct(network, branch, options);
  if (!exceeds(value, allowed)) return;
  found.push({ kind: 'loading', equipment: branchId(network, branch), value, allowed, unit: '%' });
}

/** How far a plan may load a branch that has a rating, in % of it. */
export function allowedLoading_pct(
  network: Network,
  branch: number,
  options: ViolationOptions = {},
): number {
  const { grid, branchKind, lineCount } = network;
  const normal = 100 * grid.limits.loadingFactor;
  if (options.emergencyRatings !== true) return normal;
  if (branchKind[branch] === BRANCH_LINE) {
    const line = grid.lines[branch];
    const rated = line?.ratedCurrent ?? null;
    const emergency = line?.emergencyCurrent ?? null;
    return rated === null || emergency === null ? normal : (100 * emergency) / rated;
  }
  if (branchKind[branch] === BRANCH_TRANSFORMER) {
    const transformer = grid.transformers[branch - lineCount];
    const emergency = transformer?.emergencyPower ?? null;
    return transformer === undefined || emergency === null
      ? normal
      : (100 * emergency) / transformer.ratedPower;
  }
  return normal;
}

function judgePickup(network: Network, flow: LoadFlow, branch: number, found: Violation[]): void {
  if (branch < network.firstSwitchBranch) return;
  const device = network.grid.switches[branch - network.firstSwitchBranch]!;
  if (device.pickupCurrent === null) return;
  const value = flow.current_A[branch]!;
  const allowed = PICKUP_SHARE * device.pickupCurrent;
  if (exceeds(value, allowed)) {
    found.push({ kind: 'pickup', equipment: device.id, value, allowed, unit: 'A' });
  }
}

function judgeSource(network: Network, flow: LoadFlow, index: number, found: Violation[]): void {
  const { id, maxPower } = network.grid.sources[index]!;
  if (maxPower === null) return;
  const active_W = flow.sourceActivePower_W[index]!;
  const reactive_var = flow.sourceReactivePower_var[index]!;
  const value = magnitude(active_W, reactive_var) / 1e6;
  const allowed = maxPower / 1e6;
  if (exceeds(value, allowed)) {
    found.push({ kind: 'source', equipment: id, value, allowed, unit: 'MVA' });
  }
}

function judgeVoltage(
  network: Network,
  flow: LoadFlow,
  index: number,
  options: ViolationOptions,
  found: Violation[],
): void {
  const { limits, connectivityNodes } = network.grid;
  const lowest = options.emergencyRatings === true ? limits.emergencyMinVoltage : limits.minVoltage;
  const value = flow.voltage_pu[index]!;
  const allowed = value < 1 ? lowest : limits.maxVoltage;
  const broken = value < 1 ? exceeds(allowed, value) : exceeds(value, allowed);
  if (!broken) return;
  const equipment = connectivityNodes[index]!.id;
  found.push({ kind: 'voltage', equipment, value, allowed, unit: 'pu' });
}
