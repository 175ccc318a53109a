import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { planForFault, planOptions } from '@relight/flisr';
import { RandomStream } from '@relight/foundation';
import { loadStateFromGrid } from '@relight/powerflow';
import { normalPositions } from '@relight/topology';
import type { Network } from '@relight/topology';
import type { Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';

const FAULTS = 200;
const SAMPLES = 5;

/**
 * Many faults at once, on as many feeders: one request, in which every dead part competes for
 * the same ties and transformers.
 */
export const benchStorm: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'ho-chi-minh', options.seed);
  const positions = normalPositions(network);
  const loads = loadStateFromGrid(network);
  const asked = planOptions({ searchSteps: DEFAULT_CORE_CONFIGURATION.searchSteps });
  const random = new RandomStream(options.seed, 'bench storm');
  const faults = Math.min(FAULTS, Math.ceil(network.grid.feeders.length / 4));
  const samples_ms: number[] = [];
  const figures = {
    faults,
    out: 0,
    unrestored: 0,
    insideFault: 0,
    operations: 0,
    optimal_share: 0,
  };
  const tell = (): void =>
    report({
      workload: `${faults} faults at once on ${describeNetwork(network)}`,
      warmup: 0,
      samples_ms,
      ratios: {},
      figures,
      goals: [{ what: 'all plans, median, ms', goal: 1000, of: 'median_ms' }],
    });
  tell();
  let optimal = 0;
  while (samples_ms.length < (options.samples ?? SAMPLES)) {
    if (samples_ms.length > 0 && performance.now() >= options.deadline) break;
    const places = drawFaults(network, faults, random);
    const start = performance.now();
    const planned = planForFault(network, positions, places, asked, { loads });
    samples_ms.push(performance.now() - start);
    if (planned.ok) {
      const { result, proof } = planned.value.plan;
      if (proof.status === 'optimal') optimal += 1;
      figures.out = result.outage.customers;
      figures.unrestored = result.unrestored.customers;
      figures.insideFault = result.insideFault.customers;
      figures.operations = result.switchOperations;
    }
    figures.optimal_share = optimal / samples_ms.length;
    tell();
  }
};

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
