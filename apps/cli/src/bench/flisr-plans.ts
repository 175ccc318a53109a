import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { planForFault, planOptions } from '@relight/flisr';
import { RandomStream } from '@relight/foundation';
import { createLoadFlowWorkspace, loadStateFromGrid } from '@relight/powerflow';
import { energise, normalPositions } from '@relight/topology';
import type { Network } from '@relight/topology';
import type { Bench } from './bench.ts';
import { benchNetwork, describeNetwork } from './bench-grid.ts';
import { median, type Goal } from './measurement.ts';
import { usedBytes } from './memory.ts';

const PRESETS: Readonly<
  Record<
    'province' | 'city' | 'country',
    { readonly grid: string; readonly goals: readonly Goal[] }
  >
> = {
  province: {
    grid: 'binh-dinh',
    goals: [{ what: 'fault to plan, p99, ms', goal: 5, of: 'p99_ms' }],
  },
  city: {
    grid: 'ho-chi-minh',
    goals: [{ what: 'fault to plan, p99, ms', goal: 10, of: 'p99_ms' }],
  },
  country: {
    grid: 'country',
    goals: [{ what: 'fault to plan, p99, ms', goal: 50, of: 'p99_ms' }],
  },
};

/** The small grid of the same run: what a plan costs where there is hardly any grid around it. */
const PEER = 'demo-town';
const PEER_SAMPLES = 40;
/** Plans on the small grid, by which the code is warm for the large one too. */
const WARMUP = 15;
const SAMPLES = 1000;

/**
 * From the fault to the complete plan: protection trips, the best plan is searched, every state
 * on the way is checked by load flow. Faults are drawn over all sections, each as likely.
 */
export function benchPlans(preset: keyof typeof PRESETS): Bench {
  return async (options, report) => {
    const { grid, goals } = PRESETS[preset];
    const peer = planner(benchNetwork(PEER, options.seed), options.seed, true);
    const peer_ms = Array.from({ length: PEER_SAMPLES }, () => peer.plan().took_ms).slice(WARMUP);

    const before = usedBytes();
    const began = performance.now();
    const network = benchNetwork(options.grid ?? grid, options.seed);
    const ready_s = (performance.now() - began) / 1000;
    const perNode = (bytes: number): number => (bytes - before) / network.nodeCount;
    const network_B = perNode(usedBytes());
    const flow_B = perNode(bytesWithLoadFlow(network));
    const workload = `planForFault on ${describeNetwork(network)}, faults drawn evenly over all sections`;
    const region = planner(network, options.seed, false);
    const samples_ms: number[] = [];
    let planner_B = 0;
    const counts = { optimal: 0, bounded: 0, refused: 0, withSteps: 0, operations: 0 };
    const tell = (): void =>
      report({
        workload,
        warmup: WARMUP,
        samples_ms,
        ratios:
          samples_ms.length === 0 ? {} : { medianToDemoTown: median(samples_ms) / median(peer_ms) },
        figures: {
          optimal_share: counts.optimal / Math.max(1, counts.optimal + counts.bounded),
          plans: counts.optimal + counts.bounded,
          refused: counts.refused,
          plansWithSteps: counts.withSteps,
          meanOperations: counts.operations / Math.max(1, counts.withSteps),
          demoTownMedian_ms: median(peer_ms),
          ready_s,
          networkPerNode_B: network_B,
          withLoadFlowPerNode_B: flow_B,
          withPlannerPerNode_B: planner_B,
        },
        goals,
      });
    tell();
    // The first plan makes what planning keeps of the network; it stands in no sample.
    region.plan();
    planner_B = perNode(usedBytes());
    while (samples_ms.length < (options.samples ?? SAMPLES)) {
      if (samples_ms.length > 0 && performance.now() >= options.deadline) break;
      const { took_ms, proof, operations } = region.plan();
      samples_ms.push(took_ms);
      counts[proof] += 1;
      if (operations > 0) counts.withSteps += 1;
      counts.operations += operations;
      tell();
    }
  };
}

/** Bytes in use while the load flow and one picture of what is live are held. */
function bytesWithLoadFlow(network: Network): number {
  const held = [energise(network, normalPositions(network)), createLoadFlowWorkspace(network)];
  return held.length > 0 ? usedBytes() : 0;
}

/** @param onLines - faults in sections that hold a line, so none on a busbar of a station. */
function planner(network: Network, seed: number, onLines: boolean) {
  const positions = normalPositions(network);
  const loads = loadStateFromGrid(network);
  // As the control centre plans while people wait.
  const options = planOptions({ searchSteps: DEFAULT_CORE_CONFIGURATION.searchSteps });
  const random = new RandomStream(seed, 'bench faults');
  const sections = Array.from({ length: network.sectionCount }, (_, section) => section);
  const withLine = new Set(network.grid.lines.map((line) => network.nodeSection[line.from] ?? 0));
  const faulty = onLines ? sections.filter((section) => withLine.has(section)) : sections;
  const drawFault = (): string => {
    const section = faulty[random.integer(0, faulty.length - 1)] ?? 0;
    const node = network.sectionNodes[network.sectionStart[section] ?? 0] ?? 0;
    return network.grid.connectivityNodes[node]?.id ?? '';
  };
  return {
    plan(): {
      readonly took_ms: number;
      readonly proof: 'optimal' | 'bounded' | 'refused';
      readonly operations: number;
    } {
      const fault = drawFault();
      const start = performance.now();
      const planned = planForFault(network, positions, [fault], options, { loads });
      const took_ms = performance.now() - start;
      if (!planned.ok) return { took_ms, proof: 'refused', operations: 0 };
      const { proof, result } = planned.value.plan;
      return { took_ms, proof: proof.status, operations: result.switchOperations };
    },
  };
}
