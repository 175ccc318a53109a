/** Tries that cost nothing. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** After so long without a wrong try all is forgotten. */
const FORGET_MS = 15 * 60_000;
const MOST_KEPT = 10_000;

/**
 * Wrong passwords: five are free, then each next try has to wait, at most half a minute. It counts
 * by account and address together: who guesses at somebody's name from elsewhere does not shut the
 * dispatcher out of his own chair, and nobody is ever shut out for good.
 */
export class Attempts {
  readonly #wrong = new Map<string, { count: number; last_ms: number }>();

  /** How long this pair has to wait before the next try counts, ms; 0: now. */
  wait_ms(user: string, address: string, monotonic_ms: number): number {
    const seen = this.#wrong.get(key(user, address));
    if (seen === undefined || seen.count < FREE_TRIES) return 0;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (seen.count - FREE_TRIES));
    return Math.max(0, seen.last_ms + wait - monotonic_ms);
  }

  wrong(user: string, address: string, monotonic_ms: number): void {
    const id = key(user, address);
    const seen = this.#wrong.get(id);
    const fresh = seen === undefined || monotonic_ms - seen.last_ms > FORGET_MS;
    // Newest last, so that the first is the one to forget when there are too many.
    this.#wrong.delete(id);
    this.#wrong.set(id, { count: fresh ? 1 : seen.count + 1, last_ms: monotonic_ms });
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MOST_KEPT && oldest !== undefined) this.#wrong.delete(oldest);
  }

  right(user: string, address: string): void {
    this.#wrong.delete(key(user, address));
  }
}

function key(user: string, address: string): string {
  return `${user} ${address}`;
}
