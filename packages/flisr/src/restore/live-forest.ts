import { OPEN, type Network } from '@relight/topology';
import { int32, lists, times, uint8 } from './columns.ts';
import type { Blocks } from './blocks.ts';
import type { Ground } from './ground.ts';
import { isFedByTie, type PhaseDoubt } from './phase-order.ts';
import type { Edge, ReducedGraph } from './reduced-graph.ts';
import type { RestorationProblem } from './problem.ts';
import type { Relaxation } from './relaxation.ts';
import { LINK, type Scope } from './scope.ts';
import { DOUBTFUL, GHOST, SURE } from './shadow.ts';
import { wasOpenedSince } from './switching-state.ts';
import { TreeMeasures } from './tree-measures.ts';
import { freeWay, type Way } from './way.ts';

/** Why a part cannot be joined to a live tree. */
export type ExtendFailure = 'hazard' | 'loop' | 'backfeed' | 'phaseOrder' | 'limit';

const NONE: Way = freeWay();
const NO_JOINTS: number[] = [];

/**
 * The live trees of one search, grown switch by switch and cut back in reverse order, over the
 * joints of the reduced graph. Flows are never more and voltages never less than in truth
 * (docs/methods/restoration.md, 3), so that a limit broken here is broken in truth as well.
 */
export class LiveForest {
  readonly network: Network;
  readonly scope: Scope;
  readonly graph: ReducedGraph;
  /** By joint: source that feeds it, −1 dead. */
  readonly tree: Int32Array;
  /**
   * Joined through a switch of unknown position: SURE no, DOUBTFUL live with the positions as last
   * known, GHOST dead with them.
   */
  readonly shadow: Uint8Array;
  readonly #problem: RestorationProblem;
  readonly #limits: Relaxation;
  readonly #blocks: Blocks;
  readonly #parent: Int32Array;
  readonly #parentEdge: (Edge | null)[];
  readonly #parentSwitch: Int32Array;
  readonly #way: Way[];
  /** The close that gives the joint life: the last on the way from its source; −1 none. */
  readonly #closedBy: Int32Array;
  /** Place of a joint among those added. */
  readonly #placeOf: Int32Array;
  readonly #jointsOfTree: number[][];
  readonly #measures: TreeMeasures;
  readonly #added: number[] = [];
  /** Unknown switches at each joint; empty without any. */
  readonly #linksAt: readonly (readonly number[])[];
  readonly #switchWays = new Map<number, Way>();
  /** null where a tie feeds conductors of unconfirmed phase order already: it may go on so. */
  readonly #doubt: PhaseDoubt | null;

