import type { LiveStore } from '../store/live-store.ts';

/** One measurement over time; a sample whose value cannot be trusted has none. */
export interface Trend {
  readonly key: string;
  readonly equipment: string;
  readonly signal: string;
  /** Wall time of each sample, ms, rising. */
  readonly times_ms: readonly number[];
  readonly values: readonly (number | null)[];
}

interface Kept {
  readonly equipment: string;
  readonly signal: string;
  times_ms: number[];
  values: (number | null)[];
}

export const MOST_TRENDS = 8;
/** At one sample a second an hour; older samples go. */
const MOST_SAMPLES = 3_600;
const EVERY_MS = 1_000;

/**
 * Keeps what the chosen measurements said since they were chosen, in this window, at one sample a
 * second. What was before that the view asks the control centre for (`withPast`).
 */
export class TrendStore {
  readonly #live: LiveStore;
  readonly #kept = new Map<string, Kept>();
  readonly #listeners = new Set<() => void>();
  #trends: readonly Trend[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(live: LiveStore) {
    this.#live = live;
  }

  get = (): readonly Trend[] => this.#trends;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Starts keeping a measurement; the ninth is refused. */
  add(equipment: string, signal: string): boolean {
    const key = `${equipment} ${signal}`;
    if (this.#kept.has(key)) return true;
    if (this.#kept.size >= MOST_TRENDS) return false;
    this.#kept.set(key, { equipment, signal, times_ms: [], values: [] });
    this.sample();
    this.#timer ??= setInterval(() => this.sample(), EVERY_MS);
    return true;
  }

  remove(key: string): void {
    this.#kept.delete(key);
    if (this.#kept.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#tell();
  }

  /** Takes one sample of each; while the server is lost there is nothing to take. */
  sample(): void {
    const state = this.#live.get();
    const now_ms = this.#live.serverNow_ms();
    if (state.status === 'live' && now_ms !== null)
      for (const [key, kept] of this.#kept) {
        const view = state.measurements.get(key);
        const good = view !== undefined && view.quality === 'good';
        kept.times_ms = [...kept.times_ms.slice(1 - MOST_SAMPLES), now_ms];
        kept.values = [
          ...kept.values.slice(1 - MOST_SAMPLES),
          good && typeof view.value === 'number' ? view.value : null,
        ];
      }
    this.#tell();
  }

  #tell(): void {
    this.#trends = [...this.#kept].map(([key, kept]) => ({ key, ...kept }));
    for (const listener of this.#listeners) listener();
  }
}
