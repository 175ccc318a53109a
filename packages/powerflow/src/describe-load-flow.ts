import { round9 } from '@relight/foundation';
import type { Energisation, Network } from '@relight/topology';
import type { LoadFlow } from './load-flow.ts';
import { branchId, branchLoading_pct, highestLoading, lowestVoltage } from './loading.ts';

/**
 * The JSON of `relight loadflow` (formats.md), computing time apart. Where the flow did not
 * converge every figure is null and `nodes` and `branches` are empty.
 */
export interface LoadFlowView {
  readonly converged: boolean;
  readonly iterations: number;
  readonly losses_kW: number | null;
  readonly losses_kvar: number | null;
  readonly minVoltage_pu: number | null;
  readonly minVoltageNode: string | null;
  /** null where nothing that is loaded has a rating. */
  readonly maxLoading_pct: number | null;
  readonly maxLoadingAt: string | null;
  /** Live nodes. */
  readonly nodes: Readonly<Record<string, NodeView>>;
  /** Every line, transformer and switch; 0 where it is open or dead. */
  readonly branches: Readonly<Record<string, BranchView>>;
  readonly deenergised: readonly string[];
  /** Branches in a loop without impedance: their current is shared out evenly, not known. */
  readonly assumed: readonly string[];
}

interface NodeView {
  readonly voltage_pu: number;
  readonly angle_deg: number;
}

interface BranchView {
  /** At the `from` end, as the power. */
  readonly current_A: number;
  readonly p_kW: number;
  readonly q_kvar: number;
  /** null: no rating. */
  readonly loading_pct: number | null;
}

/** Figures are rounded to nine significant digits. */
export function describeLoadFlow(
  network: Network,
  energisation: Energisation,
  flow: LoadFlow,
): LoadFlowView {
  const { connectivityNodes } = network.grid;
  const deenergised = connectivityNodes
    .filter((_, node) => energisation.nodeSource[node] === -1)
    .map((node) => node.id);
  const { converged, iterations } = flow;
  if (!converged) return { converged, iterations, ...NO_FIGURES, deenergised };

  const lowest = lowestVoltage(flow);
  const highest = highestLoading(network, flow);
  const nodes = new Map<string, NodeView>();
  connectivityNodes.forEach((node, index) => {
    const voltage_pu = flow.voltage_pu[index] ?? 0;
    if (voltage_pu === 0) return;
    const angle_deg = round9(flow.voltageAngle_deg[index] ?? 0);
    nodes.set(node.id, { voltage_pu: round9(voltage_pu), angle_deg });
  });
  const branches = new Map<string, BranchView>();
  for (let branch = 0; branch < network.branchCount; branch++) {
    const loading_pct = branchLoading_pct(network, flow, branch);
    branches.set(branchId(network, branch), {
      current_A: round9(flow.current_A[branch] ?? 0),
      p_kW: round9((flow.activePower_W[branch] ?? 0) / 1e3),
      q_kvar: round9((flow.reactivePower_var[branch] ?? 0) / 1e3),
      loading_pct: loading_pct === null ? null : round9(loading_pct),
    });
  }
  return {
    converged,
    iterations,
    losses_kW: round9(flow.losses_W / 1e3),
    losses_kvar: round9(flow.losses_var / 1e3),
    minVoltage_pu: lowest === null ? null : round9(lowest.voltage_pu),
    minVoltageNode: lowest === null ? null : (connectivityNodes[lowest.node]?.id ?? null),
    maxLoading_pct: highest === null ? null : round9(highest.loading_pct),
    maxLoadingAt: highest === null ? null : branchId(network, highest.branch),
    nodes: Object.fromEntries(nodes),
    branches: Object.fromEntries(branches),
    deenergised,
    assumed: flow.assumed.map((branch) => branchId(network, branch)),
  };
}

const NO_FIGURES = {
  losses_kW: null,
  losses_kvar: null,
  minVoltage_pu: null,
  minVoltageNode: null,
  maxLoading_pct: null,
  maxLoadingAt: null,
  nodes: {},
  branches: {},
  assumed: [],
} as const;
