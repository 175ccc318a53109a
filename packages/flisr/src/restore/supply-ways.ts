import { readBlocks, type Blocks } from './blocks.ts';
import { highestVoltages } from './highest-voltages.ts';
import { pendantLoads, type PendantLoads } from './pendant-loads.ts';
import type { RestorationProblem } from './problem.ts';
import { reduceGraph } from './reduce-graph.ts';
import type { ReducedGraph } from './reduced-graph.ts';
import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';
import { RootedBlock } from './rooted-block.ts';
import { scopeOfSources, type Scope } from './scope.ts';
import type { Demand } from './way.ts';

/** A demand at a joint that some way from there leads to. */
interface Arrival extends Demand {
  readonly joint: number;
  /** The block it comes from, −1 none that is looked at. */
  readonly behind: number;
}

/** Ways followed for one question; where they do not do, it is answered with yes. */
const MOST_ARRIVALS = 400;
const SQUARE_MW = MILLIWATT_PER_PU * MILLIWATT_PER_PU;

/**
 * Whether a load can be fed at a place at all, whatever the switching: by some way from there to a
 * source on which every section carries its own load and what hangs on it alone, within the limits
 * and with voltage enough. Loads that could be fed from elsewhere as well are taken to be. Method
 * and proof: docs/methods/restoration.md, "Ways of supply".
 */
export class SupplyWays {
  readonly #limits: Relaxation;
  readonly #blocks: Blocks;
  readonly #graph: ReducedGraph;
  readonly #firstSwitchBranch: number;
  /** By joint. */
  readonly #block: Int32Array;
  readonly #sourceAt: Int32Array;
  readonly #highest2: Float64Array;
  readonly #switchesAt: readonly (readonly number[])[];
  /** By block: joints with a switch or a source. */
  readonly #exits: readonly (readonly number[])[];
  readonly #pendants: PendantLoads;
  readonly #rooted = new Map<number, RootedBlock>();

