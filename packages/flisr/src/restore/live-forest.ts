import { BRANCH_TRANSFORMER, CLOSED, OPEN, UNKNOWN, type Network } from '@relight/topology';
import { freshForest } from './kernel.ts';
import type { RestorationProblem } from './problem.ts';
import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';
import { ABSENT, FREE, LINK, type Scope } from './scope.ts';

/** Why a part cannot be joined to a live tree. */
export type ExtendFailure = 'hazard' | 'loop' | 'backfeed' | 'limit';

/** What `shadow` says of a node. */
export const SURE = 0;
export const DOUBTFUL = 1;
export const GHOST = 2;

/** Where generators or capacitors may lift voltages: above any limit in use, pu squared. */
const GENEROUS_VOLTAGE2 = 1.44;

/**
 * The live trees of one search (one at a time in a network), grown switch by switch and cut back in reverse order. Flows are
 * without losses and voltages the highest possible (docs/methods/restoration.md, 3), so that a
 * limit broken here is broken in truth as well.
 */
export class LiveForest {
  readonly network: Network;
  readonly scope: Scope;
  /** Source that feeds the node, −1 dead. */
  readonly tree: Int32Array;
  /**
   * Joined through a switch of unknown position: SURE no, DOUBTFUL live with the positions as last
   * known, GHOST dead with them.
   */
  readonly shadow: Uint8Array;
  readonly parentBranch: Int32Array;
  /** Weight that can still be added at a node by the ratings on its way to the source, mW. */
  readonly room: Float64Array;
  /** Weight that a source can still give, mW. */
  readonly sourceRoom: Float64Array;
  readonly #problem: RestorationProblem;
  readonly #limits: Relaxation;
  readonly #parentNode: Int32Array;
  /** The close that gives the node life: the last on the way from its source; −1 none. */
  readonly #closedBy: Int32Array;
  /** Place of a node among those added. */
  readonly #placeOf: Int32Array;
  readonly #active: Float64Array;
  readonly #reactive: Float64Array;
  /** Highest possible square of the voltage, pu. */
  readonly #voltage2: Float64Array;
  readonly #nodesOfTree: number[][];
  readonly #added: number[];
  /** What generators and capacitors in the parts not yet joined could take off a flow. */
  #slackActive = 0;
  #slackReactive = 0;
  /** A mesh of lines carries its flow on several ways: no bound on any one of them. */
  #meshed = false;

  constructor(problem: RestorationProblem, scope: Scope, limits: Relaxation) {
    const { network } = problem;
    this.network = network;
    this.scope = scope;
    this.#problem = problem;
    this.#limits = limits;
    const buffers = freshForest(problem.kernel);
    this.tree = buffers.tree;
    this.shadow = buffers.shadow;
    this.parentBranch = buffers.parentBranch;
    this.room = buffers.room;
    this.#parentNode = buffers.parentNode;
    this.#closedBy = buffers.closedBy;
    this.#placeOf = buffers.placeOf;
    this.#active = buffers.active;
    this.#reactive = buffers.reactive;
    this.#voltage2 = buffers.voltage2;
    this.#added = buffers.added;
    this.sourceRoom = new Float64Array(network.sourceNode.length);
    this.#nodesOfTree = Array.from(network.sourceNode, () => []);
    this.#plantSources();
  }

  /** True where a state that breaks a limit stays broken whatever is joined to it. */
  get moreLoadNeverRelieves(): boolean {
    return !this.#meshed && this.#limits.onlyLoads;
  }

  /** Nodes added so far; hand it to `cutBack` to return to this state. */
  get mark(): number {
    return this.#added.length;
  }

  /**
   * Joins what lies behind a switch, as far as fixed switches reach, to the tree of `near`.
   * On failure nothing has changed.
   */
  extend(switchIndex: number, near: number, far: number): ExtendFailure | null {
    const start = this.mark;
    const source = this.tree[near]!;
    const branch = this.network.firstSwitchBranch + switchIndex;
    const closes = this.#problem.positions[switchIndex] === OPEN;
    const closedBy = closes ? switchIndex : this.#closedBy[near]!;
    this.#add(far, near, branch, source, this.#shadowBehind(switchIndex, near), closedBy);
    const failure = this.#grow(start, source, false);
    if (failure !== null) {
      this.#discard(start);
      return failure;
    }
    this.#sumUp(start);
    this.#load(start, 1);
    if (this.#measure(source)) return null;
    this.cutBack(start);
    return 'limit';
  }

  #shadowBehind(switchIndex: number, near: number): number {
    const shadow = this.shadow[near]!;
    if (this.scope.role[switchIndex] !== LINK || shadow === GHOST) return shadow;
    return this.#problem.request.positionsNow[switchIndex] === CLOSED ? DOUBTFUL : GHOST;
  }

