import type { ErrorCode } from '@relight/contract';
import type { Tell } from './door.ts';

/** Equal refusals within this time are one record with their number. */
const GATHER_MS = 60_000;
/** More different ones than this are gathered under one name: nobody fills the disk from outside. */
const MOST_KINDS = 500;

interface Gathered {
  readonly by: string;
  readonly route: string;
  readonly code: ErrorCode;
  readonly since_ms: number;
  /** Since the record that was told. */
  count: number;
}

/** Brings refusals into the audit journal: the first at once, its repetitions as a number. */
export class RefusalLog {
  readonly #tell: Tell;
  readonly #gathered = new Map<string, Gathered>();
  /** Refusals by code since the start, for the metrics. */
  readonly counts = new Map<ErrorCode, number>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** @param by - Account, or address where nobody is logged in. */
  note(by: string, route: string, code: ErrorCode, monotonic_ms: number): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    const full = this.#gathered.size >= MOST_KINDS;
    const key = full ? 'others' : JSON.stringify([by, route, code]);
    const known = this.#gathered.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const entry = { by: full ? 'others' : by, route, code, since_ms: monotonic_ms, count: 0 };
    this.#gathered.set(key, entry);
    this.#tell('refused', entry.by, null, { route, code, times: 1 });
  }

  /** Tells the numbers that are due; with `all` every one, at the end. */
  tick(monotonic_ms: number, all = false): void {
    for (const [key, { by, route, code, since_ms, count }] of this.#gathered) {
      if (!all && monotonic_ms - since_ms < GATHER_MS) continue;
      this.#gathered.delete(key);
      if (count > 0) this.#tell('refused', by, null, { route, code, times: count });
    }
  }
}