  constructor(problem: RestorationProblem, ground: Ground) {
    const { network } = problem;
    const { scope, limits, blocks } = ground;
    this.network = network;
    this.scope = scope;
    this.#problem = problem;
    this.#limits = limits;
    this.#blocks = blocks;
    this.graph = ground.graph;
    const { count } = this.graph;
    this.tree = int32(count).fill(-1);
    this.shadow = uint8(count);
    this.#parent = int32(count);
    this.#parentEdge = times<Edge | null>(count, null);
    this.#parentSwitch = int32(count);
    this.#way = times(count, NONE);
    this.#closedBy = int32(count);
    this.#placeOf = int32(count);
    this.#jointsOfTree = times(limits.source2_pu.length, NO_JOINTS);
    for (const source of scope.sources) this.#jointsOfTree[source] = [];
    this.#linksAt = linksAt(scope, this.graph);
    this.#doubt = isFedByTie(problem, problem.positions) ? null : problem.phaseDoubt;
    this.#measures = new TreeMeasures(network, ground, {
      parent: this.#parent,
      parentSwitch: this.#parentSwitch,
      way: this.#way,
      shadow: this.shadow,
      jointsOfTree: this.#jointsOfTree,
    });
    this.#plantSources();
  }

  /** True where a state that breaks a limit stays broken whatever is joined to it. */
  get moreLoadNeverRelieves(): boolean {
    const { onlyLoads, followsVoltage } = this.#limits;
    return !this.#measures.meshed && onlyLoads && !followsVoltage;
  }

  /** With a margin to every limit, or up to the limits. Only with nothing joined to the trees. */
  keepMargin(keep: boolean): void {
    this.#measures.keepMargin(keep);
  }

  /** Joints added so far; hand it to `cutBack` to return to this state. */
  get mark(): number {
    return this.#added.length;
  }

  /** Sources are numbered below this. */
  get sourceCount(): number {
    return this.#jointsOfTree.length;
  }

  isLive(block: number): boolean {
    return this.tree[this.graph.ofBlock[block]!] !== -1;
  }

  /** Of the joint that speaks for a block. */
  shadowOf(block: number): number {
    return this.shadow[this.graph.ofBlock[block]!]!;
  }

  /** The joint at the live end of a switch, the `from` end where both are. */
  nearEnd(switchIndex: number): number {
    const from = this.graph.from.get(switchIndex)!;
    return this.tree[from] === -1 ? this.graph.to.get(switchIndex)! : from;
  }

  /**
   * True where an open switch supplies what is behind it from its live end: by no switch of unknown
   * position, or by one on which it hung after the trip, before a live part was switched off.
   */
  supplies(switchIndex: number, near: number): boolean {
    const shadow = this.shadow[near];
    return shadow === SURE || (shadow === DOUBTFUL && wasOpenedSince(this.#problem, switchIndex));
  }

  /** Weight that a source can still give, mW. */
  sourceRoom(source: number): number {
    return this.#measures.sourceRoom(source);
  }

  /**
   * Joins what lies behind a switch, as far as fixed switches reach, to the tree of its live end.
   * On failure nothing has changed.
   */
  extend(switchIndex: number): ExtendFailure | null {
    const start = this.mark;
    const near = this.nearEnd(switchIndex);
    const from = this.graph.from.get(switchIndex)!;
    const far = near === from ? this.graph.to.get(switchIndex)! : from;
    const source = this.tree[near]!;
    const closes = this.#problem.positions[switchIndex] === OPEN;
    const shadow = this.#shadowBehind(switchIndex, near);
    const block = near === from ? this.#blocks.to[switchIndex]! : this.#blocks.from[switchIndex]!;
    if (this.#isHazard(block, shadow)) return 'hazard';
    this.#measures.keep(start, source);
    this.#add(far, near, source, shadow, closes ? switchIndex : this.#closedBy[near]!);
    this.#parentSwitch[far] = switchIndex;
    this.#way[far] = shadow === GHOST ? NONE : this.#switchWay(switchIndex);
    const failure =
      this.#grow(start, source, false) ?? this.#doubtAround(start) ?? this.#phaseDoubtIn(start);
    if (failure === null && this.#measures.measure(source)) return null;
    this.cutBack(start);
    return failure ?? 'limit';
  }

  #shadowBehind(switchIndex: number, near: number): number {
    const shadow = this.shadow[near]!;
    if (this.scope.role[switchIndex] !== LINK || shadow === GHOST) return shadow;
    return this.#problem.request.positionsNow[switchIndex] === OPEN ? GHOST : DOUBTFUL;
  }

  #switchWay(switchIndex: number): Way {
    let way = this.#switchWays.get(switchIndex);
    if (way === undefined) {
      const branch = this.network.firstSwitchBranch + switchIndex;
      way = { ...freeWay(), current2: this.#limits.current2_pu[branch]! };
      this.#switchWays.set(switchIndex, way);
    }
    return way;
  }

  /** Weight that can be added behind a switch by its rating and the way to it, mW. */
  roomThrough(switchIndex: number, near: number): number {
    return this.#measures.roomThrough(switchIndex, near, this.tree[near]!);
  }

  /** Takes back the part that was joined at the mark. */
  cutBack(mark: number): void {
    while (this.#added.length > mark) {
      const joint = this.#added.pop()!;
      const source = this.tree[joint]!;
      this.#jointsOfTree[source]!.pop();
      this.#measures.outdate(source);
      this.tree[joint] = -1;
    }
    this.#measures.giveBack(mark);
  }

  #plantSources(): void {
    const { network } = this.#problem;
    for (const source of this.scope.sources) {
      const joint = this.graph.sources.get(source);
      if (joint === undefined || this.tree[joint] !== -1) continue;
      const start = this.mark;
      this.#add(joint, -1, source, SURE, -1);
      this.#grow(start, source, true);
    }
    if (!this.#limits.onlyLoads) {
      let active = 0;
      let reactive = 0;
      const live = new Set<number>();
      for (const block of this.#blocks.node.keys()) if (this.isLive(block)) live.add(block);
      for (let node = 0; node < network.nodeCount; node++) {
        if (live.has(this.#blocks.ofSection[network.nodeSection[node]!]!)) continue;
        active -= Math.min(0, this.#limits.active_mW[node]!);
        reactive -= Math.min(0, this.#limits.reactive_mvar[node]!);
      }
      this.#measures.allowSlack(active, reactive);
    }
    this.#measures.begin(this.scope.sources);
  }

  #add(joint: number, parent: number, source: number, shadow: number, closedBy: number): void {
    this.tree[joint] = source;
    this.shadow[joint] = shadow;
    this.#closedBy[joint] = closedBy;
    this.#placeOf[joint] = this.#added.length;
    this.#parent[joint] = parent;
    this.#parentEdge[joint] = null;
    this.#parentSwitch[joint] = -1;
    this.#way[joint] = NONE;
    this.#added.push(joint);
    this.#jointsOfTree[source]!.push(joint);
  }

  /**
   * Walks on from the joints added since `start` through all that no free switch separates.
   * @param asFound - the network is read in as it stands: what is wrong with it already is let be.
   */
  #grow(start: number, source: number, asFound: boolean): ExtendFailure | null {
    for (let head = start; head < this.#added.length; head++) {
      const joint = this.#added[head]!;
      const shadow = this.shadow[joint]!;
      for (const edge of this.graph.edges[joint]!) {
        if (edge === this.#parentEdge[joint]) continue;
        const far = edge.a === joint ? edge.b : edge.a;
        if (this.tree[far] !== -1) {
          if (this.#parentEdge[far] === edge) continue;
          if (edge.hasSwitch && !asFound) return 'loop';
          this.#measures.meshed = true;
          continue;
        }
        const there = edge.a === joint;
        if (!asFound && shadow !== GHOST && edge.feedsBack === (there ? 1 : -1)) return 'backfeed';
        const doubt = Math.max(shadow, edge.doubtful ? DOUBTFUL : SURE);
        this.#add(far, joint, source, doubt, this.#closedBy[joint]!);
        this.#parentEdge[far] = edge;
        this.#way[far] = shadow === GHOST ? NONE : there ? edge.there : edge.back;
      }
    }
    return null;
  }

  /**
   * What switches of unknown position, taken as closed, would do to the part added since `start`:
   * they may join it to no other live part, unless both have been live all along or one close
   * gives life to both.
   */
  #doubtAround(start: number): ExtendFailure | null {
    if (this.scope.links.length === 0) return null;
    for (let head = start; head < this.#added.length; head++) {
      const joint = this.#added[head]!;
      for (const at of this.#linksAt[joint]!) {
        const from = this.graph.from.get(at)!;
        const far = from === joint ? this.graph.to.get(at)! : from;
        if (far === -1 || this.tree[far] === -1 || this.#placeOf[far]! >= start) continue;
        if (at === this.#parentSwitch[joint]) continue;
        if (this.#closedBy[joint] !== this.#closedBy[far]) return 'loop';
      }
    }
    return null;
  }

  /**
   * A switch of unknown position between a live and a dead part, once no other way into the dead
   * one is left: it may be live through it. `extend` through it says what follows. −1: none.
   */
  nextDoubt(): number {
    const { nodeSection } = this.network;
    for (const at of this.scope.links) {
      const from = this.graph.from.get(at)!;
      const to = this.graph.to.get(at)!;
      if (from === -1 || to === -1) continue;
      if ((this.tree[from] === -1) === (this.tree[to] === -1)) continue;
      const far = this.tree[from] === -1 ? from : to;
      const section = nodeSection[this.graph.node[far]!]!;
      if (this.#problem.stayDead.reason.get(section) !== 'dark') return at;
    }
    return -1;
  }

  /**
   * Whether the part added since `start` is fed through conductors of unconfirmed phase order and a
   * tie: by what the joints show, which is not all there is.
   */
  #phaseDoubtIn(start: number): ExtendFailure | null {
    const doubt = this.#doubt;
    if (doubt === null) return null;
    const { nodeSection, grid } = this.network;
    const isDoubtful = (joint: number): boolean =>
      doubt.sections.has(nodeSection[this.graph.node[joint]!]!);
    const isTie = (joint: number): boolean =>
      grid.switches[this.#parentSwitch[joint]!]?.normallyOpen === true;
    const first = this.#added[start]!;
    let throughTie = isTie(first);
    let throughDoubt = false;
    for (let joint = this.#parent[first]!; joint !== -1; joint = this.#parent[joint]!) {
      throughTie ||= isTie(joint);
      throughDoubt ||= isDoubtful(joint);
    }
    if (throughDoubt && isTie(first)) return 'phaseOrder';
    const added = this.#added.slice(start);
    return throughTie && added.some(isDoubtful) ? 'phaseOrder' : null;
  }

  /** What is tagged or earthed and may be live already is so through no fault of the plan. */
  #isHazard(block: number, shadow: number): boolean {
    return (
      this.#blocks.hazard[block] === 1 && (shadow !== GHOST || this.#blocks.lethal[block] === 1)
    );
  }
}

function linksAt({ links }: Scope, graph: ReducedGraph): readonly (readonly number[])[] {
  const found = lists<number>(links.length === 0 ? 0 : graph.count);
  for (const at of links) {
    for (const joint of [graph.from.get(at)!, graph.to.get(at)!]) found[joint]?.push(at);
  }
  return found;
}
