import { RandomStream } from '@relight/foundation';
import {
  CLOSED,
  createEnergisationWorkspace,
  energiseInto,
  LiveEnergisation,
  normalPositions,
  OPEN,
} from '@relight/topology';
import { sampleRepeatedly, type Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { GraphSearch } from './graph-search.ts';
import { median } from './measurement.ts';

const WARMUP = 2_000;
const MOVEMENTS = 20_000;
const SEARCHES = 20;

/** One switch movement: from the moved switch outward, against a search through the whole grid. */
export const benchEnergisation: Bench = async (options, report) => {
  const network = benchNetwork(options.grid ?? 'binh-dinh', options.seed);
  const live = new LiveEnergisation(network, normalPositions(network));
  const random = new RandomStream(options.seed, 'bench movements');
  const closed = network.grid.switches.flatMap((each, at) => (each.normallyOpen ? [] : [at]));
  let at = 0;
  let touched = 0;
  // Opened and closed again by turns: both cost what hangs on the switch.
  const moveOne = (turn: number): void => {
    if (turn % 2 === 0) at = closed[random.integer(0, closed.length - 1)] ?? 0;
    touched += live.move(at, turn % 2 === 0 ? OPEN : CLOSED);
  };
  sampleRepeatedly({ ...options, samples: null }, WARMUP, moveOne);
  touched = 0;
  const samples_ms = sampleRepeatedly(options, MOVEMENTS, moveOne);
  const meanTouched = touched / samples_ms.length;

  const graph = new GraphSearch(network.grid);
  const peer = { ...options, samples: Math.min(SEARCHES, options.samples ?? SEARCHES) };
  const graph_ms = sampleRepeatedly(peer, SEARCHES, () => graph.countLive());
  const workspace = createEnergisationWorkspace(network);
  const whole_ms = sampleRepeatedly(peer, SEARCHES, () => energiseInto(workspace, live.positions));
  const { order } = energiseInto(workspace, live.positions);
  report({
    workload: `one closed switch opened, or closed again, on ${describeNetwork(network)}; LiveEnergisation.move`,
    warmup: WARMUP,
    samples_ms,
    ratios: {
      graphologySearchToMove: median(graph_ms) / median(samples_ms),
      wholeGridToMove: median(whole_ms) / median(samples_ms),
      graphologySearchToWholeGrid: median(graph_ms) / median(whole_ms),
    },
    figures: {
      graphologySearch_ms: median(graph_ms),
      wholeGrid_ms: median(whole_ms),
      meanNodesTouched: meanTouched,
      sameLiveNodes: graph.countLive() === order.length ? 1 : 0,
    },
    goals: [
      { what: 'one movement, median, ms', goal: 0.05, of: 'median_ms' },
      { what: 'one movement, p99, ms', goal: 0.05, of: 'p99_ms' },
      {
        what: 'graphology search against one movement',
        goal: 20,
        of: 'graphologySearchToMove',
        atLeast: true,
      },
    ],
  });
};
