import type { Bilingual, InputEvent } from '@relight/contract';
import type { LoopDelay } from './event-loop.ts';

/** A main thread later than this (p99 of ten seconds) decides late. */
const LATE_LOOP_MS = 200;
/** So many windows in a row are no hiccup. */
const LATE_WINDOWS = 2;
/** The watchdog asks twice a second; silent for longer than this it is gone. */
const WATCHDOG_SILENCE_MS = 5_000;

type Supervised = Extract<InputEvent, { kind: 'supervision' }>;

/**
 * Watches what watches: how late the main thread is, and whether the watchdog still asks for signs
 * of life. A change becomes an event of the fold, which makes it an alarm on every console.
 */
export class Supervision {
  readonly #tell: (event: Supervised) => void;
  readonly #monotonic: () => number;
  #lateWindows = 0;
  #asked_ms: number | null = null;
  #silent = false;

  constructor(tell: (event: Supervised) => void, monotonic: () => number) {
    this.#tell = tell;
    this.#monotonic = monotonic;
  }

  /** An alarm stands for the lateness of the main thread. */
  get isLate(): boolean {
    return this.#lateWindows >= LATE_WINDOWS;
  }

  /** Since the watchdog last asked, ms; null: none has ever asked. */
  get watchdogAge_ms(): number | null {
    return this.#asked_ms === null ? null : this.#monotonic() - this.#asked_ms;
  }

  window({ p99_ms }: LoopDelay): void {
    const before = this.isLate;
    this.#lateWindows = p99_ms > LATE_LOOP_MS ? this.#lateWindows + 1 : 0;
    if (this.isLate === before) return;
    const late_ms = Math.round(p99_ms);
    this.#say('loop', !this.isLate, {
      vi: `trung tâm điều khiển xử lý chậm ${late_ms} ms: cảnh báo và lệnh đến muộn`,
      en: `the control centre is ${late_ms} ms late: alarms and commands come late`,
    });
  }

  /** The watchdog has asked for a sign of life. */
  watchdogAsked(): void {
    this.#asked_ms = this.#monotonic();
  }

  tick(): void {
    const silent = (this.watchdogAge_ms ?? 0) > WATCHDOG_SILENCE_MS;
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#say('watchdog', !silent, {
      vi: 'tiến trình giám sát (watchdog) im lặng: không ai phát hiện nếu trung tâm điều khiển treo',
      en: 'the watchdog is silent: nobody would notice if the control centre hung',
    });
  }

  #say(part: Supervised['part'], ok: boolean, text: Bilingual): void {
    this.#tell({ kind: 'supervision', part, ok, text });
  }
}
