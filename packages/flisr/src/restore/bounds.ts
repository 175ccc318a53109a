import { CLOSED } from '@relight/topology';
import type { Blocks } from './blocks.ts';
import { DOUBTFUL, GHOST, SURE, type LiveForest } from './live-forest.ts';
import { FREE, LINK } from './scope.ts';
import { feedingOperations } from './feeding-operations.ts';
import { bestWithin } from './knapsack.ts';
import { openingsOffHazards, type ClosedJoins } from './openings-off-hazards.ts';
import { compareServed, type Served } from './score.ts';

/** What the search has decided about a free switch. */
export const UNDECIDED = 0;
export const USED = 1;
export const FORBIDDEN = 2;

/** Where the search stands, and the best that can still come of it. */
export interface Outlook {
  /** True where something that must be served can no longer be. */
  readonly hopeless: boolean;
  /** At most this is served in any final state from here. */
  readonly served: Served;
  /** At least this many operations to serve that much. */
  readonly operations: number;
  /** Switch to decide next, −1 in a final state. */
  readonly next: number;
}

/** A part that is still dead and can be reached, with what its ways in can carry. */
interface Part {
  readonly blocks: number[];
  weight: number;
  mandatory: number;
  readonly roomBySource: Map<number, number>;
  readonly rooms: number[];
  closedWays: number;
}

/** Parts of up to so many blocks are bounded block by block instead of in fractions. */
const SMALL_PART = 24;

const TIERS = ['critical_W', 'customers', 'active_W'] as const;
type Tier = (typeof TIERS)[number];

/** Looks ahead from a state of the search. One per search; keeps its working arrays. */
export class Lookahead {
  readonly #blocks: Blocks;
  readonly #forest: LiveForest;
  readonly #positions: Uint8Array;
  readonly #decision: Uint8Array;
  /** Blocks by worth per power, best first, for each tier. */
  readonly #byDensity: Readonly<Record<Tier, readonly number[]>>;
  readonly #partOf: Int32Array;
  readonly #mustServe: number;

