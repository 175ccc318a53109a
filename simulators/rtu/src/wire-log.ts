import type { WireRecord } from '@relight/contract';

/** Kept in memory; older ones are dropped, their numbers are not used again. */
const MOST_RECORDS = 200_000;

/**
 * Every write as it arrived at an RTU, refused ones included: the evidence that safety tests
 * judge by. Numbered from 0.
 */
export class WireLog {
  #records: WireRecord[] = [];
  #dropped = 0;

  add(record: WireRecord): void {
    this.#records.push(record);
    if (this.#records.length <= MOST_RECORDS) return;
    const excess = MOST_RECORDS / 10;
    this.#records.splice(0, excess);
    this.#dropped += excess;
  }

  /** Records from number `first` on. */
  since(first: number): readonly WireRecord[] {
    return this.#records.slice(Math.max(first - this.#dropped, 0));
  }
}
