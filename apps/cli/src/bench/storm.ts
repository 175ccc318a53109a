import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { applyTrip, planForFault, planOptions } from '@relight/flisr';
import { RandomStream } from '@relight/foundation';
import { loadStateFromGrid } from '@relight/powerflow';
import {
  CLOSED,
  normalPositions,
  OPEN,
  sectionsBehind,
  energise,
  type Network,
} from '@relight/topology';
import type { Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { percentile } from './measurement.ts';

const FAULTS = 200;
const SAMPLES = 5;

/**
 * Many faults at once, on as many feeders. One sample is one joint request: every dead part competes
 * for the same ties and transformers. Beside it one storm is dealt with plan after plan, as the
 * control centre does while incidents come in: most customers first, each from the state in which
 * the plans before it leave the grid, the other outages kept dark.
 */
export const benchStorm: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'ho-chi-minh', options.seed);
  const random = new RandomStream(options.seed, 'bench storm');
  const faults = Math.min(FAULTS, Math.ceil(network.grid.feeders.length / 4));
  const loads = loadStateFromGrid(network);
  const positions = normalPositions(network);
  const asked = planOptions({ searchSteps: DEFAULT_CORE_CONFIGURATION.searchSteps });
  const samples_ms: number[] = [];
  let optimal = 0;
  let figures: Record<string, number> = { faults };
  const tell = (): void =>
    report({
      workload: `${faults} faults at once on ${describeNetwork(network)}; one joint request; beside it one plan after the other, most customers first`,
      warmup: 1,
      samples_ms,
      ratios: {},
      figures,
      goals: [{ what: 'all plans, median, ms', goal: 1000, of: 'median_ms' }],
    });
  tell();
  const storms = Array.from({ length: options.samples ?? SAMPLES }, () =>
    drawFaults(network, faults, random),
  );
  // What planning keeps of a network is made by the first plan.
  planForFault(network, positions, drawFaults(network, 1, random), asked, { loads });
  for (const storm of storms) {
    if (samples_ms.length > 0 && performance.now() >= options.deadline) break;
    const start = performance.now();
    const planned = planForFault(network, positions, storm, asked, { loads });
    samples_ms.push(performance.now() - start);
    if (!planned.ok) continue;
    const { result, proof } = planned.value.plan;
    if (proof.status === 'optimal') optimal += 1;
    figures = {
      faults,
      optimal_share: optimal / samples_ms.length,
      gap_pct: proof.gap_pct,
      out: result.outage.customers,
      unrestored: result.unrestored.customers,
      insideFault: result.insideFault.customers,
      operations: result.switchOperations,
    };
    tell();
  }
  const last = storms[samples_ms.length - 1] ?? [];
  const one = planOneByOne(network, last, options.deadline);
  figures = {
    ...figures,
    oneByOne_ms: one.took_ms,
    oneByOnePlans: one.plans_ms.length,
    oneByOneMedian_ms: percentile(one.plans_ms, 0.5) ?? 0,
    oneByOneSlowest_ms: Math.max(0, ...one.plans_ms),
    oneByOneOptimal_share: one.optimal / Math.max(1, one.plans_ms.length),
    oneByOneUnrestored: one.unrestored,
    oneByOneOperations: one.operations,
  };
  tell();
};

/** Search steps of a plan that is one of hundreds. */
const STEPS_IN_A_STORM = 1_000;

interface Storm {
  readonly took_ms: number;
  readonly plans_ms: readonly number[];
  readonly optimal: number;
  readonly unrestored: number;
  readonly operations: number;
}

/** As many plans as the time allows. */
function planOneByOne(network: Network, faults: readonly string[], deadline: number): Storm {
  const normal = normalPositions(network);
  const supply = energise(network, normal);
  const loads = loadStateFromGrid(network);
  const options = planOptions({ searchSteps: STEPS_IN_A_STORM });
  const customers = customersOfSections(network);
  const positions = normal.slice();
  const incidents = faults.map((fault) => {
    const trip = applyTrip(network, normal, [fault]);
    const tripped = trip.ok ? trip.value.trippedSwitches : [];
    let out = 0;
    for (const at of tripped) {
      positions[at] = OPEN;
      for (const section of sectionsBehind(network, supply, at)) out += customers[section]!;
    }
    return { fault, tripped, out };
  });
  incidents.sort((a, b) => b.out - a.out || (a.fault < b.fault ? -1 : 1));
  const total = { optimal: 0, unrestored: 0, operations: 0 };
  const plans_ms: number[] = [];
  const start = performance.now();
  for (const { fault, tripped } of incidents) {
    if (performance.now() >= deadline) break;
    // The others are out already: what was dark before this fault stays dark.
    const before = positions.slice();
    for (const at of tripped) before[at] = CLOSED;
    const began = performance.now();
    const planned = planForFault(network, before, [fault], options, { loads });
    plans_ms.push(performance.now() - began);
    if (!planned.ok) continue;
    const { steps, result, proof } = planned.value.plan;
    for (const step of steps) {
      const at = network.index.switch.get(step.switch) ?? -1;
      positions[at] = step.action === 'open' ? OPEN : CLOSED;
    }
    if (proof.status === 'optimal') total.optimal += 1;
    total.unrestored += result.unrestored.customers;
    total.operations += result.switchOperations;
  }
  return { ...total, plans_ms, took_ms: performance.now() - start };
}

function customersOfSections(network: Network): Float64Array {
  const customers = new Float64Array(network.sectionCount);
  network.loadNode.forEach((node, load) => {
    customers[network.nodeSection[node]!]! += network.grid.loads[load]!.customers;
  });
  return customers;
}

/** A line of each of so many feeders, drawn evenly over the lines of the grid. */
function drawFaults(network: Network, count: number, random: RandomStream): readonly string[] {
  const { lines } = network.grid;
  const byFeeder = new Map<string, string>();
  for (let turn = 0; byFeeder.size < count && turn < 100 * count; turn++) {
    const id = lines[random.integer(0, lines.length - 1)]?.id ?? '';
    const feeder = id.slice(0, id.lastIndexOf('.'));
    if (!byFeeder.has(feeder)) byFeeder.set(feeder, id);
  }
  return [...byFeeder.values()];
}
