import type { JournalRecord } from '@relight/contract';
import type { Logger } from 'pino';
import type { JournalPort } from './cycle.ts';

/** Upper bounds of the latency histogram, s. */
const BOUNDS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5] as const;
const ENDS: ReadonlySet<unknown> = new Set([
  ...['verified', 'rejected', 'expired', 'cancelled', 'failed', 'unknown'],
]);

/** How long decisions took to reach the disk: counts up to each bound, as Prometheus wants it. */
export interface Latency {
  readonly bounds_s: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum_s: number;
}

/**
 * Stands before the journal: writes the log line of each decision, counts how commands end, and
 * measures how long the disk takes. It changes nothing.
 */
export class JournalWatch implements JournalPort {
  readonly #log: Logger;
  readonly #journal: JournalPort;
  readonly #monotonic: () => number;
  readonly #ends = new Map<string, number>();
  readonly #counts: number[] = BOUNDS_S.map(() => 0);
  #count = 0;
  #sum_s = 0;
  #durableUpTo = 0;
  /** Last sequence of each batch that is not on disk yet, oldest first. */
  #waiting: { readonly upTo: number; readonly since_ms: number }[] = [];

  constructor(journal: JournalPort, log: Logger, monotonic: () => number) {
    this.#journal = journal;
    this.#log = log;
    this.#monotonic = monotonic;
  }

  append(batch: Parameters<JournalPort['append']>[0]): void {
    const last = batch.journal.at(-1);
    if (last !== undefined) {
      this.#waiting.push({ upTo: last.sequence, since_ms: this.#monotonic() });
    }
    this.#journal.append(batch);
    for (const record of batch.journal) this.#note(record);
  }

  /** Everything up to this sequence is on disk. */
  durable(upTo: number): void {
    const now = this.#monotonic();
    this.#durableUpTo = upTo;
    while (this.#waiting[0] !== undefined && this.#waiting[0].upTo <= upTo) {
      const took_s = (now - this.#waiting[0].since_ms) / 1_000;
      this.#waiting.shift();
      this.#count += 1;
      this.#sum_s += took_s;
      BOUNDS_S.forEach((bound, i) => {
        if (took_s <= bound) this.#counts[i] = (this.#counts[i] ?? 0) + 1;
      });
    }
  }

  /** Age of the oldest decision that is not on disk, ms; 0: all are. */
  get behind_ms(): number {
    const oldest = this.#waiting[0];
    return oldest === undefined ? 0 : this.#monotonic() - oldest.since_ms;
  }

  /** Last record that is on disk; 0: none of this run. */
  get durableUpTo(): number {
    return this.#durableUpTo;
  }

  /** Commands by how they ended. */
  get ends(): ReadonlyMap<string, number> {
    return this.#ends;
  }

  get latency(): Latency {
    return { bounds_s: BOUNDS_S, counts: this.#counts, count: this.#count, sum_s: this.#sum_s };
  }

  #note({ sequence, kind, by, about, body }: JournalRecord): void {
    const { state, incident, equipment, operation, action, code } = body;
    const told = { sequence, by, equipment, operation, state, action, code };
    const ids =
      kind === 'command'
        ? { command: about, incident }
        : kind === 'incident' || kind === 'plan' || kind === 'location' || kind === 'approval'
          ? { incident: about }
          : { about };
    if (kind === 'command' && typeof state === 'string' && ENDS.has(state)) {
      this.#ends.set(state, (this.#ends.get(state) ?? 0) + 1);
    }
    const badEnd = state === 'unknown' || state === 'failed';
    this.#log[badEnd ? 'warn' : 'info']({ ...ids, ...told }, kind);
  }
}
