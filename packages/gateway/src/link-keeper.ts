import type { Clock } from '@relight/foundation';
import { Subject } from 'rxjs';
import type { DriverDependencies, DriverEvent } from './driver.ts';
import { HealthCounters } from './driver.ts';
import { BackOff, wait } from './timing.ts';
import type { Wait } from './timing.ts';

/** What a driver does with its link; the keeper says when. */
export interface LinkUse {
  /**
   * Makes one connection and uses it until it ends; within, `keeper.setUp` once everything was
   * read. @returns Why it ended. @throws If it could not be made.
   */
  attempt(): Promise<string>;
  /** Orders and reads that wait for the link have waited in vain. */
  wentDown?(): void;
}

/**
 * What the drivers of all protocols do alike: connect, use the connection until it ends, wait
 * with a jittered back-off, connect again, until they are closed.
 */
export class LinkKeeper {
  readonly changes = new Subject<DriverEvent>();
  readonly health = new HealthCounters();
  readonly #clock: Clock;
  readonly #backOff: BackOff;
  readonly #use: LinkUse;
  #upAt: number | null = null;
  #reason = '';
  #pause: Wait | null = null;
  #closing = false;
  #loop: Promise<void> | null = null;

  constructor({ clock, chance }: DriverDependencies, use: LinkUse) {
    this.#clock = clock;
    this.#backOff = new BackOff(chance);
    this.#use = use;
  }

  get isUp(): boolean {
    return this.#upAt !== null;
  }

  /** Why the link is down; empty while it is up. */
  get reason(): string {
    return this.#reason;
  }

  get isClosing(): boolean {
    return this.#closing;
  }

  /** Begins to connect and returns at once. */
  open(): void {
    this.#loop ??= this.#run();
  }

  setUp(): void {
    this.#upAt = this.#clock.monotonic();
    this.#reason = '';
    this.changes.next({ kind: 'link', up: true, reason: '' });
  }

  setDown(reason: string): void {
    const changed = this.isUp || this.#reason !== reason;
    if (this.#upAt !== null) this.#backOff.linkStood(this.#clock.monotonic() - this.#upAt);
    this.#upAt = null;
    this.#reason = reason;
    this.#use.wentDown?.();
    if (changed) this.changes.next({ kind: 'link', up: false, reason });
  }

  /** Waits, or less if it is woken. */
  async sleep(ms: number): Promise<void> {
    this.#pause = wait(this.#clock, ms);
    await this.#pause.done;
    this.#pause = null;
  }

  wake(): void {
    this.#pause?.end();
  }

  /** @param cut - Ends the connection that is in use. */
  async close(cut: () => Promise<void> | void): Promise<void> {
    this.#closing = true;
    this.wake();
    await cut();
    await this.#loop;
    this.changes.complete();
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      try {
        this.setDown(await this.#use.attempt());
      } catch (error) {
        this.health.errors += 1;
        this.setDown(firstLine(error));
      }
      if (!this.#closing) await this.sleep(this.#backOff.next());
    }
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
