import { buildGraph } from '@relight/grid';
import {
  compileNetwork,
  createEnergisationWorkspace,
  energiseInto,
  normalPositions,
} from '@relight/topology';
import { sampleRepeatedly, type Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { GraphSearch } from './graph-search.ts';
import { median } from './measurement.ts';

const WARMUP = 3;
const SAMPLES = 100;
const PEER_SAMPLES = 10;

/** The same answer from both: every node live or dead, all switches in their normal position. */
export const benchTopology: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'binh-dinh', options.seed);
  const { grid } = network;
  const positions = normalPositions(network);
  const workspace = createEnergisationWorkspace(network);
  const energise = (): void => void energiseInto(workspace, positions);
  const peer = { ...options, samples: Math.min(PEER_SAMPLES, options.samples ?? PEER_SAMPLES) };
  sampleRepeatedly({ ...options, samples: null }, WARMUP, energise);
  const samples_ms = sampleRepeatedly(options, SAMPLES, energise);
  const graph = new GraphSearch(grid);
  const graph_ms = sampleRepeatedly(peer, PEER_SAMPLES, () => graph.countLive());
  const compile_ms = sampleRepeatedly(peer, PEER_SAMPLES, () => compileNetwork(grid));
  const build_ms = sampleRepeatedly(peer, PEER_SAMPLES, () => buildGraph(grid));
  const isSame = graph.countLive() === energiseInto(workspace, positions).order.length;
  report({
    workload: `all of ${describeNetwork(network)} energised from its sources`,
    warmup: WARMUP,
    samples_ms,
    ratios: {
      searchToEnergise: median(graph_ms) / median(samples_ms),
      buildToCompile: median(build_ms) / median(compile_ms),
    },
    figures: {
      graphologySearch_ms: median(graph_ms),
      graphologyBuild_ms: median(build_ms),
      compile_ms: median(compile_ms),
      sameLiveNodes: isSame ? 1 : 0,
    },
    goals: [],
  });
};
