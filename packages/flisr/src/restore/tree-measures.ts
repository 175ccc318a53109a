import type { Network } from '@relight/topology';
import { float64, uint8 } from './columns.ts';
import type { Ground } from './ground.ts';
import { KeptMeasures } from './kept-measures.ts';
import type { ReducedGraph } from './reduced-graph.ts';
import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';
import { lossOfVoltage, roomUnder } from './rooms.ts';
import { GHOST } from './shadow.ts';
import { enterWay, type Demand, type Way } from './way.ts';

/** Where generators or capacitors may lift voltages: above any limit in use, pu squared. */
const GENEROUS_VOLTAGE2 = 1.44;
/** Shares of the limits (of the squares of currents, powers and voltages) that a margin leaves. */
const MARGIN = { flow2: 0.94, voltage2: 0.994 };
const NO_MARGIN = { flow2: 1, voltage2: 1 };

/** How the trees hang together, by joint; kept up by the forest. */
interface TreeShape {
  readonly parent: Int32Array;
  readonly parentSwitch: Int32Array;
  readonly way: readonly Way[];
  readonly shadow: Uint8Array;
  /** By source, its joints as they were joined. */
  readonly jointsOfTree: readonly (readonly number[])[];
}

/**
 * Flows, voltages and rooms of the live trees of one search: flows never more and voltages never
 * less than in truth, so that a limit broken here is broken in truth as well.
 */
export class TreeMeasures {
  /** A mesh of lines carries its flow on several ways: no bound on any one of them. */
  meshed = false;
  readonly #network: Network;
  readonly #limits: Relaxation;
  readonly #graph: ReducedGraph;
  readonly #shape: TreeShape;
  readonly #supply: Ground['supply'];
  /** Weight that can still be added at a joint before a limit on its way to the source, mW. */
  readonly #room: Float64Array;
  readonly #sourceRoom: Float64Array;
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
  /** By source: 1 where its tree has changed since it was measured. */
  readonly #stale: Uint8Array;
  readonly #kept: KeptMeasures;
  readonly #entering: Demand = { active: 0, reactive: 0, needs2: 0 };
  /** What generators and capacitors in the parts not yet joined could take off a flow. */
  #slackActive = 0;
  #slackReactive = 0;
  #meshedFromTheStart = false;
  #margin = NO_MARGIN;

