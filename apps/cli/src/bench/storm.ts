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
 * Many faults at once, on as many feeders, as the control centre deals with them: one plan after
 * the other, most customers first, each from the state in which the plans before it leave the grid
 * and with the places of the other faults kept dead. One sample is all the plans of a storm.
 */
export const benchStorm: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'ho-chi-minh', options.seed);
  const random = new RandomStream(options.seed, 'bench storm');
  const faults = Math.min(FAULTS, Math.ceil(network.grid.feeders.length / 4));
  const planner = stormPlanner(network);
  const samples_ms: number[] = [];
  const plans_ms: number[] = [];
  let figures: Readonly<Record<string, number>> = { faults };
  const tell = (): void =>
    report({
      workload: `${faults} faults at once on ${describeNetwork(network)}; one plan after the other, most customers first, each from the state the ones before it lead to`,
      warmup: 1,
      samples_ms,
      ratios: {},
      figures,
      goals: [{ what: 'all plans, median, ms', goal: 1000, of: 'median_ms' }],
    });
  tell();
  // What planning keeps of a network is made by the first plan.
  planner.plan(drawFaults(network, 1, random));
  while (samples_ms.length < (options.samples ?? SAMPLES)) {
    if (samples_ms.length > 0 && performance.now() >= options.deadline) break;
    const storm = planner.plan(drawFaults(network, faults, random));
    samples_ms.push(storm.took_ms);
    plans_ms.push(...storm.plans_ms);
    figures = {
      faults,
      plans: storm.plans_ms.length,
      refused: faults - storm.plans_ms.length,
      onePlanMedian_ms: percentile(plans_ms, 0.5) ?? 0,
      onePlanP99_ms: percentile(plans_ms, 0.99) ?? 0,
      optimal_share: storm.optimal / Math.max(1, storm.plans_ms.length),
      out: storm.out,
      unrestored: storm.unrestored,
      insideFault: storm.insideFault,
      operations: storm.operations,
    };
    tell();
  }
};

interface Storm {
  readonly took_ms: number;
  readonly plans_ms: readonly number[];
  readonly optimal: number;
  readonly out: number;
  readonly unrestored: number;
  readonly insideFault: number;
  readonly operations: number;
}

function stormPlanner(network: Network) {
  const normal = normalPositions(network);
  const supply = energise(network, normal);
  const loads = loadStateFromGrid(network);
  const options = planOptions({ searchSteps: DEFAULT_CORE_CONFIGURATION.searchSteps });
  const customers = customersOfSections(network);
  const plan = (faults: readonly string[]): Storm => {
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
    const total = { optimal: 0, out: 0, unrestored: 0, insideFault: 0, operations: 0 };
    const plans_ms: number[] = [];
    const start = performance.now();
    for (const { fault, tripped } of incidents) {
      // The others are out already: what was dark before this fault stays dark.
      const before = positions.slice();
      for (const at of tripped) before[at] = CLOSED;
      const began = performance.now();
      const planned = planForFault(network, before, [fault], options, { loads });
      if (!planned.ok) continue;
      plans_ms.push(performance.now() - began);
      const { steps, result, proof } = planned.value.plan;
      for (const step of steps) {
        const at = network.index.switch.get(step.switch) ?? -1;
        positions[at] = step.action === 'open' ? OPEN : CLOSED;
      }
      if (proof.status === 'optimal') total.optimal += 1;
      total.out += result.outage.customers;
      total.unrestored += result.unrestored.customers;
      total.insideFault += result.insideFault.customers;
      total.operations += result.switchOperations;
    }
    return { ...total, plans_ms, took_ms: performance.now() - start };
  };
  return { plan };
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
