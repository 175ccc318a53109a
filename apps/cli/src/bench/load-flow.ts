import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLoadFlowWorkspace, loadStateFromGrid, solveLoadFlowInto } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions } from '@relight/topology';
import { readModel } from '../read-grid.ts';
import { sampleRepeatedly, type Bench, type BenchOptions } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { median, type Goal } from './measurement.ts';

const WARMUP = 3;
const SAMPLES = 60;
/** Far below what a meter sees, and what most tools stop at. */
const COARSE_TOLERANCE_PU = 1e-6;

/** Alternating-current load flow of every tree of the grid, from a flat start. */
export const benchLoadFlow: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'ho-chi-minh', options.seed);
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  const workspace = createLoadFlowWorkspace(network);
  const request = { network, positions, energisation, loads: loadStateFromGrid(network) };
  const solve = (tolerance?: number) =>
    solveLoadFlowInto(workspace, { ...request, ...(tolerance === undefined ? {} : { tolerance }) });
  sampleRepeatedly({ ...options, samples: null }, WARMUP, () => solve());
  const { converged, iterations } = solve();
  const samples_ms = sampleRepeatedly(options, SAMPLES, () => solve());
  const coarse = solve(COARSE_TOLERANCE_PU);
  const coarse_ms = sampleRepeatedly(options, SAMPLES / 4, () => solve(COARSE_TOLERANCE_PU));
  // Two runs that differ only in their number of sweeps: what one sweep more costs.
  const perSweep_ms =
    (median(samples_ms) - median(coarse_ms)) / Math.max(1, iterations - coarse.iterations);
  const published = publishedFigures(options);
  const goals: Goal[] = [
    { what: 'per node and sweep, all included, ns', goal: 100, of: 'allPerNodeAndSweep_ns' },
    { what: 'all 250,000 nodes, median, ms', goal: 30, of: 'median_ms' },
  ];
  if ('reds10476_84_ms' in published) {
    goals.push({ what: 'reds10476_84, median, ms', goal: 4, of: 'reds10476_84_ms' });
  }
  report({
    workload: `load flow of ${describeNetwork(network)}, tolerance 1e-10 pu, flat start, layout and result included`,
    warmup: WARMUP,
    samples_ms,
    ratios: { allToOneSweep: perSweep_ms > 0 ? median(samples_ms) / perSweep_ms : 0 },
    figures: {
      converged: converged ? 1 : 0,
      iterations,
      fastest_ms: Math.min(...samples_ms),
      allPerNodeAndSweep_ns: (1e6 * median(samples_ms)) / (network.nodeCount * iterations),
      sweepPerNode_ns: (1e6 * perSweep_ms) / network.nodeCount,
      coarse_ms: median(coarse_ms),
      coarseIterations: coarse.iterations,
      ...published,
    },
    goals,
  });
};

/** Systems of the literature, timed where the folder RELIGHT_FEEDERS has them. */
const PUBLISHED = ['reds10476_84', 'reds873_7', 'case33bw'];

function publishedFigures(options: BenchOptions): Record<string, number> {
  const folder = process.env['RELIGHT_FEEDERS'];
  const figures: Record<string, number> = {};
  if (folder === undefined) return figures;
  for (const name of PUBLISHED) {
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) continue;
    const network = compileNetwork(readModel(file));
    const positions = normalPositions(network);
    const energisation = energise(network, positions);
    const workspace = createLoadFlowWorkspace(network);
    const loads = loadStateFromGrid(network);
    const request = { network, positions, energisation, loads, generators: true };
    const solve = (): void => void solveLoadFlowInto(workspace, request);
    sampleRepeatedly({ ...options, samples: null }, 10 * WARMUP, solve);
    const samples = sampleRepeatedly({ ...options, samples: null }, SAMPLES, solve);
    figures[`${name}_ms`] = median(samples);
    figures[`${name}Fastest_ms`] = Math.min(...samples);
  }
  return figures;
}
