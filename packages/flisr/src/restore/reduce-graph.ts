import { BRANCH_TRANSFORMER, UNKNOWN } from '@relight/topology';
import { float64, int32, lists, uint8 } from './columns.ts';
import type { Blocks } from './blocks.ts';
import { highestVoltages } from './highest-voltages.ts';
import { factsOf } from './network-facts.ts';
import type { RestorationProblem } from './problem.ts';
import { mostThrough_W, type Edge, type ReducedGraph } from './reduced-graph.ts';
import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';
import { FIXED, type Scope } from './scope.ts';
import { freeWay, meet, prepend, type Way } from './way.ts';

const KEPT = 1;
const GONE = 2;
const WALKED = 3;

/** Sums a part of the grid up in what a search over it decides about. Linear in its nodes. */
export function reduceGraph(
  problem: RestorationProblem,
  scope: Scope,
  limits: Relaxation,
  blocks: Blocks,
): ReducedGraph {
  return new Reduction(problem, scope, limits, blocks).graph();
}

class Reduction {
  readonly #problem: RestorationProblem;
  readonly #scope: Scope;
  readonly #limits: Relaxation;
  readonly #blocks: Blocks;
  readonly #nodes: number[] = [];
  /** By node: place among `nodes`, −1 outside. Given back as it was. */
  readonly #place: Int32Array;
  /** By place. */
  readonly #state: Uint8Array;
  readonly #degree: Int32Array;
  readonly #active: Float64Array;
  readonly #reactive: Float64Array;
  readonly #needs2: Float64Array;
  readonly #highest: Float64Array;
  #reckonsLosses = false;

  constructor(problem: RestorationProblem, scope: Scope, limits: Relaxation, blocks: Blocks) {
    this.#problem = problem;
    this.#scope = scope;
    this.#limits = limits;
    this.#blocks = blocks;
    this.#highest = highestVoltages(problem.network);
    this.#place = problem.kernel.place;
    const { sectionStart, sectionNodes } = problem.network;
    for (const section of blocks.sections) {
      const end = sectionStart[section + 1]!;
      for (let entry = sectionStart[section]!; entry < end; entry++) {
        this.#place[sectionNodes[entry]!] = this.#nodes.length;
        this.#nodes.push(sectionNodes[entry]!);
      }
    }
    const count = this.#nodes.length;
    this.#state = uint8(count);
    this.#degree = int32(count);
    this.#active = float64(count);
    this.#reactive = float64(count);
    this.#needs2 = float64(count);
    for (let own = 0; own < count; own++) {
      const node = this.#nodes[own]!;
      this.#active[own] = limits.active_mW[node]!;
      this.#reactive[own] = limits.reactive_mvar[node]!;
      this.#needs2[own] = limits.lowest2_pu[node]!;
    }
  }

