import { createEnergisationWorkspace, energiseInto, type EnergiseOptions } from './energise.ts';
import type { EnergisationWorkspace } from './energise.ts';
import {
  CLOSED,
  OPEN,
  UNKNOWN,
  type Energisation,
  type Network,
  type Positions,
} from './network.ts';

/**
 * Energisation kept up to date from the moved switch outward: a movement costs what becomes live
 * or dead by it, never the size of the grid. Only where a loop is closed or opened, or two
 * sources are joined or parted, is everything looked at again.
 *
 * Fields are those of `Energisation`, with which it always agrees, apart from `order`. 29 byte
 * per node and 1 per section; a movement allocates nothing.
 */
export class LiveEnergisation {
  readonly network: Network;
  /** Its own copy; moved by `move` alone. */
  readonly positions: Positions;
  readonly nodeSource: Int32Array;
  readonly parentBranch: Int32Array;
  readonly maybeLive: Uint8Array;
  readonly nodeFeeder: Int32Array;
  /** By section: 1 where it is live. No switch parts a section, so it is so as a whole. */
  readonly sectionLive: Uint8Array;
  /** Nodes that became live or dead by the last movement: the first `move()` entries. */
  readonly touched: Int32Array;
  #options: EnergiseOptions;
  readonly #workspace: EnergisationWorkspace;
  readonly #part: Int32Array;
  readonly #seen: Int32Array;
  #round = 0;
  #unknown = 0;
  #loopBranches: readonly number[] = [];

  constructor(network: Network, positions: Positions, options: EnergiseOptions = {}) {
    this.network = network;
    this.positions = positions.slice();
    this.#options = options;
    this.#workspace = createEnergisationWorkspace(network);
    this.nodeSource = this.#workspace.nodeSource;
    this.parentBranch = this.#workspace.parentBranch;
    this.maybeLive = this.#workspace.maybeLive;
    this.nodeFeeder = this.#workspace.nodeFeeder;
    this.sectionLive = new Uint8Array(network.sectionCount);
    this.touched = new Int32Array(network.nodeCount);
    this.#part = this.#workspace.queue;
    this.#seen = new Int32Array(network.nodeCount);
    for (const position of positions) if (position === UNKNOWN) this.#unknown += 1;
    this.#startAgain();
  }

  get loopBranches(): readonly number[] {
    return this.#loopBranches;
  }

  /**
   * Moves one switch.
   * @returns How many nodes became live or dead, see `touched`; −1 where a loop or a join of
   *   sources was concerned and everything was looked at again.
   */
  move(switchIndex: number, position: number): number {
    const before = this.positions[switchIndex]!;
    if (before === position) return 0;
    const hadUnknown = this.#unknown > 0;
    this.positions[switchIndex] = position;
    this.#unknown += Number(position === UNKNOWN) - Number(before === UNKNOWN);
    const touched =
      before === CLOSED
        ? this.#partOff(switchIndex)
        : position === CLOSED
          ? this.#join(switchIndex)
          : 0;
    if (touched === -1) {
      this.#startAgain();
      return -1;
    }
    this.#noteTouched(touched);
    if (hadUnknown || this.#unknown > 0) this.#spreadThroughUnknown(switchIndex, touched);
    return touched;
  }

  /** What a movement made live or dead. */
  #noteTouched(count: number): void {
    const { nodeSection } = this.network;
    const { nodeSource, maybeLive, sectionLive, touched } = this;
    for (let at = 0; at < count; at++) {
      const node = touched[at]!;
      const live = nodeSource[node] === -1 ? 0 : 1;
      maybeLive[node] = live;
      sectionLive[nodeSection[node]!] = live;
    }
  }

