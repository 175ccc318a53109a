import type { EventView } from '@relight/contract';
import type { HistoryPortion } from '@relight/journal';
import type { ViewChanges } from '@relight/operations';

const PORTION_EVERY_MS = 1_000;

export interface HistoryFeedParts {
  /** Ids of the measurements, in the order the history knows them by. */
  readonly points: readonly string[];
  /** Wall time, ms. */
  readonly now: () => number;
  readonly take: (portion: HistoryPortion) => void;
}

/** Gathers what changed and hands it to the history once a second. Costs a look-up a value. */
export class HistoryFeed {
  readonly #parts: HistoryFeedParts;
  readonly #indexOf: ReadonlyMap<string, number>;
  #points: number[] = [];
  #values: number[] = [];
  #events: EventView[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(parts: HistoryFeedParts) {
    this.#parts = parts;
    this.#indexOf = new Map(parts.points.map((id, index) => [id, index]));
    this.#timer = setInterval(() => this.hand(), PORTION_EVERY_MS);
  }

  push({ measurements, events }: Pick<ViewChanges, 'measurements' | 'events'>): void {
    for (const { id, value, quality } of measurements ?? []) {
      const index = this.#indexOf.get(id);
      if (index === undefined) continue;
      this.#points.push(index);
      // What cannot be trusted is a gap in a trend, not a value.
      this.#values.push(quality === 'good' && typeof value === 'number' ? value : Number.NaN);
    }
    if (events !== undefined) this.#events.push(...events);
  }

  /** Hands over what is gathered; also nothing, which says that nothing changed. */
  hand(): void {
    this.#parts.take({
      at_ms: this.#parts.now(),
      points: Uint32Array.from(this.#points),
      values: Float64Array.from(this.#values),
      events: this.#events,
    });
    this.#points = [];
    this.#values = [];
    this.#events = [];
  }

  stop(): void {
    clearInterval(this.#timer);
    this.hand();
  }
}
