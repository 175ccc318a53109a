import type { EventView } from '@relight/contract';
import { eventTable } from './event-table.ts';
import {
  MOST_EVENTS_WAITING,
  type HistoryFound,
  type HistoryPortion,
  type HistoryQuestion,
  type HistoryStart,
} from './history-messages.ts';
import type { HistoryStore, OpenPack, PackRow } from './history-store.ts';
import { ValueSlots } from './value-slots.ts';

/** How often what is being filled goes to the file: so much a crash may take. */
const WRITE_EVERY_MS = 20_000;
/** Events wait no longer than this. */
const EVENTS_EVERY_MS = 2_000;
const PRUNE_EVERY_MS = 600_000;

/**
 * Decides when the history is written and what a question is answered from: the file and what is
 * not in it yet. Wall times of the portions drive it; it has no timer of its own.
 */
export class HistoryKeeper {
  readonly #start: HistoryStart;
  readonly #store: HistoryStore;
  readonly #slots: ValueSlots;
  readonly #indexOf: ReadonlyMap<string, number>;
  #events: EventView[] = [];
  #written_ms = 0;
  #eventsWritten_ms = 0;
  #pruned_ms = 0;
  /** A pack that could not be written when it was full is lost; the trouble is told. */
  #trouble: string | null = null;

  constructor(start: HistoryStart, store: HistoryStore) {
    this.#start = start;
    this.#store = store;
    this.#slots = new ValueSlots(start.points.length);
    this.#indexOf = new Map(start.points.map((id, index) => [id, index]));
  }

  /** Why the file could not be written when that was last tried; null: it could. */
  get trouble(): string | null {
    return this.#trouble;
  }

  take({ at_ms, points, values, events }: HistoryPortion): void {
    this.#slots.advance(at_ms, () => this.#write(true));
    points.forEach((point, at) => this.#slots.hear(point, values[at] ?? Number.NaN));
    this.#events.push(...events);
    this.#events.splice(0, Math.max(0, this.#events.length - MOST_EVENTS_WAITING));
    if (isDue(at_ms, this.#written_ms, WRITE_EVERY_MS)) {
      this.#write(false);
      this.#written_ms = at_ms;
      this.#eventsWritten_ms = at_ms;
    } else if (this.#events.length > 0 && isDue(at_ms, this.#eventsWritten_ms, EVENTS_EVERY_MS)) {
      this.#writeEvents();
      this.#eventsWritten_ms = at_ms;
    }
    if (isDue(at_ms, this.#pruned_ms, PRUNE_EVERY_MS)) {
      const { keepValues_ms, keepEvents_ms } = this.#start;
      this.#try(() => this.#store.prune(at_ms - keepValues_ms, at_ms - keepEvents_ms));
      this.#pruned_ms = at_ms;
    }
  }

  /** @throws Error from SQLite. */
  answer(question: HistoryQuestion): HistoryFound {
    const { what, query } = question;
    // What was heard a moment ago is part of the answer.
    if (what !== 'values') this.#writeEvents();
    if (what === 'events') return { what, found: this.#store.events(query) };
    if (what === 'values') return { what, found: this.#store.values(query, this.#open()) };
    const events = this.#store.allEvents(query);
    return { what, found: events === null ? null : new TextEncoder().encode(eventTable(events)) };
  }

  close(): void {
    this.#write(false);
    this.#store.close();
  }

  #open(): OpenPack | null {
    const from_ms = this.#slots.packFrom_ms;
    if (from_ms === null) return null;
    return {
      from_ms,
      packOf: (point) => {
        const index = this.#indexOf.get(point);
        return index === undefined ? null : this.#slots.pack(index);
      },
    };
  }

  #write(full: boolean): void {
    const open = this.#open();
    const rows = this.#start.points.flatMap((point): PackRow[] => {
      const pack = open?.packOf(point) ?? null;
      return pack === null ? [] : [{ point, pack }];
    });
    this.#try(() => {
      this.#store.write(this.#events, { from_ms: open?.from_ms ?? 0, rows, full });
      this.#events = [];
    });
  }

  #writeEvents(): void {
    if (this.#events.length === 0) return;
    this.#try(() => {
      this.#store.write(this.#events, { from_ms: 0, rows: [], full: false });
      this.#events = [];
    });
  }

  #try(work: () => void): void {
    try {
      work();
      this.#trouble = null;
    } catch (cause) {
      this.#trouble = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

/** Also after the clock was put back. */
function isDue(at_ms: number, last_ms: number, every_ms: number): boolean {
  return at_ms - last_ms >= every_ms || at_ms < last_ms;
}