  /**
   * From now on these sources supply nothing, and all others do. Costs the trees concerned; where a
   * loop, joined sources or a position that is not known are about, the whole grid.
   */
  loseSources(lost: ReadonlySet<number>): void {
    const before = this.#options.lostSources ?? new Set();
    this.#options = { lostSources: new Set(lost) };
    const plain = this.#loopBranches.length === 0 && this.#unknown === 0;
    const { sourceNode } = this.network;
    for (let source = 0; source < sourceNode.length; source++) {
      if (lost.has(source) === before.has(source)) continue;
      const changed = plain && (lost.has(source) ? this.#darken(source) : this.#light(source));
      if (changed) continue;
      this.#startAgain();
      return;
    }
  }

  /** False where that needs a look at everything; so in `#light`. */
  #darken(source: number): boolean {
    const { network, nodeSource, parentBranch, nodeFeeder, touched } = this;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, sourceNode } = network;
    const root = sourceNode[source]!;
    if (nodeSource[root] !== source || parentBranch[root] !== -1) return false;
    if (sourceNode.some((node, other) => node === root && other !== source)) return false;
    touched[0] = root;
    let count = 1;
    for (let head = 0; head < count; head++) {
      const node = touched[head]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const branch = adjacencyBranch[entry]!;
        const neighbour = adjacencyNode[entry]!;
        if (branch === parentBranch[node] || parentBranch[neighbour] !== branch) continue;
        touched[count] = neighbour;
        count += 1;
      }
    }
    for (let at = 0; at < count; at++) {
      const node = touched[at]!;
      nodeSource[node] = -1;
      parentBranch[node] = -1;
      nodeFeeder[node] = -1;
    }
    this.#noteTouched(count);
    return true;
  }

  #light(source: number): boolean {
    const root = this.network.sourceNode[source]!;
    if (this.nodeSource[root] !== -1) return false;
    this.nodeSource[root] = source;
    const count = this.#spreadFrom(root);
    this.#noteTouched(count);
    return count !== -1;
  }

  /** A copy of the present state with the nodes in order. Linear in the size of the grid. */
  snapshot(): Energisation {
    return energiseInto(createEnergisationWorkspace(this.network), this.positions, this.#options);
  }

  #startAgain(): void {
    this.#loopBranches = energiseInto(this.#workspace, this.positions, this.#options).loopBranches;
    const { sectionStart, sectionNodes } = this.network;
    const { nodeSource, sectionLive } = this;
    for (let section = 0; section < sectionLive.length; section++) {
      sectionLive[section] = nodeSource[sectionNodes[sectionStart[section]!]!] === -1 ? 0 : 1;
    }
  }

  /** What hung on a switch that is no longer closed is dead, unless a loop still feeds it. */
  #partOff(switchIndex: number): number {
    const { network, nodeSource, nodeFeeder, parentBranch, touched } = this;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = network;
    const branch = firstSwitchBranch + switchIndex;
    const from = network.branchFrom[branch]!;
    const to = network.branchTo[branch]!;
    if (nodeSource[from] === -1) return 0;
    const child = parentBranch[to] === branch ? to : parentBranch[from] === branch ? from : -1;
    if (child === -1) return -1;
    touched[0] = child;
    let count = 1;
    for (let head = 0; head < count; head++) {
      const node = touched[head]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const next = adjacencyBranch[entry]!;
        if (next === parentBranch[node]) continue;
        const at = next - firstSwitchBranch;
        if (at >= 0 && this.positions[at] !== CLOSED) continue;
        const neighbour = adjacencyNode[entry]!;
        if (parentBranch[neighbour] !== next) return -1;
        touched[count] = neighbour;
        count += 1;
      }
    }
    for (let at = 0; at < count; at++) {
      const node = touched[at]!;
      nodeSource[node] = -1;
      parentBranch[node] = -1;
      nodeFeeder[node] = -1;
    }
    return count;
  }

  /** A dead part behind a switch that has closed comes to life, unless it closes a loop. */
  #join(switchIndex: number): number {
    const { network, nodeSource } = this;
    const branch = network.firstSwitchBranch + switchIndex;
    const from = network.branchFrom[branch]!;
    const to = network.branchTo[branch]!;
    const isFromLive = nodeSource[from] !== -1;
    if (isFromLive === (nodeSource[to] !== -1)) return isFromLive ? -1 : 0;
    const near = isFromLive ? from : to;
    const far = isFromLive ? to : from;
    this.#supply(far, near, branch);
    return this.#spreadFrom(far);
  }

  /** Everything dead that hangs on a node comes to life; −1 where it meets something live. */
  #spreadFrom(start: number): number {
    const { network, nodeSource, parentBranch, touched } = this;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = network;
    touched[0] = start;
    let count = 1;
    for (let head = 0; head < count; head++) {
      const node = touched[head]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const next = adjacencyBranch[entry]!;
        if (next === parentBranch[node]) continue;
        const at = next - firstSwitchBranch;
        if (at >= 0 && this.positions[at] !== CLOSED) continue;
        const neighbour = adjacencyNode[entry]!;
        if (nodeSource[neighbour] !== -1) return -1;
        this.#supply(neighbour, node, next);
        touched[count] = neighbour;
        count += 1;
      }
    }
    return count;
  }

  #supply(node: number, parent: number, branch: number): void {
    const at = branch - this.network.firstSwitchBranch;
    const passed = at >= 0 ? this.network.switchFeeder[at]! : -1;
    this.nodeSource[node] = this.nodeSource[parent]!;
    this.parentBranch[node] = branch;
    this.nodeFeeder[node] = passed === -1 ? this.nodeFeeder[parent]! : passed;
  }

  /** `maybeLive` of the dead parts around what the movement touched. */
  #spreadThroughUnknown(switchIndex: number, touched: number): void {
    this.#round += 1;
    const branch = this.network.firstSwitchBranch + switchIndex;
    this.#judgeAround(this.network.branchFrom[branch]!);
    this.#judgeAround(this.network.branchTo[branch]!);
    for (let at = 0; at < touched; at++) this.#judgeAround(this.touched[at]!);
  }

  #judgeAround(node: number): void {
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = this.network;
    this.#judgeDeadPart(node);
    const end = adjacencyStart[node + 1]!;
    for (let entry = adjacencyStart[node]!; entry < end; entry++) {
      const at = adjacencyBranch[entry]! - firstSwitchBranch;
      if (at >= 0 && this.positions[at] === UNKNOWN) this.#judgeDeadPart(adjacencyNode[entry]!);
    }
  }

  /** A dead part may be live where a switch of unknown position leads to something live. */
  #judgeDeadPart(start: number): void {
    if (this.nodeSource[start] !== -1 || this.#seen[start] === this.#round) return;
    const { adjacencyStart, adjacencyBranch, adjacencyNode, firstSwitchBranch } = this.network;
    const part = this.#part;
    part[0] = start;
    this.#seen[start] = this.#round;
    let count = 1;
    let maybe = 0;
    for (let head = 0; head < count; head++) {
      const node = part[head]!;
      const end = adjacencyStart[node + 1]!;
      for (let entry = adjacencyStart[node]!; entry < end; entry++) {
        const at = adjacencyBranch[entry]! - firstSwitchBranch;
        if (at >= 0 && this.positions[at] === OPEN) continue;
        const neighbour = adjacencyNode[entry]!;
        if (this.nodeSource[neighbour] !== -1) maybe = 1;
        else if (this.#seen[neighbour] !== this.#round) {
          this.#seen[neighbour] = this.#round;
          part[count] = neighbour;
          count += 1;
        }
      }
    }
    for (let at = 0; at < count; at++) this.maybeLive[part[at]!] = maybe;
  }
}
