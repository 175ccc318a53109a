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
  const graph = new FlowGraph(network.nodeCount + 2);
  const source = network.nodeCount;
  const sink = source + 1;
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
  demand((node) => !served(node));
  const weight_W = new Float64Array(network.sectionCount);
  nodeWeight.forEach((weight, node) => (weight_W[network.nodeSection[node]!]! += weight));
  return { weight_W, deliverable_W: graph.maximise(source, sink) * (1 + HEADROOM) + 1 };
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

/** Maximum flow by shortest augmenting paths (Dinic). */
class FlowGraph {
  readonly #first: number[][];
  readonly #to: number[] = [];
  readonly #left: number[] = [];

  constructor(nodes: number) {
    this.#first = Array.from({ length: nodes }, () => []);
  }

  /** A branch with a capacity each way. */
  connect(from: number, to: number, forward: number, backward: number): void {
    this.#first[from]!.push(this.#to.length);
    this.#to.push(to);
    this.#left.push(forward);
    this.#first[to]!.push(this.#to.length);
    this.#to.push(from);
    this.#left.push(backward);
  }

  /** Pushes all that still fits; what flows already stays served. */
  maximise(source: number, sink: number): number {
    let total = 0;
    for (;;) {
      const level = this.#levels(source);
      if (level[sink] === -1) return total;
      const next = new Int32Array(this.#first.length);
      for (;;) {
        const pushed = this.#push(source, sink, level, next);
        if (pushed === 0) break;
        total += pushed;
      }
    }
  }

  #levels(source: number): Int32Array {
    const level = new Int32Array(this.#first.length).fill(-1);
    const queue = [source];
    level[source] = 0;
    for (const node of queue) {
      for (const edge of this.#first[node]!) {
        const to = this.#to[edge]!;
        if (level[to] !== -1 || this.#left[edge]! <= NEGLIGIBLE_W) continue;
        level[to] = level[node]! + 1;
        queue.push(to);
      }
    }
    return level;
  }

  /** One path of the level graph, walked with an explicit stack: feeders are long. */
  #push(source: number, sink: number, level: Int32Array, next: Int32Array): number {
    const path: number[] = [];
    let node = source;
    while (node !== sink) {
      const edges = this.#first[node]!;
      const at = next[node]!;
      if (at >= edges.length) {
        const back = path.pop();
        if (back === undefined) return 0;
        node = this.#to[back ^ 1]!;
        next[node]! += 1;
        continue;
      }
      const edge = edges[at]!;
      const to = this.#to[edge]!;
      if (this.#left[edge]! <= NEGLIGIBLE_W || level[to] !== level[node]! + 1) {
        next[node]! += 1;
        continue;
      }
      path.push(edge);
      node = to;
    }
    let flow = Number.POSITIVE_INFINITY;
    for (const edge of path) flow = Math.min(flow, this.#left[edge]!);
    for (const edge of path) {
      this.#left[edge]! -= flow;
      this.#left[edge ^ 1]! += flow;
    }
    return flow;
  }
}

const NEGLIGIBLE_W = 1e-6;