  /** Weight that can be added behind a switch by its rating and the way to it, mW. */
  roomThrough(switchIndex: number, near: number): number {
    const branch = this.network.firstSwitchBranch + switchIndex;
    const limit2 = this.#limits.current2_pu[branch]! * this.#highest2(near);
    if (this.#meshed || limit2 === Number.POSITIVE_INFINITY) return this.room[near]!;
    return Math.min(this.room[near]!, Math.sqrt(limit2) * MILLIWATT_PER_PU + this.#slack);
  }

  /** Takes back the part that was joined at the mark. */
  cutBack(mark: number): void {
    if (mark === this.mark) return;
    const source = this.tree[this.#added[mark]!]!;
    this.#load(mark, -1);
    this.#discard(mark);
    this.#measure(source);
  }

  #plantSources(): void {
    const { network, request } = this.#problem;
    const lost = new Set(request.lostSources);
    network.sourceNode.forEach((node, source) => {
      if (!this.scope.sources.has(source) || lost.has(source) || this.tree[node] !== -1) return;
      const start = this.mark;
      this.#add(node, -1, -1, source, SURE, -1);
      this.#grow(start, source, true);
      this.#sumUp(start);
    });
    for (let node = 0; node < network.nodeCount && !this.#limits.onlyLoads; node++) {
      if (this.tree[node] !== -1) continue;
      this.#slackActive -= Math.min(0, this.#limits.active_mW[node]!);
      this.#slackReactive -= Math.min(0, this.#limits.reactive_mvar[node]!);
    }
    this.#nodesOfTree.forEach((_, source) => this.#measure(source));
  }

  #add(
    node: number,
    parent: number,
    branch: number,
    source: number,
    shadow: number,
    closedBy: number,
  ): void {
    this.tree[node] = source;
    this.shadow[node] = shadow;
    this.#closedBy[node] = closedBy;
    this.#placeOf[node] = this.#added.length;
    this.parentBranch[node] = branch;
    this.#parentNode[node] = parent;
    const takes = shadow === GHOST ? 0 : 1;
    this.#active[node] = takes * this.#limits.active_mW[node]!;
    this.#reactive[node] = takes * this.#limits.reactive_mvar[node]!;
    this.#added.push(node);
    this.#nodesOfTree[source]!.push(node);
  }

  #discard(start: number): void {
    while (this.#added.length > start) {
      const node = this.#added.pop()!;
      this.#nodesOfTree[this.tree[node]!]!.pop();
      this.tree[node] = -1;
      this.parentBranch[node] = -1;
    }
  }

  /**
   * Walks on from the nodes added since `start` through all that no free switch separates, and
   * looks at the switches of unknown position around what was found.
   * @param asFound - the network is read in as it stands: what is wrong with it already is let be.
   */
  #grow(start: number, source: number, asFound: boolean): ExtendFailure | null {
    const { network, scope } = this;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = network;
    for (let head = start; head < this.#added.length; head++) {
      const node = this.#added[head]!;
      const shadow = this.shadow[node]!;
      if (!asFound && this.#isHazard(node, shadow)) return 'hazard';
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const branch = adjacencyBranch[entry]!;
        if (branch === this.parentBranch[node]) continue;
        const at = branch - firstSwitchBranch;
        const role = at >= 0 ? scope.role[at]! : -1;
        if (role === ABSENT || role === FREE || role === LINK) continue;
        const far = adjacencyNode[entry]!;
        if (this.tree[far] !== -1) {
          if (this.parentBranch[far] === branch) continue;
          if (at >= 0 && !asFound) return 'loop';
          this.#meshed = true;
          continue;
        }
        if (!asFound && shadow !== GHOST && this.#feedsBack(branch, node, far)) return 'backfeed';
        const doubt = at >= 0 && this.#problem.positions[at] === UNKNOWN ? DOUBTFUL : SURE;
        this.#add(far, node, branch, source, Math.max(shadow, doubt), this.#closedBy[node]!);
      }
    }
    return asFound ? null : this.#doubtAround(start);
  }

  /**
   * What switches of unknown position, taken as closed, would do to the part added since `start`:
   * they may join it to no other live part, unless both have been live all along or one close
   * gives life to both.
   */
  #doubtAround(start: number): ExtendFailure | null {
    if (this.scope.links.length === 0) return null;
    const { network } = this;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = network;
    for (let head = start; head < this.#added.length; head++) {
      const node = this.#added[head]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const at = adjacencyBranch[entry]! - firstSwitchBranch;
        if (at < 0 || this.scope.role[at] !== LINK) continue;
        const far = adjacencyNode[entry]!;
        if (this.tree[far] === -1 || this.#placeOf[far]! >= start) continue;
        if (adjacencyBranch[entry] === this.parentBranch[node]) continue;
        if (this.#closedBy[node] !== this.#closedBy[far]) return 'loop';
      }
    }
    return null;
  }

