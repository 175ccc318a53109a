import { drawInEnds } from './carrying-graph.ts';
import { FlowGraph } from './flow-graph.ts';
import { highestVoltages } from './highest-voltages.ts';
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

/**
 * @param near - sources whose trees are looked into. What hangs on others may give through every
 *   usable switch that leads there as much as the switch carries: a bound all the more.
 * @returns null where generators or negative loads make a flow no bound.
 */
export function flowBound(
  problem: RestorationProblem,
  scope: Scope,
  limits: Relaxation,
  near: ReadonlySet<number>,
): FlowBound | null {
  const { network, stayDead, now } = problem;
  if (!limits.onlyLoads) return null;
  const highest = highestVoltages(network);
  const nodes: number[] = [];
  const place = new Map<number, number>();
  const isOut = (node: number): boolean => stayDead.reason[network.nodeSection[node]!] !== null;
  const isNear = (node: number): boolean => {
    const source = now.nodeSource[node]!;
    return !isOut(node) && (source === -1 || near.has(source));
  };
  for (let section = 0; section < network.sectionCount; section++) {
    const end = network.sectionStart[section + 1]!;
    if (!isNear(network.sectionNodes[network.sectionStart[section]!]!)) continue;
    for (let entry = network.sectionStart[section]!; entry < end; entry++) {
      place.set(network.sectionNodes[entry]!, nodes.length);
      nodes.push(network.sectionNodes[entry]!);
    }
  }
  const { first, second, weight_W, all_W } = demands(problem, limits, nodes);
  const edges: { from: number; to: number; power: number }[] = [];
  const given = new Float64Array(nodes.length);
  for (const [own, node] of nodes.entries()) {
    const end = network.adjacencyStart[node + 1]!;
    for (let entry = network.adjacencyStart[node]!; entry < end; entry++) {
      const branch = network.adjacencyBranch[entry]!;
      const at = branch - network.firstSwitchBranch;
      const far = network.adjacencyNode[entry]!;
      if ((at >= 0 && scope.role[at] === ABSENT) || isOut(far)) continue;
      const power =
        1e6 *
        Math.min(
          Math.sqrt(limits.power2_pu[branch]!),
          Math.sqrt(limits.current2_pu[branch]!) * Math.min(highest[node]!, highest[far]!),
        );
      const other = place.get(far);
      if (other === undefined) given[own]! += power;
      else if (own < other) edges.push({ from: own, to: other, power });
    }
  }
  const lost = new Set(problem.request.lostSources);
  for (const at of near) {
    const root = place.get(network.sourceNode[at]!);
    if (root === undefined || lost.has(at)) continue;
    given[root]! += Math.sqrt(limits.source2_pu[at]!) * 1e6;
  }
  const ways = waysIn(problem, scope);
  const kept = Uint8Array.from(given, (power) => (power > 0 ? 1 : 0));
  for (const [, inside] of ways) {
    const own = place.get(inside);
    if (own !== undefined) kept[own] = 1;
  }
  const gone = drawInEnds({
    first,
    second,
    from: Int32Array.from(edges, (edge) => edge.from),
    to: Int32Array.from(edges, (edge) => edge.to),
    capacity: Float64Array.from(edges, (edge) => edge.power),
    kept,
  });

  const graph = new FlowGraph(nodes.length + 3);
  const source = nodes.length;
  const sink = source + 1;
  const probe = source + 2;
  edges.forEach(({ from, to, power }, edge) => {
    if (gone[edge] === 0) graph.connect(from, to, power, power);
  });
  given.forEach((power, own) => {
    if (power > 0) graph.connect(source, own, power, 0);
  });
  const draw = (power: Float64Array): void =>
    power.forEach((weight, own) => {
      if (weight > 0) graph.connect(own, sink, weight, 0);
    });
  draw(first);
  graph.maximise(source, sink);
  const throughSwitch_W = new Map<number, number>();
  for (const [at, inside] of ways) {
    const branch = network.firstSwitchBranch + at;
    const rated = Math.sqrt(limits.current2_pu[branch]!) * highest[inside]! * 1e6;
    // Finite, so that no flow through unlimited branches is.
    const most = Math.min(all_W, rated);
    const own = place.get(inside);
    const room = own === undefined ? most : graph.probe(source, probe, own, most);
    throughSwitch_W.set(at, room * (1 + HEADROOM) + 1);
  }
  draw(second);
  return {
    weight_W,
    throughSwitch_W,
    deliverable_W: graph.maximise(source, sink) * (1 + HEADROOM) + 1,
  };
}

/**
 * What is drawn at each node: first what must be served, then what is dead. What is live and may
 * be shed is let be: to count it as served at no cost is a bound too.
 */
function demands(
  { network, mustServe, isLive }: RestorationProblem,
  limits: Relaxation,
  nodes: readonly number[],
) {
  const first = new Float64Array(nodes.length);
  const second = new Float64Array(nodes.length);
  const weight_W = new Float64Array(network.sectionCount);
  let all_W = 0;
  for (const [own, node] of nodes.entries()) {
    const section = network.nodeSection[node]!;
    const weight = weightOf(limits, node) / 1000;
    all_W += weight;
    if (mustServe[section] === 1) first[own] = weight;
    else if (isLive[section] === 0) second[own] = weight;
    else continue;
    weight_W[section]! += weight;
  }
  return { first, second, weight_W, all_W };
}

/** As if every way in could carry everything: what is left are the ways themselves. */
export function unlimitedFlow(problem: RestorationProblem, scope: Scope): FlowBound {
  const throughSwitch_W = new Map<number, number>();
  for (const [at] of waysIn(problem, scope)) throughSwitch_W.set(at, Number.POSITIVE_INFINITY);
  return {
    weight_W: new Float64Array(problem.network.sectionCount),
    throughSwitch_W,
    deliverable_W: Number.POSITIVE_INFINITY,
  };
}

/** Free switches between a live and a dead part, with the node on the live side. */
function waysIn(problem: RestorationProblem, scope: Scope): readonly (readonly [number, number])[] {
  const { network, stayDead, isLive } = problem;
  const ways: (readonly [number, number])[] = [];
  for (const at of scope.free) {
    const sections = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!] as const;
    if (sections.some((section) => stayDead.reason[section] !== null)) continue;
    const [from, to] = sections.map((section) => isLive[section] === 1);
    const { from: near, to: far } = network.grid.switches[at]!;
    if (from !== to) ways.push([at, from === true ? near : far]);
  }
  return ways;
}
