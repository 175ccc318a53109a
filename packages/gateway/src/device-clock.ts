import type { Clock } from '@relight/foundation';
import type { HealthCounters } from './driver.ts';

/**
 * A device's own clock as its gateway sees it. A device whose clock stands answers from a frozen
 * picture: what it says is no longer so, however promptly it says it.
 */
export class DeviceClock {
  readonly #clock: Clock;
  readonly #health: HealthCounters;
  readonly #limit_ms: number;
  #reading: number | null = null;
  #movedAt: number;

  /** @param limit_ms - A clock that was read the same for longer than this stands. */
  constructor(clock: Clock, health: HealthCounters, limit_ms: number) {
    this.#clock = clock;
    this.#health = health;
    this.#limit_ms = limit_ms;
    this.#movedAt = clock.monotonic();
  }

  /** A new connection: nothing is known of the device, and nothing held against it. */
  begin(): void {
    this.#movedAt = this.#clock.monotonic();
  }

  /**
   * What the device's clock shows now, ms since 1970 UTC; null where it shows no time.
   * @returns Whether it has moved.
   */
  told(reading: number | null): boolean {
    if (reading === null) return false;
    this.#health.skew_ms = reading - this.#clock.now();
    if (reading === this.#reading) return false;
    this.#reading = reading;
    this.#movedAt = this.#clock.monotonic();
    return true;
  }

  get stands(): boolean {
    return this.#clock.monotonic() - this.#movedAt > this.#limit_ms;
  }
}
