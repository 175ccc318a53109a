import type {
  EventExportQuery,
  EventHistory,
  EventHistoryQuery,
  ValueHistory,
  ValueHistoryQuery,
} from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import { startThread } from '@relight/threads';
import type { Worker } from 'node:worker_threads';
import {
  MOST_EVENTS_WAITING,
  type FromHistory,
  type HistoryFound,
  type HistoryPortion,
  type HistoryQuestion,
  type HistoryStart,
  type ToHistory,
} from './history-messages.ts';

/** Questions that wait at once; whoever comes later is asked to come again. */
const MOST_QUESTIONS = 16;
/** Portions that are not taken yet; what comes on top of them waits as one. */
const MOST_PORTIONS = 120;
/** How long the thread may take to write what it has when it is asked to end, even while it starts. */
const CLOSE_WITHIN_MS = 15_000;

export interface HistoryOptions extends HistoryStart {
  /** The history cannot be written, in plain words; null: it can again. Said once per reason. */
  readonly onTrouble: (reason: string | null) => void;
}

/** Why a question has no answer. `busy`: too many others wait. `broken`: the file or its thread. */
export interface HistoryRefused {
  readonly kind: 'busy' | 'broken';
  readonly reason: string;
}

type Found<Value> = Promise<Result<Value, HistoryRefused>>;

/** Measured values and events of the past, kept by a thread of its own. */
export interface History {
  /** Hands over what was heard; returns at once and never throws. */
  take(portion: HistoryPortion): void;
  events(query: EventHistoryQuery): Found<EventHistory>;
  values(query: ValueHistoryQuery): Found<ValueHistory>;
  /** A CSV of all that match; null where that is more than one export may have. */
  table(query: EventExportQuery): Found<Uint8Array | null>;
  /** Writes what is waiting and ends the thread. */
  close(): Promise<void>;
}

/**
 * Opens the history of a folder. Nothing that commands or watches depends on it: a damaged file is
 * put aside, and one that cannot be used at all answers every question with a refusal.
 */
export function openHistory(options: HistoryOptions): History {
  const { onTrouble, ...start } = options;
  const entry = new URL('./history-worker.ts', import.meta.url);
  const worker = startThread(entry, start satisfies HistoryStart);
  return new ThreadedHistory(worker, onTrouble);
}

class ThreadedHistory implements History {
  readonly #worker: Worker;
  readonly #onTrouble: (reason: string | null) => void;
  readonly #asked = new Map<number, (answer: Result<HistoryFound, HistoryRefused>) => void>();
  readonly #ended: Promise<void>;
  #questions = 0;
  #portions = 0;
  /** What is heard while the thread is behind; null: it is not. */
  #late: HistoryPortion | null = null;
  #over: string | null = null;

  constructor(worker: Worker, onTrouble: (reason: string | null) => void) {
    this.#worker = worker;
    this.#onTrouble = onTrouble;
    worker.on('message', (message: FromHistory) => this.#hear(message));
    worker.on('error', (cause) => this.#end(`its thread broke: ${String(cause)}`));
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end('its thread has ended');
        resolve();
      });
    });
  }

  take(portion: HistoryPortion): void {
    if (this.#over !== null) return;
    const whole = this.#late === null ? portion : joined(this.#late, portion);
    if (this.#portions >= MOST_PORTIONS) this.#late = whole;
    else this.#hand(whole);
  }

  async events(query: EventHistoryQuery): Found<EventHistory> {
    const answer = await this.#ask({ what: 'events', query });
    return answer.ok && answer.value.what === 'events' ? ok(answer.value.found) : refusalOf(answer);
  }

  async values(query: ValueHistoryQuery): Found<ValueHistory> {
    const answer = await this.#ask({ what: 'values', query });
    return answer.ok && answer.value.what === 'values' ? ok(answer.value.found) : refusalOf(answer);
  }

  async table(query: EventExportQuery): Found<Uint8Array | null> {
    const answer = await this.#ask({ what: 'table', query });
    return answer.ok && answer.value.what === 'table' ? ok(answer.value.found) : refusalOf(answer);
  }

  async close(): Promise<void> {
    if (this.#over === null) {
      if (this.#late !== null) this.#hand(this.#late);
      this.#send({ type: 'close' });
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_WITHIN_MS);
    });
    this.#over ??= 'it is closed';
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #ask(question: HistoryQuestion): Promise<Result<HistoryFound, HistoryRefused>> {
    if (this.#over !== null) return Promise.resolve(fail({ kind: 'broken', reason: this.#over }));
    if (this.#asked.size >= MOST_QUESTIONS) {
      const reason = `${this.#asked.size} questions wait already`;
      return Promise.resolve(fail({ kind: 'busy', reason }));
    }
    this.#questions += 1;
    const id = this.#questions;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#send({ type: 'ask', id, question });
    });
  }

  #hear(message: FromHistory): void {
    if (message.type === 'taken') this.#portions -= 1;
    else if (message.type === 'trouble') this.#onTrouble(message.reason);
    else {
      const resolve = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      const broken = (reason: string): HistoryRefused => ({ kind: 'broken', reason });
      resolve?.(message.type === 'found' ? ok(message.answer) : fail(broken(message.reason)));
    }
  }

  #end(reason: string): void {
    if (this.#over === null) this.#onTrouble(reason);
    this.#over ??= reason;
    for (const resolve of this.#asked.values()) resolve(fail({ kind: 'broken', reason }));
    this.#asked.clear();
  }

  #hand(portion: HistoryPortion): void {
    this.#late = null;
    this.#portions += 1;
    this.#send({ type: 'portion', portion }, [portion.points.buffer, portion.values.buffer]);
  }

  #send(message: ToHistory, moved: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, moved);
  }
}

/**
 * Two portions as one: of each point the last value, for that is the one which holds. Of events the
 * newest that the thread would keep waiting itself.
 */
function joined(first: HistoryPortion, then: HistoryPortion): HistoryPortion {
  const last = new Map<number, number>();
  for (const { points, values } of [first, then]) {
    points.forEach((point, at) => last.set(point, values[at] ?? Number.NaN));
  }
  return {
    at_ms: then.at_ms,
    points: Uint32Array.from(last.keys()),
    values: Float64Array.from(last.values()),
    events: [...first.events, ...then.events].slice(-MOST_EVENTS_WAITING),
  };
}

function refusalOf(answer: Result<HistoryFound, HistoryRefused>): Result<never, HistoryRefused> {
  return answer.ok ? fail({ kind: 'broken', reason: 'it answered something else' }) : answer;
}
