import type { Bilingual, WatchedProcess } from '@relight/contract';

/** Signs of life asked for this often, and waited for so long, ms. */
export const ASK_EVERY_MS = 500;
export const ANSWER_WITHIN_MS = 1_500;
/** Without a sign of life for this long it does not work, whatever its process says. */
const STALLED_AFTER_MS = 3_000;
/** Then it is given this long to come to itself before it is ended. */
const ENDED_AFTER_MS = 8_000;

/** What one question to the control centre brought. */
export type Sign =
  | { readonly kind: 'answered'; readonly turnAge_ms: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

/**
 * Judges a process from its signs of life alone. Pure: time comes in with each sign. A process that
 * has never answered since its start is starting, for as long as whoever started it has patience.
 */
export class ProcessWatch {
  #view: WatchedProcess;
  #lastSign_ms: number | null = null;
  #asked = false;

  constructor(at_ms: number) {
    this.#view = { state: 'starting', since_ms: at_ms, restarts: 0, because: null };
  }

  get view(): WatchedProcess {
    return this.#view;
  }

  /** A new process has taken its place. */
  restarted(at_ms: number): void {
    const { restarts } = this.#view;
    this.#view = { ...this.#view, state: 'starting', since_ms: at_ms, restarts: restarts + 1 };
    this.#lastSign_ms = null;
    this.#asked = false;
  }

  /** @returns True, once, where the process should be ended: it hangs and does not come back. */
  take(sign: Sign, at_ms: number): boolean {
    if (sign.kind === 'answered' && sign.turnAge_ms < STALLED_AFTER_MS) {
      this.#lastSign_ms = at_ms;
      this.#asked = false;
      this.#become('working', at_ms, null);
      return false;
    }
    if (this.#lastSign_ms === null) return false;
    const silent_ms = at_ms - this.#lastSign_ms;
    if (sign.kind === 'refused') {
      this.#become('down', at_ms, DOWN);
      return false;
    }
    if (silent_ms < STALLED_AFTER_MS) return false;
    this.#become('stalled', at_ms, STALLED);
    if (silent_ms < ENDED_AFTER_MS || this.#asked) return false;
    this.#asked = true;
    return true;
  }

  #become(state: WatchedProcess['state'], at_ms: number, because: Bilingual | null): void {
    if (this.#view.state === state) return;
    this.#view = { ...this.#view, state, since_ms: at_ms, because };
  }
}

const DOWN: Bilingual = {
  vi: 'tiến trình trung tâm điều khiển đã dừng: không có cảnh báo nào được tạo ra',
  en: 'the process of the control centre has ended: no alarm is made',
};
const STALLED: Bilingual = {
  vi: 'trung tâm điều khiển không trả lời: không có cảnh báo nào được tạo ra',
  en: 'the control centre does not answer: no alarm is made',
};