  constructor(blocks: Blocks, forest: LiveForest, positions: Uint8Array, decision: Uint8Array) {
    this.#blocks = blocks;
    this.#forest = forest;
    this.#positions = positions;
    this.#decision = decision;
    this.#partOf = new Int32Array(blocks.count);
    this.#mustServe = blocks.mustServe.reduce((sum, must) => sum + must, 0);
    this.#byDensity = {
      critical_W: byDensity(blocks, 'critical_W'),
      customers: byDensity(blocks, 'customers'),
      active_W: byDensity(blocks, 'active_W'),
    };
  }

  /**
   * @param best - served load of the best plan known: only where the bound equals it do the
   *   operations still to come matter; null counts them in any case.
   */
  look(best: Served | null): Outlook {
    const frontier: number[] = [];
    let operations = this.#countOperations(frontier);
    const served = this.#servedNow();
    const parts = this.#reachableParts(frontier);

    let reachedMustServe = this.#servedMustServe();
    let hopeless = false;
    const gains: { part: Part; gain: Served; fits: boolean }[] = [];
    for (const part of parts) {
      const capacity = this.#capacity(part);
      if (part.mandatory > capacity) hopeless = true;
      for (const block of part.blocks) reachedMustServe += this.#blocks.mustServe[block]!;
      const fits = part.weight <= capacity;
      const gain = fits ? this.#wholeWorth(part) : this.#worthWithin(part, capacity);
      served.critical_W += gain.critical_W;
      served.customers += gain.customers;
      served.active_W += gain.active_W;
      gains.push({ part, gain, fits });
    }
    if (best === null || compareServed(served, best) === 0) {
      for (const { part, gain, fits } of gains) {
        operations += fits ? this.#operationsToServeAll(part) : this.#operationsToEnter(part, gain);
      }
    }
    if (reachedMustServe < this.#mustServe) hopeless = true;
    return { hopeless, served, operations, next: this.#pick(frontier) };
  }

  #isLive(block: number): boolean {
    return this.#forest.isLive(block);
  }

  /** A live block is served if no unknown switch feeds it, or one that fed it after the trip. */
  #isServed(block: number): boolean {
    const shadow = this.#forest.shadowOf(block);
    return shadow === SURE || (shadow === DOUBTFUL && this.#blocks.isLive[block] === 1);
  }

  /** Operations that the decisions so far cost; fills the frontier. */
  #countOperations(frontier: number[]): number {
    const { from, to, hazard, tiedToLive } = this.#blocks;
    let operations = 0;
    for (const at of this.#forest.scope.free) {
      const closed = this.#positions[at] === CLOSED;
      if (this.#decision[at] === USED) {
        if (!closed) operations += 1;
        continue;
      }
      const a = this.#isLive(from[at]!);
      const b = this.#isLive(to[at]!);
      if (!a && !b) continue;
      const near = this.#forest.nearEnd(at);
      const far = a ? to[at]! : from[at]!;
      const mayFollow =
        hazard[far] === 0 || (tiedToLive[far] === 1 && this.#forest.shadow[near] === GHOST);
      const undecided = a !== b && mayFollow && this.#decision[at] === UNDECIDED;
      // An unknown switch supplies nobody, so nothing is closed onto what hangs on one.
      if (undecided && (closed || this.#forest.shadow[near] === SURE)) frontier.push(at);
      else if (closed) operations += 1;
    }
    return operations;
  }

  #servedNow(): { critical_W: number; customers: number; active_W: number } {
    const blocks = this.#blocks;
    const served = { ...blocks.elsewhere };
    for (let block = 0; block < blocks.count; block++) {
      if (!this.#isLive(block)) continue;
      if (!this.#isServed(block)) continue;
      served.critical_W += blocks.critical_W[block]!;
      served.customers += blocks.customers[block]!;
      served.active_W += blocks.active_W[block]!;
    }
    return served;
  }

  #servedMustServe(): number {
    let count = 0;
    for (let block = 0; block < this.#blocks.count; block++) {
      if (this.#blocks.mustServe[block] === 0 || !this.#isLive(block)) continue;
      if (this.#isServed(block)) count += 1;
    }
    return count;
  }

  #reachableParts(frontier: readonly number[]): Part[] {
    const { from, to, hazard, switches, weight_mW, mustServe } = this.#blocks;
    const { role } = this.#forest.scope;
    const partOf = this.#partOf.fill(-1);
    const parts: Part[] = [];
    for (const at of frontier) {
      const start = this.#isLive(from[at]!) ? to[at]! : from[at]!;
      if (partOf[start] === -1) {
        partOf[start] = parts.length;
        const part: Part = {
          blocks: [start],
          weight: 0,
          mandatory: 0,
          roomBySource: new Map(),
          rooms: [],
          closedWays: 0,
        };
        for (const block of part.blocks) {
          part.weight += weight_mW[block]!;
          if (mustServe[block] === 1) part.mandatory += weight_mW[block]!;
          for (const way of switches[block]!) {
            if (role[way] !== FREE && role[way] !== LINK) continue;
            const far = from[way] === block ? to[way]! : from[way]!;
            if (partOf[far] !== -1 || hazard[far] === 1 || this.#isLive(far)) continue;
            partOf[far] = parts.length;
            part.blocks.push(far);
          }
        }
        parts.push(part);
      }
      this.#addWayIn(parts[partOf[start]!]!, at);
    }
    return parts;
  }

  #addWayIn(part: Part, at: number): void {
    const near = this.#forest.nearEnd(at);
    const source = this.#forest.tree[near]!;
    const room = this.#forest.roomThrough(at, near);
    part.roomBySource.set(source, (part.roomBySource.get(source) ?? 0) + room);
    part.rooms.push(room);
    if (this.#positions[at] === CLOSED) part.closedWays += 1;
  }

  #capacity(part: Part): number {
    let capacity = 0;
    for (const [source, room] of part.roomBySource) {
      capacity += Math.max(0, Math.min(room, this.#forest.sourceRoom(source)));
    }
    return capacity;
  }

  #wholeWorth(part: Part): Served {
    const { critical_W, customers, active_W } = this.#blocks;
    const worth = { critical_W: 0, customers: 0, active_W: 0 };
    for (const block of part.blocks) {
      worth.critical_W += critical_W[block]!;
      worth.customers += customers[block]!;
      worth.active_W += active_W[block]!;
    }
    return worth;
  }

  #worthWithin(part: Part, capacity: number): Served {
    const fractional = this.#fractionalWorth(part, capacity);
    if (part.blocks.length > SMALL_PART) return fractional;
    const { critical_W, customers, active_W, weight_mW, mustServe } = this.#blocks;
    const items = part.blocks.map((block) => ({
      critical_W: critical_W[block]!,
      customers: customers[block]!,
      active_W: active_W[block]!,
      weight: weight_mW[block]!,
      mandatory: mustServe[block] === 1,
    }));
    const whole = bestWithin(items, capacity);
    return compareServed(whole, fractional) > 0 ? whole : fractional;
  }

  /** Best worth within the capacity, tier by tier, if blocks could be served in fractions. */
  #fractionalWorth(part: Part, capacity: number): Served {
    return {
      critical_W: this.#fractional('critical_W', part, capacity),
      customers: this.#fractional('customers', part, capacity),
      active_W: this.#fractional('active_W', part, capacity),
    };
  }

  #fractional(tier: Tier, part: Part, capacity: number): number {
    const { weight_mW, mustServe } = this.#blocks;
    const worth = this.#blocks[tier];
    const number = this.#partOf[part.blocks[0]!]!;
    let left = capacity - part.mandatory;
    let sum = 0;
    for (const block of part.blocks) if (mustServe[block] === 1) sum += worth[block]!;
    for (const block of this.#byDensity[tier]) {
      if (this.#partOf[block] !== number || mustServe[block] === 1) continue;
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
   * Fewest operations to serve everything of a part: the openings that keep each of its loaded
   * blocks off what must stay dead, and what it takes to feed its closed-joined groups.
   */
  #operationsToServeAll(part: Part): number {
    const { from, to, hazard, switches } = this.#blocks;
    const seen = new Set<number>();
    let operations = 0;
    let groups = 0;
    let unfed = 0;
    for (const start of part.blocks) {
      if (seen.has(start)) continue;
      seen.add(start);
      const group = [start];
      let loaded = false;
      let wayIn = false;
      let atHazard = false;
      for (const block of group) {
        if (this.#isWorthy(block)) loaded = true;
        for (const way of switches[block]!) {
          if (this.#positions[way] !== CLOSED) continue;
          const far = from[way] === block ? to[way]! : from[way]!;
          if (hazard[far] === 1) atHazard = true;
          else if (this.#isLive(far)) {
            if (this.#decision[way] === UNDECIDED) wayIn = true;
          } else if (!seen.has(far)) {
            seen.add(far);
            group.push(far);
          }
        }
      }
      if (loaded && atHazard) operations += openingsOffHazards(group, this.#joins);
      if (loaded) groups += 1;
      if (loaded && !wayIn) unfed += 1;
    }
    const feeding = feedingOperations(groups, part.weight, part.rooms, part.closedWays);
    return operations + Math.max(unfed, feeding);
  }

  readonly #joins: ClosedJoins = {
    closedAt: (block) => {
      const { from, to, switches } = this.#blocks;
      return switches[block]!.filter((way) => this.#positions[way] === CLOSED).map((way) =>
        from[way] === block ? to[way]! : from[way]!,
      );
    },
    isHazard: (block) => this.#blocks.hazard[block] === 1,
    isDead: (block) => this.#blocks.hazard[block] === 0 && !this.#isLive(block),
    isNeeded: (block) => this.#isWorthy(block) && !this.#isLive(block),
  };

  #isWorthy(block: number): boolean {
    const { critical_W, customers, active_W, mustServe } = this.#blocks;
    return (
      critical_W[block]! > 0 ||
      customers[block]! > 0 ||
      active_W[block]! > 0 ||
      mustServe[block] === 1
    );
  }

  #operationsToEnter(part: Part, gain: Served): number {
    const worthy = gain.critical_W > 0 || gain.customers > 0 || gain.active_W > 0;
    return worthy && part.closedWays === 0 ? 1 : 0;
  }

  /**
   * Closed before open, what must be served first; then the way in that can carry most, so that one
   * strong tie is tried before many weak ones; then the largest load; ids decide the rest.
   */
  #pick(frontier: readonly number[]): number {
    const { from, to, mustServe, weight_mW } = this.#blocks;
    let best = -1;
    let bestKey = [0, 0, 0, 0];
    for (const at of frontier) {
      const far = this.#isLive(from[at]!) ? to[at]! : from[at]!;
      const closed = this.#positions[at] === CLOSED;
      const key = [
        closed ? 1 : 0,
        mustServe[far]!,
        closed ? 0 : this.#wholeKilowatts(at),
        weight_mW[far]!,
      ];
      if (best !== -1 && !isGreater(key, bestKey)) continue;
      best = at;
      bestKey = key;
    }
    return best;
  }

  /** What a way in can carry: whole kilowatts, so that rounding decides nothing. */
  #wholeKilowatts(at: number): number {
    const near = this.#forest.nearEnd(at);
    const room = this.#forest.roomThrough(at, near);
    const source = this.#forest.sourceRoom(this.#forest.tree[near]!);
    return Math.floor(Math.max(0, Math.min(room, source)) / 1e6);
  }
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return a[at]! > b[at]!;
  }
  return false;
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
