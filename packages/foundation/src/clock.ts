import type { Quantity } from './quantity.ts';

/** A moment in milliseconds on the clock it was read from. */
export type Instant = Quantity<'instant-ms'>;

/**
 * Time as it is handed in. `now` is wall time for records (ms since 1970-01-01 UTC) and may
 * step; `monotonic` never goes back and is the only one that deadlines are counted on.
 */
export interface Clock {
  now(): Instant;
  monotonic(): Instant;
  /** Books a task for a moment of the monotonic clock; the returned function unbooks it. */
  at(due: Instant, task: () => void): () => void;
}

interface Booking {
  readonly due: number;
  readonly task: () => void;
}

/** Time moves only when a test, a scenario or a replay says so. */
export class SimulatedClock implements Clock {
  #monotonic = 0;
  #wallOffset: number;
  #booked: Booking[] = [];

  constructor(wallStart_ms = 0) {
    this.#wallOffset = wallStart_ms;
  }

  now = (): Instant => (this.#monotonic + this.#wallOffset) as Instant;
  monotonic = (): Instant => this.#monotonic as Instant;

  at = (due: Instant, task: () => void): (() => void) => {
    const booking: Booking = { due, task };
    this.#booked.push(booking);
    this.#booked.sort((a, b) => a.due - b.due); // Stable: equal deadlines run as booked.
    return () => {
      this.#booked = this.#booked.filter((other) => other !== booking);
    };
  };

  /** Lets the wall clock jump, as an NTP correction or a wrong hand does; deadlines do not move. */
  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Moves time on and runs what falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    while ((this.#booked[0]?.due ?? Number.POSITIVE_INFINITY) <= end) {
      const next = this.#booked.shift();
      this.#monotonic = Math.max(this.#monotonic, next?.due ?? end);
      next?.task();
    }
    this.#monotonic = end;
  }
}
