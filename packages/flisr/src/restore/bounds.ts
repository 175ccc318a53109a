import { CLOSED } from '@relight/topology';
import { uint8 } from './columns.ts';
import type { Blocks } from './blocks.ts';
import type { LiveForest } from './live-forest.ts';
import { feedingOperations } from './feeding-operations.ts';
import { Frontier } from './frontier.ts';
import { openingsOffHazards, type ClosedJoins } from './openings-off-hazards.ts';
import { PartsWithinReach } from './parts-within-reach.ts';
import { compareServed, type Served } from './score.ts';
import { DOUBTFUL, GHOST, SURE } from './shadow.ts';

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

/** Parts of up to so many blocks are bounded block by block instead of in fractions. */
const SMALL_PART = 24;

/**
 * Looks ahead from a state of the search. One per search; keeps its working arrays, for it is asked
 * at every step.
 */
export class Lookahead {
  readonly #blocks: Blocks;
  readonly #forest: LiveForest;
  readonly #positions: Uint8Array;
  readonly #decision: Uint8Array;
  readonly #mustServe: number;
  /** By place among the free switches: 1 where it is closed. */
  readonly #isClosed: Uint8Array;
  /** By block: 1 where it is live in the state looked at. */
  readonly #live: Uint8Array;
  readonly #frontier: Frontier;
  readonly #parts: PartsWithinReach;
  readonly #served = { critical_W: 0, customers: 0, active_W: 0 };
  #servedMust = 0;

  constructor(blocks: Blocks, forest: LiveForest, positions: Uint8Array, decision: Uint8Array) {
    this.#blocks = blocks;
    this.#forest = forest;
    this.#positions = positions;
    this.#decision = decision;
    this.#mustServe = blocks.mustServe.reduce((sum, must) => sum + must, 0);
    const { free } = forest.scope;
    this.#isClosed = uint8(free.length);
    for (let k = 0; k < free.length; k++) if (positions[free[k]!] === CLOSED) this.#isClosed[k] = 1;
    this.#live = uint8(blocks.count);
    this.#frontier = new Frontier(free.length);
    this.#parts = new PartsWithinReach(blocks, forest, this.#live);
  }

  /**
   * @param best - the best plan known: where less can be served, nothing else is looked at; only where
   *   the bound equals what it serves do the operations still to come matter, and no more of them than
   *   it has are counted; null counts them all in any case.
   */
  look(best: (Served & { readonly operations: number }) | null): Outlook {
    const served = this.#served;
    this.#readLive();
    const frontier = this.#frontier;
    let operations = this.#countOperations();
    const parts = this.#parts;
    parts.find(frontier);
    const hopeless = parts.overcharged || this.#servedMust + parts.mustServe < this.#mustServe;
    if (hopeless) return { hopeless, served, operations, next: -1 };
    const { critical_W, customers, active_W } = served;
    for (let part = 0; part < parts.count; part++) parts.boundByFractions(part);
    parts.addGains(served);
    if (best !== null && compareServed(served, best) > 0) {
      return { hopeless, served, operations, next: -1 };
    }
    if (parts.boundByBlocks(SMALL_PART)) {
      Object.assign(served, { critical_W, customers, active_W });
      parts.addGains(served);
    }
    if (best === null || compareServed(served, best) === 0) {
      const enough = best === null ? Number.POSITIVE_INFINITY : best.operations;
      for (let part = 0; part < parts.count && operations <= enough; part++) {
        operations += parts.fits(part)
          ? this.#operationsToServeAll(part)
          : parts.operationsToEnter(part);
      }
      if (operations > enough) return { hopeless, served, operations, next: -1 };
    }
    return { hopeless, served, operations, next: this.#pick() };
  }

  /** A live block is served if no unknown switch feeds it, or one that fed it after the trip. */
  #readLive(): void {
    const { count, mustServe, liveAfterTrip, critical_W, customers, active_W, elsewhere } =
      this.#blocks;
    const { tree, shadow, graph } = this.#forest;
    const live = this.#live;
    const { ofBlock } = graph;
    const served = this.#served;
    let must = 0;
    let critical = elsewhere.critical_W;
    let people = elsewhere.customers;
    let power = elsewhere.active_W;
    for (let block = 0; block < count; block++) {
      const joint = ofBlock[block]!;
      if (tree[joint] === -1) {
        live[block] = 0;
        continue;
      }
      live[block] = 1;
      const doubt = shadow[joint];
      if (doubt !== SURE && !(doubt === DOUBTFUL && liveAfterTrip[block] === 1)) continue;
      must += mustServe[block]!;
      critical += critical_W[block]!;
      people += customers[block]!;
      power += active_W[block]!;
    }
    this.#servedMust = must;
    served.critical_W = critical;
    served.customers = people;
    served.active_W = power;
  }