  constructor(network: Network, { limits, graph, supply }: Ground, shape: TreeShape) {
    this.#network = network;
    this.#limits = limits;
    this.#graph = graph;
    this.#shape = shape;
    this.#supply = supply;
    const { count } = graph;
    this.#room = float64(count);
    this.#active = float64(count);
    this.#reactive = float64(count);
    this.#enteringActive = float64(count);
    this.#enteringReactive = float64(count);
    this.#needs2 = float64(count);
    this.#voltage2 = float64(count);
    this.#byActive = float64(count);
    this.#byReactive = float64(count);
    this.#sourceRoom = float64(limits.source2_pu.length);
    this.#stale = uint8(limits.source2_pu.length);
    this.#kept = new KeptMeasures([
      this.#room,
      this.#active,
      this.#reactive,
      this.#needs2,
      this.#voltage2,
      this.#byActive,
      this.#byReactive,
    ]);
  }

  /** With the trees as they stand before anything is decided. */
  begin(sources: Iterable<number>): void {
    this.#meshedFromTheStart = this.meshed;
    for (const source of sources) this.measure(source);
  }

  /** What may still be joined could take so much off a flow, mW and mvar. */
  allowSlack(active: number, reactive: number): void {
    this.#slackActive = active;
    this.#slackReactive = reactive;
  }

  /** With a margin to every limit, or up to the limits. Only with nothing joined to the trees. */
  keepMargin(keep: boolean): void {
    this.#margin = keep ? MARGIN : NO_MARGIN;
    this.#stale.fill(1);
  }

  /** A tree has changed. */
  outdate(source: number): void {
    this.#stale[source] = 1;
  }

  /** Before something is joined to a tree. */
  keep(mark: number, source: number): void {
    if (this.#stale[source] === 1) return;
    const joints = this.#shape.jointsOfTree[source]!;
    this.#kept.keep(mark, source, this.#sourceRoom[source]!, joints);
  }

  /** What was joined since the mark is cut off again. */
  giveBack(mark: number): void {
    const kept = this.#kept;
    // Met a mesh since: rooms are to be told anew.
    const isOutdated = this.meshed !== this.#meshedFromTheStart ? 1 : 0;
    while (kept.lastMark >= mark) {
      const source = kept.lastSource;
      this.#sourceRoom[source] = kept.giveBack(this.#shape.jointsOfTree[source]!);
      this.#stale[source] = isOutdated;
    }
  }

  /** Weight that a source can still give, mW. */
  sourceRoom(source: number): number {
    if (this.#stale[source] === 1) this.measure(source);
    return this.#sourceRoom[source]!;
  }

  /**
   * Weight that can be added behind a switch by its rating and the way to it, mW.
   * @param near - the joint at its live end, fed by `source`.
   */
  roomThrough(switchIndex: number, near: number, source: number): number {
    if (this.#stale[source] === 1) this.measure(source);
    const branch = this.#network.firstSwitchBranch + switchIndex;
    const limit2 = this.#limits.current2_pu[branch]! * this.#highest2(near);
    if (this.meshed || limit2 === Number.POSITIVE_INFINITY) return this.#room[near]!;
    const slack = this.#slackActive + this.#slackReactive;
    return Math.min(this.#room[near]!, Math.sqrt(limit2) * MILLIWATT_PER_PU + slack);
  }

  /** True where nothing that may still be joined feeds in or lifts the voltage. */
  get #nothingLifts(): boolean {
    return this.#slackActive === 0 && this.#slackReactive === 0;
  }

  /** Flows of one tree towards its source, then voltages and rooms outward; false: a limit broke. */
  measure(source: number): boolean {
    this.#stale[source] = 0;
    const joints = this.#shape.jointsOfTree[source]!;
    const root = joints[0];
    if (root === undefined) return true;
    this.#sumUp(joints);
    const limits = this.#limits;
    const bounded = !this.meshed;
    const boundsVoltage = bounded && limits.boundsVoltage && this.#nothingLifts;
    this.#voltage2[root] = limits.sourceVoltage2_pu[source]!;
    this.#byActive[root] = 0;
    this.#byReactive[root] = 0;
    const [drawn, drawnReactive] = [this.#active[root]!, this.#reactive[root]!];
    const rootRoom =
      this.#supply?.room(source, drawn, drawnReactive) ??
      this.#roomUnder(limits.source2_pu[source]!, drawn, drawnReactive);
    this.#sourceRoom[source] = rootRoom;
    this.#room[root] = rootRoom;
    let within = rootRoom >= 0;
    const highest2 = this.#voltage2[root] * this.#margin.voltage2;
    if (boundsVoltage && highest2 < this.#needs2[root]!) within = false;
    for (let at = 1; at < joints.length; at++) {
      const joint = joints[at]!;
      const parent = this.#shape.parent[joint]!;
      const way = this.#shape.way[joint]!;
      if (this.#shape.parentSwitch[joint] !== -1) {
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
    if (!within || this.#supply === null) return within;
    const needs2 = this.#needs2[root]!;
    return this.#supply.carries(source, { active: drawn, reactive: drawnReactive, needs2 });
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
      room = Math.min(room, this.#roomUnder(limit2, this.#active[joint]!, this.#reactive[joint]!));
    }
    this.#room[joint] = room;
    return room >= 0;
  }

  #sumUp(joints: readonly number[]): void {
    const { active_mW, reactive_mvar, needs2_pu } = this.#graph;
    const [active, reactive, needs2] = [this.#active, this.#reactive, this.#needs2];
    const entering = this.#entering;
    for (const joint of joints) {
      const takes = this.#shape.shadow[joint] === GHOST ? 0 : 1;
      active[joint] = takes * active_mW[joint]!;
      reactive[joint] = takes * reactive_mvar[joint]!;
      needs2[joint] = takes * needs2_pu[joint]!;
    }
    for (let at = joints.length - 1; at > 0; at--) {
      const joint = joints[at]!;
      const parent = this.#shape.parent[joint]!;
      const way = this.#shape.way[joint]!;
      const p = active[joint]!;
      const q = reactive[joint]!;
      if (this.#shape.parentSwitch[joint] !== -1) {
        active[parent]! += p;
        reactive[parent]! += q;
        if (needs2[joint]! > needs2[parent]!) needs2[parent] = needs2[joint]!;
        continue;
      }
      enterWay(way, p, q, needs2[joint]!, entering);
      this.#enteringActive[joint] = entering.active;
      this.#enteringReactive[joint] = entering.reactive;
      active[parent]! += entering.active;
      reactive[parent]! += entering.reactive;
      if (entering.needs2 > needs2[parent]!) needs2[parent] = entering.needs2;
    }
  }

  /** Weight that can be added at a joint before a voltage on the way to it falls too low. */
  #roomAbove(joint: number, parent: number, way: Way): number {
    const { tangents } = this.#graph;
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
      active - this.#slackActive,
      reactive - this.#slackReactive,
      this.#limits,
    );
  }
}