  graph(): ReducedGraph {
    const tangents = this.#tangents();
    this.#markKept();
    const isForest = this.#countDegrees() === this.#nodes.length - this.#blocks.count;
    this.#reckonsLosses = isForest && this.#limits.onlyLoads && this.#limits.boundsVoltage;
    this.#drawInLaterals();
    const graph = this.#joinRows(tangents);
    for (const node of this.#nodes) this.#place[node] = -1;
    return graph;
  }

  #tangents(): readonly [number, number] {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let own = 0; own < this.#nodes.length; own++) {
      const active = this.#active[own]!;
      const reactive = this.#reactive[own]!;
      if (active <= 0 && reactive <= 0) continue;
      const tangent = active <= 0 ? Number.POSITIVE_INFINITY : Math.max(0, reactive) / active;
      least = Math.min(least, tangent);
      most = Math.max(most, tangent);
    }
    return least > most ? [0, Number.POSITIVE_INFINITY] : [least, most];
  }

  /** Everything that a decision may begin at, and what is not simply a line. */
  #markKept(): void {
    const { network, positions, request } = this.#problem;
    const keep = (node: number): void => {
      const own = this.#place[node]!;
      if (own !== -1) this.#state[own] = KEPT;
    };
    const ends = (at: number): void => {
      const { from, to } = network.grid.switches[at]!;
      keep(from);
      keep(to);
    };
    for (const at of this.#scope.free) ends(at);
    for (const at of this.#scope.links) ends(at);
    for (const at of request.options.untrusted) if (positions[at] === UNKNOWN) ends(at);
    for (const node of this.#blocks.node) keep(node);
    for (const source of this.#scope.sources) keep(network.sourceNode[source]!);
    const { transformerEnds } = factsOf(network);
    for (const section of this.#blocks.sections) transformerEnds.get(section)?.forEach(keep);
  }

  /** True for a branch within a block. */
  #joins(branch: number): boolean {
    const at = branch - this.#problem.network.firstSwitchBranch;
    return at < 0 || this.#scope.role[at] === FIXED;
  }

  /** @returns The number of branches. */
  #countDegrees(): number {
    const { adjacencyStart, adjacencyBranch, adjacencyNode } = this.#problem.network;
    let ends = 0;
    for (let own = 0; own < this.#nodes.length; own++) {
      const node = this.#nodes[own]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        if (!this.#joins(adjacencyBranch[entry]!)) continue;
        if (this.#place[adjacencyNode[entry]!] === -1) continue;
        this.#degree[own]! += 1;
        ends += 1;
      }
    }
    return ends / 2;
  }

  /** The next branch at a node from an entry of its adjacency on; −1 none. */
  #nextEntry(own: number, from: number): number {
    const { adjacencyStart, adjacencyBranch, adjacencyNode } = this.#problem.network;
    const end = adjacencyStart[this.#nodes[own]! + 1]!;
    for (let entry = from; entry < end; entry++) {
      if (!this.#joins(adjacencyBranch[entry]!)) continue;
      const other = this.#place[adjacencyNode[entry]!]!;
      if (other !== -1 && this.#state[other] !== GONE) return entry;
    }
    return -1;
  }

  #firstEntry(own: number): number {
    return this.#nextEntry(own, this.#problem.network.adjacencyStart[this.#nodes[own]!]!);
  }

  /** A lateral becomes a load of the node that it hangs on, and the voltage it needs there. */
  #drawInLaterals(): void {
    const { adjacencyBranch, adjacencyNode } = this.#problem.network;
    const { resistance_pu, reactance_pu, current2_pu } = this.#limits;
    const ends: number[] = [];
    const isEnd = (own: number): boolean => this.#degree[own] === 1 && this.#state[own] === 0;
    for (let own = 0; own < this.#nodes.length; own++) if (isEnd(own)) ends.push(own);
    for (const own of ends) {
      if (!isEnd(own)) continue;
      const entry = this.#firstEntry(own);
      const branch = adjacencyBranch[entry]!;
      const other = this.#place[adjacencyNode[entry]!]!;
      const active = this.#active[own]!;
      const reactive = this.#reactive[own]!;
      const square = (active * active + reactive * reactive) / MILLIWATT_PER_PU;
      const lost = square * this.#perSquare(own);
      const r = resistance_pu[branch]!;
      const x = reactance_pu[branch]!;
      const drop = (2 * (r * active + x * reactive) + (r * r + x * x) * lost) / MILLIWATT_PER_PU;
      // What is least flows at least as strongly only as far as it is drawn: what feeds in may give less.
      const drawn = Math.max(0, active) ** 2 + Math.max(0, reactive) ** 2;
      const current2 = drawn > 0 ? drawn / MILLIWATT_PER_PU ** 2 / current2_pu[branch]! : 0;
      const needs2 = Math.max(this.#needs2[own]!, current2) + drop;
      this.#needs2[other] = Math.max(this.#needs2[other]!, needs2);
      this.#active[other]! += active + r * lost;
      this.#reactive[other]! += reactive + x * lost;
      this.#state[own] = GONE;
      this.#degree[other]! -= 1;
      if (isEnd(other)) ends.push(other);
    }
  }

  /** 1 / v² with the highest voltage, for losses; 0 where they are not reckoned. */
  #perSquare(own: number): number {
    const highest = this.#highest[this.#nodes[own]!]!;
    return this.#reckonsLosses ? 1 / (highest * highest) : 0;
  }

  #isJoint(own: number): boolean {
    const state = this.#state[own]!;
    return state === KEPT || (state === 0 && this.#degree[own] !== 2);
  }

  #joinRows(tangents: readonly [number, number]): ReducedGraph {
    const { network } = this.#problem;
    const jointOf = int32(this.#nodes.length).fill(-1);
    const joints: number[] = [];
    for (let own = 0; own < this.#nodes.length; own++) {
      if (!this.#isJoint(own)) continue;
      jointOf[own] = joints.length;
      joints.push(own);
    }
    const edges = lists<Edge>(joints.length);
    for (const start of joints) {
      let entry = this.#firstEntry(start);
      while (entry !== -1) {
        const row = this.#walk(start, entry);
        if (row !== null) {
          const edge = this.#edgeOf(row, jointOf);
          edges[edge.a]!.push(edge);
          if (edge.b !== edge.a) edges[edge.b]!.push(edge);
        }
        entry = this.#nextEntry(start, entry + 1);
      }
    }
    const at = (node: number): number => {
      const own = this.#place[node]!;
      return own === -1 ? -1 : jointOf[own]!;
    };
    const lost = new Set(this.#problem.request.lostSources);
    const sources = new Map<number, number>();
    for (const source of this.#scope.sources) {
      if (lost.has(source)) continue;
      const joint = at(network.sourceNode[source]!);
      if (joint !== -1) sources.set(source, joint);
    }
    const pick = (column: Float64Array): Float64Array => {
      const picked = float64(joints.length);
      for (let joint = 0; joint < joints.length; joint++) picked[joint] = column[joints[joint]!]!;
      return picked;
    };
    const node = int32(joints.length);
    for (let joint = 0; joint < joints.length; joint++) node[joint] = this.#nodes[joints[joint]!]!;
    const ofBlock = int32(this.#blocks.count);
    for (let block = 0; block < ofBlock.length; block++)
      ofBlock[block] = at(this.#blocks.node[block]!);
    const from = new Map<number, number>();
    const to = new Map<number, number>();
    for (const each of [...this.#scope.free, ...this.#scope.links]) {
      from.set(each, at(network.grid.switches[each]!.from));
      to.set(each, at(network.grid.switches[each]!.to));
    }
    return {
      count: joints.length,
      node,
      active_mW: pick(this.#active),
      reactive_mvar: pick(this.#reactive),
      needs2_pu: pick(this.#needs2),
      edges,
      from,
      to,
      sources,
      ofBlock,
      tangents,
    };
  }

  /** From a joint over places with two branches to the next joint; null where it is known. */
  #walk(start: number, entry: number): Row | null {
    const { adjacencyBranch, adjacencyNode } = this.#problem.network;
    let branch = adjacencyBranch[entry]!;
    let own = this.#place[adjacencyNode[entry]!]!;
    const branches = [branch];
    const between: number[] = [];
    while (!this.#isJoint(own)) {
      if (this.#state[own] === WALKED) return null;
      this.#state[own] = WALKED;
      between.push(own);
      let next = this.#firstEntry(own);
      if (adjacencyBranch[next] === branch) next = this.#nextEntry(own, next + 1);
      branch = adjacencyBranch[next]!;
      branches.push(branch);
      own = this.#place[adjacencyNode[next]!]!;
    }
    // A single branch is met from both its ends.
    return between.length === 0 && own < start ? null : { start, end: own, branches, between };
  }

  #edgeOf({ start, end, branches, between }: Row, jointOf: Int32Array): Edge {
    const { network, positions } = this.#problem;
    const back = this.#wayOver(branches, between, start);
    const there = this.#wayOver(branches.toReversed(), between.toReversed(), end);
    let hasSwitch = false;
    let doubtful = false;
    let feedsBack: Edge['feedsBack'] = 0;
    for (const branch of branches) {
      const at = branch - network.firstSwitchBranch;
      if (at >= 0) hasSwitch = true;
      if (at >= 0 && positions[at] === UNKNOWN) doubtful = true;
      if (network.branchKind[branch] !== BRANCH_TRANSFORMER) continue;
      const nodes = network.grid.connectivityNodes;
      const a = nodes[this.#nodes[start]!]!.nominalVoltage;
      const b = nodes[this.#nodes[end]!]!.nominalVoltage;
      feedsBack = a < b ? 1 : a > b ? -1 : 0;
    }
    return {
      a: jointOf[start]!,
      b: jointOf[end]!,
      there,
      back,
      atA_W: this.#mostThrough(branches[0]!),
      atB_W: this.#mostThrough(branches.at(-1)!),
      hasSwitch,
      doubtful,
      feedsBack,
    };
  }

  #mostThrough(branch: number): number {
    return mostThrough_W(this.#problem.network, this.#limits, branch);
  }

  /** @param branches - from the far end of the way on, which is the place `far`. */
  #wayOver(branches: readonly number[], between: readonly number[], far: number): Way {
    const { network } = this.#problem;
    const limits = this.#limits;
    const way = freeWay();
    let beyond = far;
    for (let step = 0; step < branches.length; step++) {
      const branch = branches[step]!;
      if (step > 0) {
        beyond = between[step - 1]!;
        meet(way, this.#active[beyond]!, this.#reactive[beyond]!, this.#needs2[beyond]!);
      }
      const isForward = network.branchTo[branch] === this.#nodes[beyond];
      const ratio2 = limits.ratio2[branch]!;
      const gain = isForward ? ratio2 : 1 / ratio2;
      const isWinding = network.branchKind[branch] === BRANCH_TRANSFORMER;
      prepend(way, limits, {
        resistance: limits.resistance_pu[branch]!,
        reactance: limits.reactance_pu[branch]!,
        gain,
        dropScale: isForward ? 1 : gain,
        current2: limits.current2_pu[branch]!,
        perSquare: isWinding ? 0 : this.#perSquare(beyond),
      });
      if (!isWinding) continue;
      way.power2 = limits.power2_pu[branch]!;
      if (!isForward || !this.#reckonsLosses) continue;
      way.windingResistance = limits.resistance_pu[branch]!;
      way.windingReactance = limits.reactance_pu[branch]!;
      way.highest2 = this.#highest[network.branchFrom[branch]!]! ** 2;
    }
    return way;
  }
}

interface Row {
  /** Places. */
  readonly start: number;
  readonly end: number;
  /** From the start to the end. */
  readonly branches: readonly number[];
  readonly between: readonly number[];
}
