import { createLoadFlowWorkspace, loadStateFromGrid, solveLoadFlowInto } from '@relight/powerflow';
import { energise, normalPositions } from '@relight/topology';
import { sampleRepeatedly, type Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { median } from './measurement.ts';

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
  report({
    workload: `load flow of ${describeNetwork(network)}, tolerance 1e-10 pu, flat start, layout and result included`,
    warmup: WARMUP,
    samples_ms,
    ratios: { allToOneSweep: perSweep_ms > 0 ? median(samples_ms) / perSweep_ms : 0 },
    figures: {
      converged: converged ? 1 : 0,
      iterations,
      allPerNodeAndSweep_ns: (1e6 * median(samples_ms)) / (network.nodeCount * iterations),
      sweepPerNode_ns: (1e6 * perSweep_ms) / network.nodeCount,
      coarse_ms: median(coarse_ms),
      coarseIterations: coarse.iterations,
    },
    goals: [
      { what: 'per node and sweep, all included, ns', goal: 100, of: 'allPerNodeAndSweep_ns' },
      { what: 'all 250,000 nodes, median, ms', goal: 30, of: 'median_ms' },
    ],
  });
};