  /**
   * A switch of unknown position between a live and a dead part, once no other way into the dead
   * one is left: it may be live through it. `extend` through it says what follows. null: none.
   */
  nextDoubt(): { readonly at: number; readonly near: number; readonly far: number } | null {
    const { nodeSection, grid } = this.network;
    for (const at of this.scope.links) {
      const { from, to } = grid.switches[at]!;
      if ((this.tree[from] === -1) === (this.tree[to] === -1)) continue;
      const [near, far] = this.tree[from] === -1 ? [to, from] : [from, to];
      if (this.#problem.stayDead.reason[nodeSection[far]!] !== 'dark') return { at, near, far };
    }
    return null;
  }

  /** What is tagged or earthed and may be live already is so through no fault of the plan. */
  #isHazard(node: number, shadow: number): boolean {
    const reason = this.#problem.stayDead.reason[this.network.nodeSection[node]!]!;
    if (reason === null) return false;
    return shadow !== GHOST || reason === 'fault' || reason === 'source';
  }

  /** True where the branch is a transformer that would be energised from its lower voltage. */
  #feedsBack(branch: number, near: number, far: number): boolean {
    if (this.network.branchKind[branch] !== BRANCH_TRANSFORMER) return false;
    const nodes = this.network.grid.connectivityNodes;
    return nodes[near]!.nominalVoltage < nodes[far]!.nominalVoltage;
  }

  /** True where nothing that may still be joined feeds in or lifts the voltage. */
  get #nothingLifts(): boolean {
    return this.#slackActive === 0 && this.#slackReactive === 0;
  }

  get #slack(): number {
    return this.#slackActive + this.#slackReactive;
  }

  #sumUp(start: number): void {
    for (let at = this.#added.length - 1; at > start; at--) {
      const node = this.#added[at]!;
      const parent = this.#parentNode[node]!;
      this.#active[parent]! += this.#active[node]!;
      this.#reactive[parent]! += this.#reactive[node]!;
    }
  }

  /** Adds (or takes) the part that begins at `start` to every flow between it and its source. */
  #load(start: number, sign: 1 | -1): void {
    const top = this.#added[start]!;
    const active = sign * this.#active[top]!;
    const reactive = sign * this.#reactive[top]!;
    for (let node = this.#parentNode[top]!; node !== -1; node = this.#parentNode[node]!) {
      this.#active[node]! += active;
      this.#reactive[node]! += reactive;
    }
  }

  /** Voltages and rooms of one tree from its source outward; false where a limit is broken. */
  #measure(source: number): boolean {
    const nodes = this.#nodesOfTree[source]!;
    const root = nodes[0];
    if (root === undefined) return true;
    const { branchFrom } = this.network;
    const limits = this.#limits;
    const bounded = !this.#meshed;
    const bestVoltage = bounded && limits.boundsVoltage && this.#nothingLifts;
    this.#voltage2[root] = limits.sourceVoltage2_pu[source]!;
    const rootRoom = this.#roomUnder(limits.source2_pu[source]!, root);
    this.sourceRoom[source] = rootRoom;
    this.room[root] = rootRoom;
    let within = rootRoom >= 0;
    for (let at = 1; at < nodes.length; at++) {
      const node = nodes[at]!;
      const parent = this.#parentNode[node]!;
      const branch = this.parentBranch[node]!;
      const forward = branchFrom[branch] === parent;
      const above = this.#voltage2[parent]!;
      const ratio2 = limits.ratio2[branch]!;
      const drop =
        (2 / MILLIWATT_PER_PU) *
        (limits.resistance_pu[branch]! * this.#active[node]! +
          limits.reactance_pu[branch]! * this.#reactive[node]!);
      const voltage2 = forward ? above * ratio2 - drop : (above - drop) / ratio2;
      this.#voltage2[node] = voltage2;
      if (bestVoltage && voltage2 < limits.lowest2_pu[node]!) within = false;
      let room = this.room[parent]!;
      if (bounded) {
        const power2 = Math.min(
          limits.power2_pu[branch]!,
          limits.current2_pu[branch]! * this.#highest2(parent),
        );
        if (power2 !== Number.POSITIVE_INFINITY)
          room = Math.min(room, this.#roomUnder(power2, node));
      }
      this.room[node] = room;
      if (room < 0) within = false;
    }
    return within;
  }

  /** Square of the highest voltage a node can have, whatever is joined later. */
  #highest2(node: number): number {
    const now = this.#voltage2[node]!;
    return this.#nothingLifts ? now : Math.max(now, GENEROUS_VOLTAGE2);
  }

  /** Weight that can still be added below a node before a limit (squared) is reached; −1: broken. */
  #roomUnder(power2_pu: number, node: number): number {
    if (power2_pu === Number.POSITIVE_INFINITY) return power2_pu;
    const active = Math.max(0, this.#active[node]! - this.#slackActive);
    const reactive = Math.max(0, this.#reactive[node]! - this.#slackReactive);
    const limit = Math.sqrt(power2_pu) * MILLIWATT_PER_PU;
    if (active * active + reactive * reactive > limit * limit) return -1;
    const { cosine, sine } = this.#limits;
    return Math.max(0, limit - active * cosine - reactive * sine);
  }
}
