import { float64, int32, int32Of } from './columns.ts';
import type { Blocks } from './blocks.ts';
import type { Frontier } from './frontier.ts';
import { bestWithin } from './knapsack.ts';
import type { LiveForest } from './live-forest.ts';
import { FREE, LINK } from './scope.ts';
import { compareServed, type Served } from './score.ts';

const TIERS = ['critical_W', 'customers', 'active_W'] as const;
type Tier = (typeof TIERS)[number];

/** Worths of whole blocks kept in mind. */
const RECALLED = 16;

/**
 * The parts that are still dead and can be reached in a state of the search, and the most that can
 * be served of each within what its ways in carry. Parts are numbered as the frontier meets them.
 */
export class PartsWithinReach {
  count = 0;
  /** Blocks in them that must be served. */
  mustServe = 0;
  /** True where the ways into a part cannot carry what must be served in it. */
  overcharged = false;
  readonly #blocks: Blocks;
  readonly #forest: LiveForest;
  readonly #live: Uint8Array;
  /** By block: its part, −1 none. */
  readonly #partOf: Int32Array;
  /** By block: what the best way to it has room for behind it, mW; −1 out of reach. */
  readonly #left: Float64Array;
  readonly #queue: number[] = [];
  /** Blocks part by part, as they were reached; a part ends where the next begins. */
  readonly #members: Int32Array;
  readonly #start: Int32Array;
  /** By part: weights in mW. */
  readonly #weight: Float64Array;
  readonly #mandatory: Float64Array;
  readonly #capacity: Float64Array;
  /** By part: ways in that are closed already. */
  readonly #closedWays: Int32Array;
  readonly #gain: Record<Tier, Float64Array>;
  /** By source: what the ways in from it carry together; those that are set. */
  readonly #fromSource: Float64Array;
  readonly #sources: number[] = [];
  /** Edges (free or unknown switches) at each block: the blocks they lead to, one after the other. */
  readonly #edgeStart: Int32Array;
  readonly #edgeTo: Int32Array;
  /** What whole blocks were worth, lately. */
  readonly #lately: { capacity: number; blocks: Int32Array; worth: Served }[] = [];
  #nextLately = 0;
  /** Blocks by worth per power, best first, for each tier that was asked for. */
  readonly #byDensity: Partial<Record<Tier, readonly number[]>> = {};

