import { fail, ok, round9, type Result } from '@relight/foundation';
import {
  BASE_POWER_VA,
  branchId,
  highestLoading,
  lowestVoltage,
  solveLoadFlow,
  violations,
  type LoadFlow,
  type LoadState,
  loadFlowConstants,
} from '@relight/powerflow';
import { CLOSED, energise, OPEN, type Network, type Positions } from '@relight/topology';
import { describeWarnings } from './describe-warnings.ts';
import type { Forest, VoltageRange } from './forest.ts';
import { openLeastCurrent } from './open-least-current.ts';
import { proveLeastLosses } from './prove.ts';
import { searchLeastLosses } from './search.ts';
import { buildSwitchableGraph, type SwitchableGraph } from './switchable-graph.ts';

export interface ReconfigureRequest {
  readonly network: Network;
  /** State to start from: what is dark in it stays dark, and its losses are the base. */
  readonly positions: Positions;
  readonly loads: LoadState;
  /** Seed of the search's random stream; default 1. */
  readonly seed?: number;
  /** Disturbances tried after the first descent; default by the size of the grid. */
  readonly rounds?: number;
  /** Parts of the search space the proof may look at, at most 5,000; default by the size of the grid. */
  readonly parts?: number;
}

/** The answer of `relight reconfigure --objective losses` (formats.md). */
export interface Reconfiguration {
  /** Every open switch of the state found, sorted by id. */
  readonly openSwitches: readonly string[];
  /** What is to be moved, from the state at the start; sorted by id. */
  readonly open: readonly string[];
  readonly close: readonly string[];
  /** By AC load flow of the whole grid, no-load losses of transformers included. */
  readonly losses_kW: number;
  readonly baseLosses_kW: number;
  readonly minVoltage_pu: number | null;
  readonly minVoltageNode: string | null;
  readonly maxLoading_pct: number | null;
  readonly maxLoadingAt: string | null;
  readonly warnings: readonly string[];
  readonly warningsVi: readonly string[];
  readonly proof: {
    /** `optimal`: nothing better exists, to one part in a million; else see the bound. */
    readonly status: 'optimal' | 'bounded';
    /** No radial state that keeps what is live, and the voltages within their range, loses less. */
    readonly bounds: { readonly losses_kW: number };
    /** (losses − bound) / losses. */
    readonly gap_pct: number;
    /** States solved by load flow and parts of the search space bounded. */
    readonly explored: number;
  };
}

export type ReconfigureError =
  /** The state at the start has no load flow to compare with. */
  | { readonly kind: 'unsolved' }
  /** A loop that no remote switch can open. */
  | { readonly kind: 'fixedLoop'; readonly equipment: readonly string[] }
  /** No radial state found has a load flow. */
  | { readonly kind: 'nothingRadial' };

/** Work for the rounds of the search, in vertices of the graph. */
const ROUND_WORK = 300_000;
const MOST_ROUNDS = 300;
const FEWEST_ROUNDS = 40;
/** Work for the proof, in squares of the edges of the graph: what a part costs, and their number. */
const PROOF_WORK = 3e7;
const MOST_PARTS = 5000;
/** The proof is to one part in a million, and so are the losses of the search. */
const EQUAL = 3e-6;

/**
 * The radial state with the least losses that remote switches can reach, by branch exchange; see
 * docs/methods/reconfiguration.md. Moved are remote switches that break load current; all that is
 * live stays live, fed by one source; no transformer is fed from its other side; no more limits are
 * broken than at the start.
 *
 * Cost: a few seconds for 10,000 nodes and 250 open ties; the same request gives the same answer.
 */
