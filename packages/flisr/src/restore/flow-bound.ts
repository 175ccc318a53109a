import { float64, int32Of, times } from './columns.ts';
import { readBlocks, type Blocks } from './blocks.ts';
import { drawInEnds } from './carrying-graph.ts';
import { FlowGraph } from './flow-graph.ts';
import type { RestorationProblem } from './problem.ts';
import { factsOf } from './network-facts.ts';
import { reduceGraph } from './reduce-graph.ts';
import { mostThrough_W, type Edge, type ReducedGraph } from './reduced-graph.ts';
import { weightOf, type Relaxation } from './relaxation.ts';
import { scopeOfSources, type Scope } from './scope.ts';

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

/** More switches than that at the dead area make it cost more than it tells: one flow for each. */
const MOST_SWITCHES = 600;
/** Rounding of sums over many paths. */
const HEADROOM = 1e-6;

/**
 * @param near - the dead area and the switches around it, with the sources whose trees are looked
 *   into. What hangs on others may give through every usable switch that leads there as much as the
 *   switch carries: a bound all the more.
 * @returns null where generators, negative loads or a closed loop make a flow no bound, or the dead
 *   area is too large.
 */
export function flowBound(
  problem: RestorationProblem,
  near: Scope,
  limits: Relaxation,
): FlowBound | null {
  const { network, now } = problem;
  // A switch that closes a loop is in no scope, but carries.
  const looped = now.loopBranches.some((branch) => branch >= network.firstSwitchBranch);
  if (!limits.onlyLoads || looped || near.free.length > MOST_SWITCHES) return null;
  const scope = scopeOfSources(problem, near.sources);
  const blocks = readBlocks(problem, scope, limits);
  const reduced = reduceGraph(problem, scope, limits, blocks);
  const draft = new Draft(problem, limits, blocks, reduced);
  for (const at of [...scope.free, ...scope.links]) {
    draft.addSwitch(at, mostThrough_W(network, limits, network.firstSwitchBranch + at));
  }
  for (const [source, joint] of reduced.sources) {
    draft.give(joint, Math.sqrt(limits.source2_pu[source]!) * 1e6);
  }
  const ways = waysIn(problem, near).map(([at, side]) => {
    const ends = side === 'from' ? reduced.from : reduced.to;
    return [at, ends.get(at) ?? -1] as const;
  });
  const { graph, all_W } = draft.graph(ways.map(([, joint]) => joint));

  const source = draft.places;
  const sink = source + 1;
  const probe = source + 2;
  draft.draw(graph, draft.first, sink);
  graph.maximise(source, sink);
  const throughSwitch_W = new Map<number, number>();
  for (const [at, joint] of ways) {
    // Finite, so that no flow through unlimited branches is.
    const most = Math.min(all_W, mostThrough_W(network, limits, network.firstSwitchBranch + at));
    const room = joint === -1 ? most : graph.probe(source, probe, joint, most);
    throughSwitch_W.set(at, room * (1 + HEADROOM) + 1);
  }
  draft.draw(graph, draft.second, sink);
  return {
    weight_W: weightsOfDead(problem, limits, blocks),
    throughSwitch_W,
    deliverable_W: graph.maximise(source, sink) * (1 + HEADROOM) + 1,
  };
}

/** The reduced graph as one of places with capacities. A row of lines has a place of its own. */
class Draft {
  readonly first: number[];
  readonly second: number[];
  readonly #given: number[];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #power: number[] = [];
  readonly #problem: RestorationProblem;
  readonly #limits: Relaxation;
  readonly #blocks: Blocks;
  readonly #reduced: ReducedGraph;

  constructor(
    problem: RestorationProblem,
    limits: Relaxation,
    blocks: Blocks,
    reduced: ReducedGraph,
  ) {
    this.#problem = problem;
    this.#limits = limits;
    this.#blocks = blocks;
    this.#reduced = reduced;
    const zeros = (): number[] => times(reduced.count, 0);
    this.first = zeros();
    this.second = zeros();
    this.#given = zeros();
    for (let joint = 0; joint < reduced.count; joint++) {
      if (this.#isOut(joint)) continue;
      this.#demand(joint, joint, reduced.active_mW[joint]!, reduced.reactive_mvar[joint]!);
      for (const edge of reduced.edges[joint]!) if (edge.a === joint) this.#addRow(edge);
    }
  }

  get places(): number {
    return this.first.length;
  }

  #blockOf(joint: number): number {
    return this.#blocks.ofSection[this.#problem.network.nodeSection[this.#reduced.node[joint]!]!]!;
  }