  private constructor(
    problem: RestorationProblem,
    scope: Scope,
    limits: Relaxation,
    blocks: Blocks,
    graph: ReducedGraph,
  ) {
    const { network } = problem;
    this.#limits = limits;
    this.#blocks = blocks;
    this.#graph = graph;
    this.#firstSwitchBranch = network.firstSwitchBranch;
    const highest = highestVoltages(network);
    this.#block = Int32Array.from(
      graph.node,
      (node) => blocks.ofSection[network.nodeSection[node]!]!,
    );
    this.#highest2 = Float64Array.from(graph.node, (node) => highest[node]! * highest[node]!);
    this.#sourceAt = new Int32Array(graph.count).fill(-1);
    const switchesAt: number[][] = Array.from({ length: graph.count }, () => []);
    const sources = new Set<number>();
    for (const [source, joint] of graph.sources) {
      this.#sourceAt[joint] = source;
      sources.add(this.#block[joint]!);
    }
    const inner: number[] = [];
    for (const at of scope.free) {
      const [from, to] = [graph.from.get(at)!, graph.to.get(at)!];
      if (from !== -1) switchesAt[from]!.push(at);
      if (to !== -1) switchesAt[to]!.push(at);
      if (from === -1 || to === -1) {
        const own = this.#block[from === -1 ? to : from];
        if (own !== undefined && blocks.hazard[own] === 0) sources.add(own);
      } else if (blocks.hazard[this.#block[from]!] === 0 && blocks.hazard[this.#block[to]!] === 0) {
        inner.push(at);
      }
    }
    this.#switchesAt = switchesAt;
    const exits: number[][] = Array.from({ length: blocks.count }, () => []);
    for (let joint = 0; joint < graph.count; joint++) {
      if (switchesAt[joint]!.length > 0 || this.#sourceAt[joint] !== -1) {
        exits[this.#block[joint]!]!.push(joint);
      }
    }
    this.#exits = exits;
    const { active, reactive } = this.#mustBeServed();
    this.#pendants = pendantLoads(blocks, inner, [...sources], active, reactive);
  }

  /**
   * @param sources - whose trees are looked into. What leads to others is taken for a source.
   * @returns null where generators, negative loads, closed loops, meshes or switches of unknown
   *   position make the least of a load no bound.
   */
  static of(
    problem: RestorationProblem,
    sources: ReadonlySet<number>,
    limits: Relaxation,
  ): SupplyWays | null {
    const isForest = problem.now.loopBranches.length === 0;
    const isCertain = problem.request.options.untrusted.size === 0;
    if (!limits.onlyLoads || !limits.boundsVoltage || !isForest || !isCertain) return null;
    const scope = scopeOfSources(problem, sources);
    const blocks = readBlocks(problem, scope, limits);
    const graph = reduceGraph(problem, scope, limits, blocks);
    let ends = 0;
    for (const edges of graph.edges) ends += edges.length;
    // A row that ends where it began stands there once.
    if (graph.edges.some((edges) => edges.some(({ a, b }) => a === b))) return null;
    if (ends / 2 !== graph.count - blocks.count) return null;
    return new SupplyWays(problem, scope, limits, blocks, graph);
  }

  /**
   * True where a demand behind a switch can be met through it.
   * @param side - its end from which it is fed.
   */
  carries(at: number, side: 'from' | 'to', { active, reactive, needs2 }: Demand): boolean {
    const from = this.#graph.from.get(at) ?? -1;
    const to = this.#graph.to.get(at) ?? -1;
    const [joint, far] = side === 'from' ? [from, to] : [to, from];
    if (joint === -1) return true;
    const behind = far === -1 ? -1 : this.#block[far]!;
    return this.#reachesSource({ active, reactive, needs2, joint, behind });
  }

  #reachesSource(start: Arrival): boolean {
    if (start.needs2 > this.#highest2[start.joint]!) return false;
    const arrivals = [start];
    /** By switch and direction, the arrivals that no other is below in all. */
    const least = new Map<number, Demand[]>();
    for (let head = 0; head < arrivals.length; head++) {
      if (head >= MOST_ARRIVALS) return true;
      const arrival = arrivals[head]!;
      const block = this.#block[arrival.joint]!;
      for (const exit of this.#exits[block]!) {
        const source = this.#sourceAt[exit]!;
        const onward = source !== -1 || this.#leadsOn(exit, block, arrival.behind);
        const met = onward ? this.#across(block, arrival, exit) : null;
        if (met === null) continue;
        if (source !== -1 && this.#gives(source, met)) return true;
        for (const at of this.#switchesAt[exit]!) {
          const from = this.#graph.from.get(at)!;
          const far = from === exit ? this.#graph.to.get(at)! : from;
          if (far !== -1 && !this.#isOnward(block, this.#block[far]!, arrival.behind)) continue;
          const next = this.#through(at, met);
          if (next.needs2 > this.#highest2[exit]!) continue;
          if (far === -1) return true;
          const passage = 2 * at + (far === from ? 1 : 0);
          const known = least.get(passage) ?? [];
          if (known.some((other) => isBelow(other, next))) continue;
          least.set(passage, [...known.filter((other) => !isBelow(next, other)), next]);
          arrivals.push({ ...next, joint: far, behind: block });
        }
      }
    }
    return false;
  }

  #leadsOn(exit: number, block: number, behind: number): boolean {
    return this.#switchesAt[exit]!.some((at) => {
      const from = this.#graph.from.get(at)!;
      const far = from === exit ? this.#graph.to.get(at)! : from;
      return far === -1 || this.#isOnward(block, this.#block[far]!, behind);
    });
  }

  /** False for a block that leads to no source but through the one before it. */
  #isOnward(block: number, far: number, behind: number): boolean {
    if (far === behind || far === block || this.#blocks.hazard[far] === 1) return false;
    const number = this.#pendants.order[far]!;
    for (const { first, last } of this.#pendants.of[block]!) {
      if (number >= first && number <= last) return false;
    }
    return number !== -1;
  }

  /** What enters a block at one joint for a demand at another; null where a limit breaks. */
  #across(block: number, arrival: Arrival, exit: number): Demand | null {
    let rooted = this.#rooted.get(exit);
    if (rooted === undefined) {
      const pendants = this.#pendants.of[block]!.map((pendant) => {
        const { through } = pendant;
        if (through === -1) return { ...pendant, joint: exit };
        return { ...pendant, joint: this.#endIn(block, through) };
      });
      rooted = new RootedBlock(this.#graph, exit, pendants);
      this.#rooted.set(exit, rooted);
    }
    const { joint, active, reactive, needs2, behind } = arrival;
    const number = behind === -1 ? -1 : this.#pendants.order[behind]!;
    return rooted.meet(joint, { active, reactive, needs2 }, number);
  }

  /** The joint of a switch in one of its blocks. */
  #endIn(block: number, at: number): number {
    const from = this.#graph.from.get(at)!;
    return this.#block[from] === block ? from : this.#graph.to.get(at)!;
  }

  #gives(source: number, { active, reactive, needs2 }: Demand): boolean {
    const { source2_pu, sourceVoltage2_pu } = this.#limits;
    return (
      needs2 <= sourceVoltage2_pu[source]! &&
      active * active + reactive * reactive <= source2_pu[source]! * SQUARE_MW
    );
  }

  /** A limit of current is one of voltage: what flows needs so much of it. */
  #through(at: number, { active, reactive, needs2 }: Demand): Demand {
    const limit2 = this.#limits.current2_pu[this.#firstSwitchBranch + at]!;
    const square = (active * active + reactive * reactive) / SQUARE_MW;
    return { active, reactive, needs2: Math.max(needs2, square / limit2) };
  }

  /** Load of each block that must be served, with what lies on its rows at least. */
  #mustBeServed(): { readonly active: Float64Array; readonly reactive: Float64Array } {
    const { mustServe, count } = this.#blocks;
    const { active_mW, reactive_mvar, edges } = this.#graph;
    const active = new Float64Array(count);
    const reactive = new Float64Array(count);
    for (let joint = 0; joint < active_mW.length; joint++) {
      const block = this.#block[joint]!;
      if (mustServe[block] === 0) continue;
      active[block]! += active_mW[joint]!;
      reactive[block]! += reactive_mvar[joint]!;
      for (const { a, there, back } of edges[joint]!) {
        if (a !== joint) continue;
        active[block]! += Math.min(there.ownActive, back.ownActive);
        reactive[block]! += Math.min(there.ownReactive, back.ownReactive);
      }
    }
    return { active, reactive };
  }
}

/** True where one demand is no greater than the other in anything. */
function isBelow(one: Demand, other: Demand): boolean {
  return one.active <= other.active && one.reactive <= other.reactive && one.needs2 <= other.needs2;
}