export function reconfigureForLosses(
  request: ReconfigureRequest,
): Result<Reconfiguration, ReconfigureError> {
  const { network, positions, loads } = request;
  const energisation = energise(network, positions);
  const base = solve(network, positions, loads);
  if (!base.converged) return fail({ kind: 'unsolved' });
  const brokenAtStart = violations(network, base);
  const range = voltageRange(network, base);
  const graph = buildSwitchableGraph({ network, positions, energisation, loads, generators: true });

  const opened = openLeastCurrent(graph, range);
  if ('fixedLoop' in opened) {
    return fail({ kind: 'fixedLoop', equipment: edgeEquipment(graph, opened.fixedLoop) });
  }
  const radialAtStart = energisation.loopBranches.length === 0;
  const starts = radialAtStart ? [graph.closedAtStart, opened.closed] : [opened.closed];
  const rounds = Math.floor(ROUND_WORK / Math.max(1, graph.vertexCount));
  const found = searchLeastLosses(graph, starts, {
    range,
    allowedViolations: brokenAtStart.length,
    rounds: request.rounds ?? Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, rounds)),
    seed: request.seed ?? 1,
  });
  if (found === null) return fail({ kind: 'nothingRadial' });
  const parts = Math.floor(PROOF_WORK / graph.edgeCount / graph.edgeCount);
  const proof = proveLeastLosses(graph, found.forest, {
    range,
    allowedViolations: brokenAtStart.length,
    budget: Math.max(1, Math.min(MOST_PARTS, request.parts ?? parts)),
  });

  // The whole grid has the last word: what the search saw in short is solved and judged in full.
  let after = positionsOf(graph, proof.better ?? found.forest, positions);
  let flow = solve(network, after, loads);
  const better =
    flow.converged &&
    violations(network, flow).length <= brokenAtStart.length &&
    flow.losses_W < base.losses_W;
  if (!better && radialAtStart) {
    after = positions;
    flow = base;
  }
  if (!flow.converged) return fail({ kind: 'nothingRadial' });

  // A state that the whole grid refused leaves the start behind a bound that may be below it.
  // It holds for constant power only.
  const followsVoltage = loadFlowConstants(network).shares !== null;
  const optimal =
    !followsVoltage &&
    proof.optimal &&
    flow.losses_W <= proof.bound_pu * BASE_POWER_VA * (1 + EQUAL);
  const least_pu = followsVoltage ? 0 : proof.bound_pu;
  const bound_W = optimal ? flow.losses_W : least_pu * BASE_POWER_VA;
  const lowest = lowestVoltage(flow);
  const highest = highestLoading(network, flow);
  return ok({
    ...describeSwitches(network, positions, after),
    losses_kW: round9(flow.losses_W / 1e3),
    baseLosses_kW: round9(base.losses_W / 1e3),
    minVoltage_pu: lowest === null ? null : round9(lowest.voltage_pu),
    minVoltageNode: lowest === null ? null : network.grid.connectivityNodes[lowest.node]!.id,
    maxLoading_pct: highest === null ? null : round9(highest.loading_pct),
    maxLoadingAt: highest === null ? null : branchId(network, highest.branch),
    ...describeWarnings({
      broken: violations(network, flow),
      brokenAtStart,
      darkNodes: network.nodeCount - energisation.order.length,
      radialAtStart,
      followsVoltage,
    }),
    proof: {
      status: optimal ? 'optimal' : 'bounded',
      bounds: { losses_kW: round9(bound_W / 1e3) },
      gap_pct: optimal ? 0 : round9((100 * (flow.losses_W - bound_W)) / flow.losses_W),
      explored: found.explored + proof.explored,
    },
  });
}

/** In arrays of its own: base and result are held side by side. */
function solve(network: Network, positions: Positions, loads: LoadState): LoadFlow {
  const energisation = energise(network, positions);
  return solveLoadFlow({ network, positions, energisation, loads, generators: true });
}

/** The limits of the grid, widened by what the start shows already. */
function voltageRange(network: Network, base: LoadFlow): VoltageRange {
  const { minVoltage, maxVoltage } = network.grid.limits;
  let lowest_pu: number = minVoltage;
  let highest_pu: number = maxVoltage;
  for (const voltage of base.voltage_pu) {
    if (voltage === 0) continue;
    lowest_pu = Math.min(lowest_pu, voltage);
    highest_pu = Math.max(highest_pu, voltage);
  }
  return { lowest_pu, highest_pu };
}

function edgeEquipment(graph: SwitchableGraph, edges: readonly number[]): readonly string[] {
  return edges
    .flatMap((edge) => graph.edgeBranches[edge]!)
    .map((branch) => branchId(graph.network, branch))
    .toSorted();
}

/** One switch of each open way is open: the one that was, else one without protection, else the first. */
function positionsOf(graph: SwitchableGraph, forest: Forest, before: Positions): Positions {
  const { switches } = graph.network.grid;
  const after = before.slice();
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    const own = graph.edgeSwitches[edge]!;
    const wasOpen = own.some((index) => before[index] === OPEN);
    if (forest.closed[edge] === 1) {
      for (const index of own) after[index] = CLOSED;
    } else if (!wasOpen) {
      const plain = own.toSorted((a, b) => a - b).find((index) => !switches[index]!.protects);
      after[plain ?? Math.min(...own)] = OPEN;
    }
  }
  return after;
}

function describeSwitches(network: Network, before: Positions, after: Positions) {
  const ids = (wanted: (index: number) => boolean): readonly string[] =>
    network.grid.switches.flatMap((each, index) => (wanted(index) ? [each.id] : []));
  return {
    openSwitches: ids((index) => after[index] === OPEN),
    open: ids((index) => after[index] === OPEN && before[index] !== OPEN),
    close: ids((index) => after[index] === CLOSED && before[index] !== CLOSED),
  };
}