  #isOut(joint: number): boolean {
    const block = this.#blockOf(joint);
    return this.#blocks.hazard[block] === 1 && this.#blocks.isLive[block] === 0;
  }

  /**
   * What is drawn: first what is live and must be, then what is dead. What is live and may be shed is let
   * be: to count it as served at no cost is a bound too.
   */
  #demand(place: number, joint: number, active_mW: number, reactive_mvar: number): void {
    const { cosine, sine } = this.#limits;
    const weight = (active_mW * cosine + reactive_mvar * sine) / 1000;
    const block = this.#blockOf(joint);
    if (this.#blocks.isLive[block] === 0) this.second[place]! += weight;
    else if (this.#blocks.mustServe[block] === 1) this.first[place]! += weight;
  }

  #addRow({ a, b, there, back, atA_W, atB_W }: Edge): void {
    const active = Math.min(there.ownActive, back.ownActive);
    const reactive = Math.min(there.ownReactive, back.ownReactive);
    if (active <= 0 && reactive <= 0) {
      this.#connect(a, b, Math.min(atA_W, atB_W));
      return;
    }
    const middle = this.places;
    this.first.push(0);
    this.second.push(0);
    this.#given.push(0);
    this.#demand(middle, a, active, reactive);
    this.#connect(a, middle, atA_W);
    this.#connect(middle, b, atB_W);
  }

  addSwitch(at: number, power: number): void {
    const from = this.#reduced.from.get(at)!;
    const to = this.#reduced.to.get(at)!;
    if ((from !== -1 && this.#isOut(from)) || (to !== -1 && this.#isOut(to))) return;
    if (from === -1 && to === -1) return;
    if (from === -1) this.give(to, power);
    else if (to === -1) this.give(from, power);
    else this.#connect(from, to, power);
  }

  give(joint: number, power: number): void {
    if (joint !== -1 && !this.#isOut(joint)) this.#given[joint]! += power;
  }

  #connect(from: number, to: number, power: number): void {
    if (from === to) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#power.push(power);
  }

  /** With the laterals drawn in. @param measured - joints that are to stay. */
  graph(measured: readonly number[]): { readonly graph: FlowGraph; readonly all_W: number } {
    const kept = Uint8Array.from(this.#given, (power) => (power > 0 ? 1 : 0));
    for (const joint of measured) if (joint !== -1) kept[joint] = 1;
    const sum = (power: readonly number[]): number => power.reduce((all, each) => all + each, 0);
    const all_W = sum(this.first) + sum(this.second);
    const first = Float64Array.from(this.first);
    const second = Float64Array.from(this.second);
    const gone = drawInEnds({
      first,
      second,
      from: int32Of(this.#from),
      to: int32Of(this.#to),
      capacity: Float64Array.from(this.#power),
      kept,
    });
    first.forEach((power, place) => (this.first[place] = power));
    second.forEach((power, place) => (this.second[place] = power));
    const graph = new FlowGraph(this.places + 3);
    this.#power.forEach((power, edge) => {
      if (gone[edge] === 0) graph.connect(this.#from[edge]!, this.#to[edge]!, power, power);
    });
    this.#given.forEach((power, place) => {
      if (power > 0) graph.connect(this.places, place, power, 0);
    });
    return { graph, all_W };
  }

  draw(graph: FlowGraph, power: readonly number[], sink: number): void {
    power.forEach((weight, place) => {
      if (weight > 0) graph.connect(place, sink, weight, 0);
    });
  }
}

/** By section, W; 0 where it is live. */
function weightsOfDead(
  { network, isLive }: RestorationProblem,
  limits: Relaxation,
  { sections }: Blocks,
): Float64Array {
  const weight_W = float64(network.sectionCount);
  for (const section of sections) {
    if (isLive[section] === 1) continue;
    const end = network.sectionStart[section + 1]!;
    for (let entry = network.sectionStart[section]!; entry < end; entry++) {
      weight_W[section]! += weightOf(limits, network.sectionNodes[entry]!) / 1000;
    }
  }
  return weight_W;
}

/** As if every way in could carry everything: what is left are the ways themselves. */
export function unlimitedFlow(problem: RestorationProblem, scope: Scope): FlowBound {
  const throughSwitch_W = new Map<number, number>();
  for (const [at] of waysIn(problem, scope)) throughSwitch_W.set(at, Number.POSITIVE_INFINITY);
  return {
    weight_W: factsOf(problem.network).noWeight,
    throughSwitch_W,
    deliverable_W: Number.POSITIVE_INFINITY,
  };
}

/** Free switches between a live and a dead part, with the end on the live side. */
function waysIn(
  problem: RestorationProblem,
  { free }: Scope,
): readonly (readonly [number, 'from' | 'to'])[] {
  const { network, stayDead, isLive } = problem;
  const ways: (readonly [number, 'from' | 'to'])[] = [];
  for (const at of free) {
    const sections = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!] as const;
    if (sections.some((section) => stayDead.reason.has(section))) continue;
    const [from, to] = sections.map((section) => isLive[section] === 1);
    if (from !== to) ways.push([at, from === true ? 'from' : 'to']);
  }
  return ways;
}
