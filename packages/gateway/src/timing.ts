import type { Clock, Instant, RandomStream } from '@relight/foundation';
import { Observable } from 'rxjs';

/** Emits every `period_ms` of the monotonic clock; a late tick does not make the next one early. */
export function ticks(clock: Clock, period_ms: number): Observable<void> {
  return new Observable((subscriber) => {
    let unbook = (): void => {};
    const book = (): void => {
      unbook = clock.at((clock.monotonic() + period_ms) as Instant, () => {
        subscriber.next();
        if (!subscriber.closed) book();
      });
    };
    book();
    return () => unbook();
  });
}

/** A wait that can be cut short. */
export interface Wait {
  readonly done: Promise<void>;
  end(): void;
}

/** Ends by itself after `ms` of the monotonic clock. */
export function wait(clock: Clock, ms: number): Wait {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    const unbook = clock.at((clock.monotonic() + ms) as Instant, resolve);
    end = () => {
      unbook();
      resolve();
    };
  });
  return { done, end: () => end() };
}

/**
 * A promise with a time limit of our own: libraries underneath may leave theirs unsettled.
 * @returns `late` when the limit came first; a later outcome of `promise` is ignored.
 */
export async function within<Value>(
  clock: Clock,
  limit_ms: number,
  promise: Promise<Value>,
): Promise<{ readonly late: false; readonly value: Value } | { readonly late: true }> {
  const limit = wait(clock, limit_ms);
  try {
    return await Promise.race([
      promise.then((value) => ({ late: false as const, value })),
      limit.done.then(() => ({ late: true as const })),
    ]);
  } finally {
    limit.end();
    promise.catch(() => {}); // A rejection after the limit is nobody's any more.
  }
}

const FIRST_DELAY_ms = 250;
const LONGEST_DELAY_ms = 5_000;

/** A link that stood this long was a sound one, ms. */
const SOUND_ms = 3_000;

/**
 * Delays between attempts to connect: doubling from 250 ms to 5 s, each between half and full.
 * They begin anew only after a link has stood for a while, so that one that keeps breaking does
 * not use up the sessions of its server.
 */
export class BackOff {
  #delay_ms = FIRST_DELAY_ms;
  readonly #chance: RandomStream;

  constructor(chance: RandomStream) {
    this.#chance = chance;
  }

  next(): number {
    const delay_ms = this.#delay_ms;
    this.#delay_ms = Math.min(2 * delay_ms, LONGEST_DELAY_ms);
    return this.#chance.between(delay_ms / 2, delay_ms);
  }

  /** To be told of each link that was up, and for how long. */
  linkStood(ms: number): void {
    if (ms >= SOUND_ms) this.#delay_ms = FIRST_DELAY_ms;
  }
}
