import { magnitude } from '@relight/foundation';
import { BRANCH_LINE, BRANCH_TRANSFORMER, type Network } from '@relight/topology';
import type { LoadFlow } from './load-flow.ts';

/**
 * Loading of a branch in % of its rating: current against `rated_A` of a line or switch, apparent
 * power at the more loaded end against `rated_MVA` of a transformer. null: no rating, no limit.
 */
export function branchLoading_pct(network: Network, flow: LoadFlow, branch: number): number | null {
  return loadingBy(ratingsOf(network), network, flow, branch);
}

/** As `branchLoading_pct`, for those who ask for many branches and have the ratings at hand. */
export function loadingBy(
  { values, codes }: Ratings,
  network: Network,
  flow: LoadFlow,
  branch: number,
): number | null {
  const rated = values[codes[branch]!]!;
  return rated === UNLIMITED ? null : (100 * loadOfBranch(network, flow, branch)) / rated;
}

/** Current in A, or apparent power in VA of a transformer: what its rating is compared with. */
export function loadOfBranch(network: Network, flow: LoadFlow, branch: number): number {
  const current = flow.current_A[branch] ?? 0;
  if (network.branchKind[branch] !== BRANCH_TRANSFORMER) return current;
  const transformer = network.grid.transformers[branch - network.lineCount];
  if (transformer === undefined) return 0;
  const active_W = flow.activePower_W[branch] ?? 0;
  const reactive_var = flow.reactivePower_var[branch] ?? 0;
  const fromVoltage = flow.voltage_pu[transformer.from] ?? 0;
  const toVoltage = flow.voltage_pu[transformer.to] ?? 0;
  if (fromVoltage === 0) return 0;
  // The ideal ratio passes on what the iron has not taken: power by the voltage behind it.
  const passedOn_W = active_W - transformer.noLoadLosses * fromVoltage * fromVoltage;
  const to_VA = (magnitude(passedOn_W, reactive_var) * toVoltage * transformer.tap) / fromVoltage;
  const from_VA = magnitude(active_W, reactive_var);
  return Math.max(from_VA, to_VA);
}

/** What branches are rated for, A, transformers in VA: few values in a grid, so one code a branch. */
export interface Ratings {
  readonly values: readonly number[];
  readonly codes: Uint16Array | Uint32Array;
}

const UNLIMITED = Number.POSITIVE_INFINITY;
const MOST_SHORT_CODES = 65_536;

const ratings = new WeakMap<Network, Ratings>();

/** Linear in the grid the first time; 2 byte per branch. */
export function ratingsOf(network: Network): Ratings {
  const known = ratings.get(network);
  if (known !== undefined) return known;
  const codeOf = new Map<number, number>();
  const codes = new Uint32Array(network.branchCount);
  for (let branch = 0; branch < network.branchCount; branch++) {
    const rated = ratedValue(network, branch) ?? UNLIMITED;
    let code = codeOf.get(rated);
    if (code === undefined) codeOf.set(rated, (code = codeOf.size));
    codes[branch] = code;
  }
  const found = {
    values: [...codeOf.keys()],
    codes: codeOf.size <= MOST_SHORT_CODES ? Uint16Array.from(codes) : codes,
  };
  ratings.set(network, found);
  return found;
}

/** Rating in A, of a transformer in VA; null = unlimited. */
function ratedValue(network: Network, branch: number): number | null {
  const { grid, lineCount, firstSwitchBranch, branchKind } = network;
  if (branchKind[branch] === BRANCH_LINE) return grid.lines[branch]?.ratedCurrent ?? null;
  if (branchKind[branch] === BRANCH_TRANSFORMER) {
    return grid.transformers[branch - lineCount]?.ratedPower ?? null;
  }
  return grid.switches[branch - firstSwitchBranch]?.ratedCurrent ?? null;
}

/** Id of a branch. */
export function branchId(network: Network, branch: number): string {
  const { grid, lineCount, firstSwitchBranch } = network;
  const equipment =
    branch < lineCount
      ? grid.lines[branch]
      : branch < firstSwitchBranch
        ? grid.transformers[branch - lineCount]
        : grid.switches[branch - firstSwitchBranch];
  return equipment?.id ?? '';
}

/**
 * The most loaded branch in % of its rating, the first by index where several are equal; null
 * where nothing with a rating carries current.
 */
export function highestLoading(
  network: Network,
  flow: LoadFlow,
): { readonly loading_pct: number; readonly branch: number } | null {
  const rated = ratingsOf(network);
  const { branches } = flow.solved;
  let highest = 0;
  let at = -1;
  for (let k = 0; k < branches.length; k++) {
    const branch = branches[k]!;
    const loading_pct = loadingBy(rated, network, flow, branch) ?? 0;
    if (loading_pct < highest || (loading_pct === highest && (at === -1 || branch > at))) continue;
    highest = loading_pct;
    at = branch;
  }
  return at === -1 || highest === 0 ? null : { loading_pct: highest, branch: at };
}

/** The lowest voltage of the solved nodes; the first by id where several are equal. */
export function lowestVoltage(
  flow: LoadFlow,
): { readonly voltage_pu: number; readonly node: number } | null {
  let lowest = Number.MAX_VALUE;
  let at = -1;
  const { nodes } = flow.solved;
  for (let k = 0; k < nodes.length; k++) {
    const node = nodes[k]!;
    const voltage_pu = flow.voltage_pu[node]!;
    if (voltage_pu > lowest || (voltage_pu === lowest && node > at)) continue;
    lowest = voltage_pu;
    at = node;
  }
  return at === -1 ? null : { voltage_pu: lowest, node: at };
}