  /** Operations that the decisions so far cost; fills the frontier. */
  #countOperations(): number {
    const { from, to, hazard, tiedToLive, weight_mW } = this.#blocks;
    const forest = this.#forest;
    const { free } = forest.scope;
    const live = this.#live;
    const frontier = this.#frontier;
    frontier.count = 0;
    let operations = 0;
    for (let k = 0; k < free.length; k++) {
      const at = free[k]!;
      const closed = this.#isClosed[k] === 1;
      const decided = this.#decision[at]!;
      if (decided === USED) {
        if (!closed) operations += 1;
        continue;
      }
      const a = live[from[at]!] === 1;
      const b = live[to[at]!] === 1;
      if (!a && !b) continue;
      if (a && b) {
        if (closed) operations += 1;
        continue;
      }
      const near = forest.nearEnd(at);
      const far = a ? to[at]! : from[at]!;
      const sure = forest.shadow[near] === SURE;
      const mayFollow =
        hazard[far] === 0 || (tiedToLive[far] === 1 && forest.shadow[near] === GHOST);
      // An unknown switch supplies nobody, so nothing is closed onto what hangs on one, but what
      // hung there after the trip and was switched off since.
      if (decided === UNDECIDED && mayFollow && (closed || forest.supplies(at, near))) {
        const room = forest.roomThrough(at, near);
        // What does not fit now will not fit later: it is as good as forbidden.
        if (!sure || weight_mW[far]! <= room) {
          frontier.add(at, far, forest.tree[near]!, room, closed, sure);
          continue;
        }
      }
      if (closed) operations += 1;
    }
    return operations;
  }

  /**
   * Fewest operations to serve everything of a part: the openings that keep each of its loaded
   * blocks off what must stay dead, and what it takes to feed its closed-joined groups.
   */
  #operationsToServeAll(part: number): number {
    const { from, to, switches } = this.#blocks;
    const seen = new Set<number>();
    let operations = 0;
    let groups = 0;
    let unfed = 0;
    const blocks = this.#parts.blocksOf(part);
    for (const start of blocks) {
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
          if (this.#staysDead(far)) atHazard = true;
          else if (this.#live[far] === 1) {
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
    const feeding = feedingOperations(
      groups,
      this.#parts.weight(part),
      this.#parts.roomsInto(part, this.#frontier),
      this.#parts.closedWays(part),
    );
    return operations + Math.max(unfed, feeding);
  }

  readonly #joins: ClosedJoins = {
    closedAt: (block) => {
      const { from, to, switches } = this.#blocks;
      return switches[block]!.filter((way) => this.#positions[way] === CLOSED).map((way) =>
        from[way] === block ? to[way]! : from[way]!,
      );
    },
    isHazard: (block) => this.#staysDead(block),
    isDead: (block) => this.#parts.holds(block),
    isNeeded: (block) => this.#isWorthy(block) && this.#parts.holds(block),
  };

  /** What must not be live, and what no way in can reach. */
  #staysDead(block: number): boolean {
    return this.#live[block] === 0 && !this.#parts.holds(block);
  }

  #isWorthy(block: number): boolean {
    const { critical_W, customers, active_W, mustServe } = this.#blocks;
    return (
      critical_W[block]! > 0 ||
      customers[block]! > 0 ||
      active_W[block]! > 0 ||
      mustServe[block] === 1
    );
  }

  /**
   * Closed before open, what must be served first; then the way in that can carry most, so that one
   * strong tie is tried before many weak ones; then the largest load; ids decide the rest.
   */
  #pick(): number {
    const { mustServe, weight_mW } = this.#blocks;
    const { count, at, far, isClosed } = this.#frontier;
    let best = -1;
    let bestCarries = 0;
    for (let k = 0; k < count; k++) {
      const carries = isClosed[k] === 1 ? 0 : this.#wholeKilowatts(k);
      if (best !== -1) {
        const order =
          isClosed[k]! - isClosed[best]! ||
          mustServe[far[k]!]! - mustServe[far[best]!]! ||
          carries - bestCarries ||
          weight_mW[far[k]!]! - weight_mW[far[best]!]!;
        if (order <= 0) continue;
      }
      best = k;
      bestCarries = carries;
    }
    return best === -1 ? -1 : at[best]!;
  }

  /** What a way in can carry: whole kilowatts, so that rounding decides nothing. */
  #wholeKilowatts(k: number): number {
    const { room, source } = this.#frontier;
    const left = this.#forest.sourceRoom(source[k]!);
    return Math.floor(Math.max(0, Math.min(room[k]!, left)) / 1e6);
  }
}
