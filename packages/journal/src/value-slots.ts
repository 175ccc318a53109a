import { HISTORY_SLOT_MS } from '@relight/contract';

/** Slots that are written together: ten minutes. */
export const PACK_SLOTS = 60;
export const PACK_MS = PACK_SLOTS * HISTORY_SLOT_MS;
/** Last, least and greatest value of each slot, in this order. */
export const PACK_FIGURES = 3 * PACK_SLOTS;

/** What one point did in a pack; NaN: nothing that could be trusted. */
export type Pack = Float32Array<ArrayBuffer>;

export function emptyPack(): Pack {
  return new Float32Array(PACK_FIGURES).fill(Number.NaN);
}

/** Fills the gaps of a pack with what an earlier run has kept of the same ten minutes. */
export function fillGaps(pack: Pack, earlier: Pack): void {
  for (let at = 0; at < PACK_FIGURES; at++) {
    if (Number.isNaN(pack[at])) pack[at] = earlier[at] ?? Number.NaN;
  }
}

/** Begin of the pack an instant lies in, ms. */
export function packOf(at_ms: number): number {
  return Math.floor(at_ms / PACK_MS) * PACK_MS;
}

/**
 * Turns values as they come into slots of fixed length. A value holds until another comes or it can
 * no longer be trusted; where nobody said for a whole slot that the feed still works, nothing is
 * claimed about that slot.
 */
export class ValueSlots {
  readonly #packs: Pack[];
  /** Value that holds now, and what the open slot has seen. */
  readonly #now: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #slot: number | null = null;

  constructor(points: number) {
    this.#packs = Array.from({ length: points }, emptyPack);
    [this.#now, this.#low, this.#high] = [nothing(points), nothing(points), nothing(points)];
  }

  /** Begin of the pack that is being filled; null before the first sign of the feed. */
  get packFrom_ms(): number | null {
    return this.#slot === null ? null : packOf(this.#slot * HISTORY_SLOT_MS);
  }

  pack(point: number): Pack | null {
    return this.#packs[point] ?? null;
  }

  /**
   * The feed works at this instant: closes the slots before it.
   * @param full - Told before a pack is begun anew, while `pack` still holds the old one.
   */
  advance(at_ms: number, full: () => void): void {
    const slot = Math.floor(at_ms / HISTORY_SLOT_MS);
    const before = this.#slot;
    if (slot === before) return;
    if (before !== null) {
      this.#close(before);
      if (packOf(at_ms) !== this.packFrom_ms) {
        full();
        for (const pack of this.#packs) pack.fill(Number.NaN);
      }
    }
    this.#slot = slot;
    this.#low.set(this.#now);
    this.#high.set(this.#now);
  }

  /** A point says a value; NaN: none that can be trusted, until it says another. */
  hear(point: number, value: number): void {
    if (point >= this.#now.length) return;
    this.#now[point] = value;
    const [low = Number.NaN, high = Number.NaN] = [this.#low[point], this.#high[point]];
    if (!(value >= low)) this.#low[point] = Number.isNaN(value) ? low : value;
    if (!(value <= high)) this.#high[point] = Number.isNaN(value) ? high : value;
  }

  #close(slot: number): void {
    const at = slot % PACK_SLOTS;
    this.#packs.forEach((pack, point) => {
      pack[at] = this.#now[point] ?? Number.NaN;
      pack[PACK_SLOTS + at] = this.#low[point] ?? Number.NaN;
      pack[2 * PACK_SLOTS + at] = this.#high[point] ?? Number.NaN;
    });
  }
}

function nothing(points: number): Float64Array {
  return new Float64Array(points).fill(Number.NaN);
}