  /** @param live - by block, kept up by the caller: 1 where it is live. */
  constructor(blocks: Blocks, forest: LiveForest, live: Uint8Array) {
    const { count } = blocks;
    this.#blocks = blocks;
    this.#forest = forest;
    this.#live = live;
    this.#partOf = int32(count);
    this.#left = float64(count);
    this.#members = int32(count);
    this.#start = int32(count + 1);
    this.#weight = float64(count);
    this.#mandatory = float64(count);
    this.#capacity = float64(count);
    this.#closedWays = int32(count);
    this.#gain = {
      critical_W: float64(count),
      customers: float64(count),
      active_W: float64(count),
    };
    this.#fromSource = float64(forest.sourceCount).fill(-1);
    this.#edgeStart = int32(count + 1);
    const { role } = forest.scope;
    const edges: number[] = [];
    for (let block = 0; block < count; block++) {
      for (const way of blocks.switches[block]!) {
        if (role[way] !== FREE && role[way] !== LINK) continue;
        const far = blocks.from[way] === block ? blocks.to[way]! : blocks.from[way]!;
        if (blocks.hazard[far] === 0) edges.push(far);
      }
      this.#edgeStart[block + 1] = edges.length;
    }
    this.#edgeTo = int32Of(edges);
  }

  /** Blocks of a part. */
  blocksOf(part: number): Int32Array {
    return this.#members.subarray(this.#start[part], this.#start[part + 1]);
  }

  #size(part: number): number {
    return this.#start[part + 1]! - this.#start[part]!;
  }

  weight(part: number): number {
    return this.#weight[part]!;
  }

  closedWays(part: number): number {
    return this.#closedWays[part]!;
  }

  /** What each way into a part can carry at most, mW. */
  roomsInto(part: number, frontier: Frontier): number[] {
    const rooms: number[] = [];
    for (let k = 0; k < frontier.count; k++) {
      if (this.#partOf[frontier.far[k]!] === part) rooms.push(frontier.room[k]!);
    }
    return rooms;
  }

  /** True where all of a part fits into its ways in. */
  fits(part: number): boolean {
    return this.#weight[part]! <= this.#capacity[part]!;
  }

  /** True where a block is in a part. */
  holds(block: number): boolean {
    return this.#partOf[block] !== -1;
  }

  find(frontier: Frontier): void {
    this.#reachFrom(frontier);
    this.#partOf.fill(-1);
    this.count = 0;
    this.mustServe = 0;
    this.overcharged = false;
    for (let k = 0; k < frontier.count; k++) {
      if (this.#partOf[frontier.far[k]!] === -1) this.#walk(frontier.far[k]!);
      if (frontier.isClosed[k] === 1) this.#closedWays[this.#partOf[frontier.far[k]!]!]! += 1;
    }
    for (let part = 0; part < this.count; part++) {
      this.#capacity[part] = this.#capacityOf(part, frontier);
      if (this.#mandatory[part]! > this.#capacity[part]!) this.overcharged = true;
    }
  }

  /**
   * A block is within reach if a way in has room for it and for all on some way from there: in a
   * final state all these hang on that way in.
   */
  #reachFrom({ count, far, reach }: Frontier): void {
    const left = this.#left.fill(-1);
    const queue = this.#queue;
    queue.length = 0;
    for (let k = 0; k < count; k++) this.#reach(far[k]!, reach[k]!);
    for (let head = 0; head < queue.length; head++) {
      const block = queue[head]!;
      const room = left[block]!;
      const last = this.#edgeStart[block + 1]!;
      for (let edge = this.#edgeStart[block]!; edge < last; edge++) {
        const next = this.#edgeTo[edge]!;
        if (this.#live[next] === 0) this.#reach(next, room);
      }
    }
  }

  #reach(block: number, room: number): void {
    const left = room - this.#blocks.weight_mW[block]!;
    if (left < 0 || left <= this.#left[block]!) return;
    this.#left[block] = left;
    this.#queue.push(block);
  }

  #walk(start: number): void {
    const { weight_mW, mustServe } = this.#blocks;
    const part = this.count++;
    const members = this.#members;
    const partOf = this.#partOf;
    let head = this.#start[part]!;
    let end = head;
    partOf[start] = part;
    members[end++] = start;
    let weight = 0;
    let mandatory = 0;
    for (; head < end; head++) {
      const block = members[head]!;
      weight += weight_mW[block]!;
      if (mustServe[block] === 1) {
        mandatory += weight_mW[block]!;
        this.mustServe += 1;
      }
      const last = this.#edgeStart[block + 1]!;
      for (let edge = this.#edgeStart[block]!; edge < last; edge++) {
        const far = this.#edgeTo[edge]!;
        if (partOf[far] !== -1 || this.#left[far] === -1) continue;
        partOf[far] = part;
        members[end++] = far;
      }
    }
    this.#start[part + 1] = end;
    this.#weight[part] = weight;
    this.#mandatory[part] = mandatory;
    this.#closedWays[part] = 0;
  }

  /** The ways in by their rooms, together no more than their source has left. */
  #capacityOf(part: number, frontier: Frontier): number {
    const fromSource = this.#fromSource;
    const sources = this.#sources;
    for (let k = 0; k < frontier.count; k++) {
      if (this.#partOf[frontier.far[k]!] !== part) continue;
      const source = frontier.source[k]!;
      if (fromSource[source] === -1) {
        fromSource[source] = 0;
        sources.push(source);
      }
      fromSource[source]! += frontier.room[k]!;
    }
    let capacity = 0;
    for (const source of sources) {
      capacity += Math.max(0, Math.min(fromSource[source]!, this.#forest.sourceRoom(source)));
      fromSource[source] = -1;
    }
    sources.length = 0;
    return capacity;
  }

  /** The worth of a part if all of it fits, else if blocks could be served in fractions. */
  boundByFractions(part: number): void {
    for (const tier of TIERS) {
      this.#gain[tier][part] = this.fits(part)
        ? this.#wholeWorth(tier, part)
        : this.#fractional(tier, part);
    }
  }

  /** Nobody has to serve a load that feeds in: it is left out where it counts for less than nothing. */
  #wholeWorth(tier: Tier, part: number): number {
    const worth = this.#blocks[tier];
    const end = this.#start[part + 1]!;
    let sum = 0;
    for (let place = this.#start[part]!; place < end; place++) {
      sum += Math.max(0, worth[this.#members[place]!]!);
    }
    return sum;
  }

  #fractional(tier: Tier, part: number): number {
    const { weight_mW, mustServe } = this.#blocks;
    const worth = this.#blocks[tier];
    const partOf = this.#partOf;
    const end = this.#start[part + 1]!;
    let left = this.#capacity[part]! - this.#mandatory[part]!;
    let sum = 0;
    for (let place = this.#start[part]!; place < end; place++) {
      const block = this.#members[place]!;
      if (mustServe[block] === 1) sum += worth[block]!;
    }
    const order = (this.#byDensity[tier] ??= byDensity(this.#blocks, tier));
    for (let k = 0; k < order.length; k++) {
      const block = order[k]!;
      if (partOf[block] !== part || mustServe[block] === 1) continue;
      const weight = weight_mW[block]!;
      if (weight <= left) {
        sum += worth[block]!;
        left -= weight;
        continue;
      }
      if (left > 0) sum += (worth[block]! * left) / weight;
      break;
    }
    return Math.floor(sum + 1e-6);
  }

  /**
   * Bounds the parts that do not fit by the worth of whole blocks, where fractions say no better.
   * @param most - parts of more blocks are left as they are.
   * @returns true where a bound fell.
   */
  boundByBlocks(most: number): boolean {
    let fell = false;
    for (let part = 0; part < this.count; part++) {
      if (!this.fits(part) && this.#size(part) <= most && this.#boundByBlocks(part)) fell = true;
    }
    return fell;
  }

  #boundByBlocks(part: number): boolean {
    const whole = this.#recalled(part) ?? this.#wholeBlocks(part);
    if (compareServed(whole, this.#gainOf(part)) <= 0) return false;
    for (const tier of TIERS) this.#gain[tier][part] = whole[tier];
    return true;
  }

  /** Most decisions leave the dead parts and their ways in as they were. */
  #recalled(part: number): Served | null {
    const start = this.#start[part]!;
    for (const { capacity, blocks, worth } of this.#lately) {
      if (capacity !== this.#capacity[part] || blocks.length !== this.#size(part)) continue;
      let same = true;
      for (let k = 0; same && k < blocks.length; k++) {
        same = blocks[k] === this.#members[start + k];
      }
      if (same) return worth;
    }
    return null;
  }

  #wholeBlocks(part: number): Served {
    const { critical_W, customers, active_W, weight_mW, mustServe } = this.#blocks;
    const blocks = this.blocksOf(part).slice();
    const items = Array.from(blocks, (block) => ({
      critical_W: critical_W[block]!,
      customers: customers[block]!,
      active_W: active_W[block]!,
      weight: weight_mW[block]!,
      mandatory: mustServe[block] === 1,
    }));
    const capacity = this.#capacity[part]!;
    const worth = bestWithin(items, capacity);
    this.#lately[this.#nextLately] = { capacity, blocks, worth };
    this.#nextLately = (this.#nextLately + 1) % RECALLED;
    return worth;
  }

  #gainOf(part: number): Served {
    const { critical_W, customers, active_W } = this.#gain;
    return {
      critical_W: critical_W[part]!,
      customers: customers[part]!,
      active_W: active_W[part]!,
    };
  }

  addGains(served: { critical_W: number; customers: number; active_W: number }): void {
    for (let part = 0; part < this.count; part++) {
      served.critical_W += this.#gain.critical_W[part]!;
      served.customers += this.#gain.customers[part]!;
      served.active_W += this.#gain.active_W[part]!;
    }
  }

  /** Fewest operations to serve anything of a part. */
  operationsToEnter(part: number): number {
    const { critical_W, customers, active_W } = this.#gainOf(part);
    const worthy = critical_W > 0 || customers > 0 || active_W > 0;
    return worthy && this.#closedWays[part] === 0 ? 1 : 0;
  }
}

function byDensity(blocks: Blocks, tier: Tier): readonly number[] {
  const worth = blocks[tier];
  const density = (block: number): number =>
    blocks.weight_mW[block] === 0
      ? worth[block]! > 0
        ? Number.POSITIVE_INFINITY
        : 0
      : worth[block]! / blocks.weight_mW[block]!;
  return Array.from({ length: blocks.count }, (_, block) => block)
    .filter((block) => worth[block]! > 0)
    .sort((a, b) => {
      const [da, db] = [density(a), density(b)];
      return da === db ? a - b : db > da ? 1 : -1;
    });
}
