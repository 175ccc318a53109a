import { OPEN, type Network } from '@relight/topology';
import type { Blocks } from './blocks.ts';
import { reduceGraph, type Edge, type ReducedGraph } from './reduced-graph.ts';
import { KeptMeasures } from './kept-measures.ts';
import type { RestorationProblem } from './problem.ts';
import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';
import { lossOfVoltage, roomUnder } from './rooms.ts';
import { LINK, type Scope } from './scope.ts';
import { freeWay, type Way } from './way.ts';

/** Why a part cannot be joined to a live tree. */
export type ExtendFailure = 'hazard' | 'loop' | 'backfeed' | 'limit';

/** What `shadow` says of a joint. */
export const SURE = 0;
export const DOUBTFUL = 1;
export const GHOST = 2;

/** Where generators or capacitors may lift voltages: above any limit in use, pu squared. */
const GENEROUS_VOLTAGE2 = 1.44;
const NONE: Way = freeWay();
/** Shares of the limits (of the squares of currents, powers and voltages) that a margin leaves. */
const MARGIN = { flow2: 0.94, voltage2: 0.994 };
const NO_MARGIN = { flow2: 1, voltage2: 1 };

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
  /** Weight that can still be added at a joint before a limit on its way to the source, mW. */
  readonly #room: Float64Array;
  readonly #sourceRoom: Float64Array;
  readonly #parent: Int32Array;
  readonly #parentEdge: (Edge | null)[];
  readonly #parentSwitch: Int32Array;
  readonly #way: Way[];
  /** The close that gives the joint life: the last on the way from its source; −1 none. */
  readonly #closedBy: Int32Array;
  /** Place of a joint among those added. */
  readonly #placeOf: Int32Array;
  readonly #active: Float64Array;
  readonly #reactive: Float64Array;
  /** What enters the way to the joint at its near end. */
  readonly #enteringActive: Float64Array;
  readonly #enteringReactive: Float64Array;
  /** Square of the voltage that all below a joint needs, pu. */
  readonly #needs2: Float64Array;
  /** Highest possible square of the voltage, pu. */
  readonly #voltage2: Float64Array;
  /** What a weight of 1 at the joint takes off the square of its voltage at least, by P and by Q. */
  readonly #byActive: Float64Array;
  readonly #byReactive: Float64Array;
  readonly #jointsOfTree: number[][];
  /** By source: 1 where the trees were cut back since they were measured. */
  readonly #stale: Uint8Array;
  readonly #kept: KeptMeasures;
  readonly #added: number[] = [];
  /** Unknown switches at each joint; empty without any. */
  readonly #linksAt: readonly (readonly number[])[];
  readonly #switchWays = new Map<number, Way>();
  /** What generators and capacitors in the parts not yet joined could take off a flow. */
  #slackActive = 0;
  #slackReactive = 0;
  /** A mesh of lines carries its flow on several ways: no bound on any one of them. */
  #meshed = false;
  #margin = NO_MARGIN;

  constructor(problem: RestorationProblem, scope: Scope, limits: Relaxation, blocks: Blocks) {
    const { network } = problem;
    this.network = network;
    this.scope = scope;
    this.#problem = problem;
    this.#limits = limits;
    this.#blocks = blocks;
    this.graph = reduceGraph(problem, scope, limits, blocks);
    const { count } = this.graph;
    this.tree = new Int32Array(count).fill(-1);
    this.shadow = new Uint8Array(count);
    this.#room = new Float64Array(count);
    this.#parent = new Int32Array(count);
    this.#parentEdge = Array.from({ length: count }, () => null);
    this.#parentSwitch = new Int32Array(count);
    this.#way = Array.from({ length: count }, () => NONE);
    this.#closedBy = new Int32Array(count);
    this.#placeOf = new Int32Array(count);
    this.#active = new Float64Array(count);
    this.#reactive = new Float64Array(count);
    this.#enteringActive = new Float64Array(count);
    this.#enteringReactive = new Float64Array(count);
    this.#needs2 = new Float64Array(count);
    this.#voltage2 = new Float64Array(count);
    this.#byActive = new Float64Array(count);
    this.#byReactive = new Float64Array(count);
    this.#sourceRoom = new Float64Array(network.sourceNode.length);
    this.#stale = new Uint8Array(network.sourceNode.length);
    this.#jointsOfTree = Array.from(network.sourceNode, () => []);
    this.#linksAt = linksAt(scope, this.graph);
    this.#kept = new KeptMeasures([
      this.#room,
      this.#active,
      this.#reactive,
      this.#needs2,
      this.#voltage2,
      this.#byActive,
      this.#byReactive,
    ]);
    this.#plantSources();
  }

  /** True where a state that breaks a limit stays broken whatever is joined to it. */
  get moreLoadNeverRelieves(): boolean {
    return !this.#meshed && this.#limits.onlyLoads;
  }

  /** With a margin to every limit, or up to the limits. Only with nothing joined to the trees. */
  keepMargin(keep: boolean): void {
    this.#margin = keep ? MARGIN : NO_MARGIN;
    this.#stale.fill(1);
  }

  /** Joints added so far; hand it to `cutBack` to return to this state. */
  get mark(): number {
    return this.#added.length;
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

  /** Weight that a source can still give, mW. */
  sourceRoom(source: number): number {
    if (this.#stale[source] === 1) this.#measure(source);
    return this.#sourceRoom[source]!;
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
    if (this.#stale[source] === 0) {
      this.#kept.keep(start, source, this.#sourceRoom[source]!, this.#jointsOfTree[source]!);
    }
    this.#add(far, near, source, shadow, closes ? switchIndex : this.#closedBy[near]!);
    this.#parentSwitch[far] = switchIndex;
    this.#way[far] = shadow === GHOST ? NONE : this.#switchWay(switchIndex);
    const failure = this.#grow(start, source, false) ?? this.#doubtAround(start);
    if (failure === null && this.#measure(source)) return null;
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
    const source = this.tree[near]!;
    if (this.#stale[source] === 1) this.#measure(source);
    const branch = this.network.firstSwitchBranch + switchIndex;
    const limit2 = this.#limits.current2_pu[branch]! * this.#highest2(near);
    if (this.#meshed || limit2 === Number.POSITIVE_INFINITY) return this.#room[near]!;
    const slack = this.#slackActive + this.#slackReactive;
    return Math.min(this.#room[near]!, Math.sqrt(limit2) * MILLIWATT_PER_PU + slack);
  }

  /** Takes back the part that was joined at the mark. */
  cutBack(mark: number): void {
    while (this.#added.length > mark) {
      const joint = this.#added.pop()!;
      const source = this.tree[joint]!;
      this.#jointsOfTree[source]!.pop();
      this.#stale[source] = 1;
      this.tree[joint] = -1;
    }
    const kept = this.#kept;
    while (kept.lastMark >= mark) {
      const source = kept.lastSource;
      this.#sourceRoom[source] = kept.giveBack(this.#jointsOfTree[source]!);
      this.#stale[source] = 0;
    }
  }

  #plantSources(): void {
    const { network, request } = this.#problem;
    const lost = new Set(request.lostSources);
    for (const source of this.scope.sources) {
      const joint = this.graph.sources.get(source)!;
      if (lost.has(source) || joint === -1 || this.tree[joint] !== -1) continue;
      const start = this.mark;
      this.#add(joint, -1, source, SURE, -1);
      this.#grow(start, source, true);
    }
    if (!this.#limits.onlyLoads) {
      const live = new Set<number>();
      for (const block of this.#blocks.node.keys()) if (this.isLive(block)) live.add(block);
      for (let node = 0; node < network.nodeCount; node++) {
        if (live.has(this.#blocks.ofSection[network.nodeSection[node]!]!)) continue;
        this.#slackActive -= Math.min(0, this.#limits.active_mW[node]!);
        this.#slackReactive -= Math.min(0, this.#limits.reactive_mvar[node]!);
      }
    }
    for (const source of this.scope.sources) this.#measure(source);
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
          this.#meshed = true;
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
      if (this.#problem.stayDead.reason[section] !== 'dark') return at;
    }
    return -1;
  }

  /** What is tagged or earthed and may be live already is so through no fault of the plan. */
  #isHazard(block: number, shadow: number): boolean {
    return (
      this.#blocks.hazard[block] === 1 && (shadow !== GHOST || this.#blocks.lethal[block] === 1)
    );
  }

  /** True where nothing that may still be joined feeds in or lifts the voltage. */
  get #nothingLifts(): boolean {
    return this.#slackActive === 0 && this.#slackReactive === 0;
  }

  /** Flows of one tree towards its source, then voltages and rooms outward; false: a limit broke. */
  #measure(source: number): boolean {
    this.#stale[source] = 0;
    const joints = this.#jointsOfTree[source]!;
    const root = joints[0];
    if (root === undefined) return true;
    this.#sumUp(joints);
    const limits = this.#limits;
    const bounded = !this.#meshed;
    const boundsVoltage = bounded && limits.boundsVoltage && this.#nothingLifts;
    this.#voltage2[root] = limits.sourceVoltage2_pu[source]!;
    this.#byActive[root] = 0;
    this.#byReactive[root] = 0;
    const rootRoom = this.#roomUnder(
      limits.source2_pu[source]!,
      this.#active[root]!,
      this.#reactive[root]!,
    );
    this.#sourceRoom[source] = rootRoom;
    this.#room[root] = rootRoom;
    let within = rootRoom >= 0;
    const highest2 = this.#voltage2[root] * this.#margin.voltage2;
    if (boundsVoltage && highest2 < this.#needs2[root]!) within = false;
    for (let at = 1; at < joints.length; at++) {
      const joint = joints[at]!;
      const parent = this.#parent[joint]!;
      const way = this.#way[joint]!;
      if (this.#parentSwitch[joint] !== -1) {
        if (!this.#passSwitch(joint, parent, way.current2, bounded)) within = false;
        continue;
      }
      const active = this.#active[joint]!;
      const reactive = this.#reactive[joint]!;
      const above = this.#voltage2[parent]!;
      const voltage2 =
        way.gain * above - way.drop - way.dropByActive * active - way.dropByReactive * reactive;
      this.#voltage2[joint] = voltage2;
      this.#byActive[joint] = way.gain * this.#byActive[parent]! + way.dropByActive;
      this.#byReactive[joint] = way.gain * this.#byReactive[parent]! + way.dropByReactive;
      let room = this.#room[parent]!;
      if (bounded) {
        room = Math.min(
          room,
          this.#roomUnder(
            way.current2 * this.#highest2(parent),
            active + way.limitActive,
            reactive + way.limitReactive,
          ),
          this.#roomUnder(way.power2, this.#enteringActive[joint]!, this.#enteringReactive[joint]!),
        );
      }
      if (boundsVoltage) room = Math.min(room, this.#roomAbove(joint, parent, way));
      this.#room[joint] = room;
      if (room < 0) within = false;
    }
    return within;
  }

  /**
   * Behind a free switch all is as before it, but for the limit of the switch itself. What is
   * needed behind it the joint before it needs as well, and has made its room small enough.
   */
  #passSwitch(joint: number, parent: number, current2: number, bounded: boolean): boolean {
    this.#voltage2[joint] = this.#voltage2[parent]!;
    this.#byActive[joint] = this.#byActive[parent]!;
    this.#byReactive[joint] = this.#byReactive[parent]!;
    let room = this.#room[parent]!;
    if (bounded && current2 !== Number.POSITIVE_INFINITY) {
      const limit2 = current2 * this.#highest2(parent);
      room = Math.min(
        room,
        this.#roomUnder(limit2, this.#active[joint]!, this.#reactive[joint]!),
      );
    }
    this.#room[joint] = room;
    return room >= 0;
  }

  #sumUp(joints: readonly number[]): void {
    const { active_mW, reactive_mvar, needs2_pu } = this.graph;
    const [active, reactive, needs2] = [this.#active, this.#reactive, this.#needs2];
    for (const joint of joints) {
      const takes = this.shadow[joint] === GHOST ? 0 : 1;
      active[joint] = takes * active_mW[joint]!;
      reactive[joint] = takes * reactive_mvar[joint]!;
      needs2[joint] = takes * needs2_pu[joint]!;
    }
    for (let at = joints.length - 1; at > 0; at--) {
      const joint = joints[at]!;
      const parent = this.#parent[joint]!;
      const way = this.#way[joint]!;
      const p = active[joint]!;
      const q = reactive[joint]!;
      if (this.#parentSwitch[joint] !== -1) {
        active[parent]! += p;
        reactive[parent]! += q;
        if (needs2[joint]! > needs2[parent]!) needs2[parent] = needs2[joint]!;
        continue;
      }
      const square = p * p + q * q;
      const drop = way.drop + way.dropByActive * p + way.dropByReactive * q;
      // A winding loses by the square of its current, and the voltage behind it is known to fall.
      const behind2 = (way.gain * way.highest2 - drop) * MILLIWATT_PER_PU;
      const current2 = behind2 > 0 ? square / behind2 : 0;
      const enteringActive =
        p +
        way.ownActive +
        way.lossByActive * p +
        way.lossByReactive * q +
        way.lossBySquare * square +
        way.windingResistance * current2;
      const enteringReactive =
        q +
        way.ownReactive +
        way.reactiveLossByActive * p +
        way.reactiveLossByReactive * q +
        way.reactiveLossBySquare * square +
        way.windingReactance * current2;
      this.#enteringActive[joint] = enteringActive;
      this.#enteringReactive[joint] = enteringReactive;
      active[parent]! += enteringActive;
      reactive[parent]! += enteringReactive;
      let needed = (needs2[joint]! + drop) / way.gain;
      if (way.needs2 > 0) {
        needed = Math.max(needed, way.needs2 + way.needsByActive * p + way.needsByReactive * q);
      }
      if (needed > needs2[parent]!) needs2[parent] = needed;
    }
  }

  /** Weight that can be added at a joint before a voltage on the way to it falls too low. */
  #roomAbove(joint: number, parent: number, way: Way): number {
    const { tangents } = this.graph;
    const [byActive, byReactive] = [this.#byActive[joint]!, this.#byReactive[joint]!];
    const least = lossOfVoltage(byActive, byReactive, tangents, this.#limits);
    const spare = this.#voltage2[joint]! - this.#needs2[joint]!;
    const room = least > 0 ? Math.max(0, spare) / least : Number.POSITIVE_INFINITY;
    if (way.needs2 === 0) return room;
    const within =
      this.#voltage2[parent]! -
      way.needs2 -
      way.needsByActive * this.#active[joint]! -
      way.needsByReactive * this.#reactive[joint]!;
    const share = lossOfVoltage(
      this.#byActive[parent]! + way.needsByActive,
      this.#byReactive[parent]! + way.needsByReactive,
      tangents,
      this.#limits,
    );
    return share > 0 ? Math.min(room, Math.max(0, within) / share) : room;
  }

  /** Square of the highest voltage a joint can have, whatever is joined later. */
  #highest2(joint: number): number {
    const now = this.#voltage2[joint]!;
    return this.#nothingLifts ? now : Math.max(now, GENEROUS_VOLTAGE2);
  }

  /** Weight that can still be added to a flow before a limit (squared) is reached; −1: broken. */
  #roomUnder(power2_pu: number, active: number, reactive: number): number {
    return roomUnder(
      power2_pu * this.#margin.flow2,
      Math.max(0, active - this.#slackActive),
      Math.max(0, reactive - this.#slackReactive),
      this.#limits,
    );
  }
}

function linksAt({ links }: Scope, graph: ReducedGraph): readonly (readonly number[])[] {
  const found: number[][] = Array.from({ length: links.length === 0 ? 0 : graph.count }, () => []);
  for (const at of links) {
    for (const joint of [graph.from.get(at)!, graph.to.get(at)!]) found[joint]?.push(at);
  }
  return found;
}
