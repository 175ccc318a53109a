import { FlowGraph } from './flow-graph.ts';
import type { RestorationProblem } from './problem.ts';
import { weightOf, type Relaxation } from './relaxation.ts';
import { ABSENT, type Scope } from './scope.ts';

/**
 * How much more load the grid can carry, whatever the switching, beside what must be served: a
 * maximum flow from the sources to the loads through every usable branch. A relaxation: it knows
 * neither trees nor losses nor voltages. Powers are projected on the mean power factor, which is
 * valid for any limit of apparent power (P cos φ + Q sin φ ≤ S).
 */
export interface FlowBound {
  /** Load of each section, projected, W. */
  readonly weight_W: Float64Array;
  /** Most of it that can be served beside the mandatory load, W. */
  readonly deliverable_W: number;
  /** The same through each switch between a live and a dead section alone, by switch index, W. */
  readonly throughSwitch_W: ReadonlyMap<number, number>;
}

/** Rounding of sums over many paths. */
const HEADROOM = 1e-6;

/** null where generators or negative loads make a flow no bound. */
export function flowBound(
  problem: RestorationProblem,
  scope: Scope,
  limits: Relaxation,
): FlowBound | null {
  const { network, stayDead, mustServe } = problem;
  if (limits.active_mW.some((power) => power < 0)) return null;
  if (limits.reactive_mvar.some((power) => power < 0)) return null;
  const nodeWeight = limits.active_mW.map((_, node) => weightOf(limits, node) / 1000);
  const graph = new FlowGraph(network.nodeCount + 3);
  const source = network.nodeCount;
  const sink = source + 1;
  const probe = source + 2;
  const isLive = (node: number): boolean => problem.isLive[network.nodeSection[node]!] === 1;
  const isOut = (node: number): boolean => stayDead.reason[network.nodeSection[node]!] !== null;

  const lost = new Set(problem.request.lostSources);
  network.sourceNode.forEach((node, at) => {
    if (!lost.has(at)) graph.connect(source, node, Math.sqrt(limits.source2_pu[at]!) * 1e6, 0);
  });
  const highest = highestVoltage(problem);
  for (let branch = 0; branch < network.branchCount; branch++) {
    const at = branch - network.firstSwitchBranch;
    if (at >= 0 && scope.role[at] === ABSENT) continue;
    const from = network.branchFrom[branch]!;
    const to = network.branchTo[branch]!;
    if (isOut(from) || isOut(to)) continue;
    const power = Math.min(
      Math.sqrt(limits.power2_pu[branch]!),
      Math.sqrt(limits.current2_pu[branch]!) * highest,
    );
    graph.connect(from, to, power * 1e6, power * 1e6);
  }
  const served = (node: number): boolean => mustServe[network.nodeSection[node]!] === 1;
  const demand = (pick: (node: number) => boolean): void => {
    for (let node = 0; node < network.nodeCount; node++) {
      if (!isOut(node) && pick(node) && nodeWeight[node]! > 0) {
        graph.connect(node, sink, nodeWeight[node]!, 0);
      }
    }
  };
  demand(served);
  graph.maximise(source, sink);
  const weight_W = new Float64Array(network.sectionCount);
  nodeWeight.forEach((weight, node) => (weight_W[network.nodeSection[node]!]! += weight));
  const all_W = nodeWeight.reduce((sum, weight) => sum + weight, 0);
  const throughSwitch_W = new Map<number, number>();
  for (const at of scope.free) {
    const { from, to } = network.grid.switches[at]!;
    if (isOut(from) || isOut(to) || isLive(from) === isLive(to)) continue;
    const branch = network.firstSwitchBranch + at;
    const most = Math.min(all_W, Math.sqrt(limits.current2_pu[branch]!) * highest * 1e6);
    const room = graph.probe(source, probe, isLive(from) ? from : to, most);
    throughSwitch_W.set(at, room * (1 + HEADROOM) + 1);
  }
  demand((node) => !served(node));
  return {
    weight_W,
    throughSwitch_W,
    deliverable_W: graph.maximise(source, sink) * (1 + HEADROOM) + 1,
  };
}

/** No legal state has a higher voltage, except where one is too high already. */
function highestVoltage({ network, judge }: RestorationProblem): number {
  const { grid } = network;
  let unloaded = 0;
  for (const source of grid.sources) unloaded = Math.max(unloaded, source.voltage);
  // Transformers in series may each lift the voltage; the legal maximum caps what that adds up to.
  for (const transformer of grid.transformers) unloaded /= Math.min(1, transformer.tap);
  const found = judge.base.voltage_pu.reduce((most, voltage) => Math.max(most, voltage), 0);
  const allowed = Math.max(grid.limits.maxVoltage, found * (1 + 1e-4));
  return Math.min(unloaded, allowed);
}
