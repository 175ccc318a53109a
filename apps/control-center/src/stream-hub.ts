import type { WebSocket } from 'ws';
import type { Delta, Snapshot } from '@relight/contract';
import type { ViewChanges } from '@relight/operations';

/** A client further behind than this is closed: it comes back and takes a new snapshot. */
const MOST_UNSENT_BYTES = 1_000_000;
/** At most ten batches a second reach a console. */
const FLUSH_EVERY_MS = 100;
const PING_EVERY_MS = 5_000;

type ListName = Exclude<keyof ViewChanges, 'summary' | 'events'>;
const UPSERT_LISTS = [
  'switches',
  'measurements',
  'sections',
  'feeders',
  'incidents',
  'alarms',
  'commands',
  'links',
  'tags',
  'earths',
  'approvals',
  'sheddingLists',
  'modes',
] as const satisfies readonly ListName[];

/** Rows of one list by their id (links go by their RTU), newest state only. */
type Rows = Map<string, unknown>;

/**
 * Numbers the changes and sends them to every console, each batch serialised once. Between two
 * flushes a row that changed twice is sent once, in its last state; events are never merged.
 */
export class StreamHub {
  readonly #clients = new Map<WebSocket, { alive: boolean }>();
  readonly #snapshot: (sequence: number) => Snapshot;
  readonly #now: () => number;
  #sequence = 0;
  #lists = new Map<ListName, Rows>();
  #events: NonNullable<ViewChanges['events']> = [];
  #summary: ViewChanges['summary'];
  readonly #flushTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(snapshot: (sequence: number) => Snapshot, now: () => number) {
    this.#snapshot = snapshot;
    this.#now = now;
    this.#flushTimer = setInterval(() => this.flush(), FLUSH_EVERY_MS);
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** Takes in what a step changed. */
  push(changes: ViewChanges): void {
    for (const name of UPSERT_LISTS) {
      const rows = changes[name];
      if (rows === undefined || rows.length === 0) continue;
      const list: Rows = this.#lists.get(name) ?? new Map<string, unknown>();
      for (const row of rows) list.set('id' in row ? row.id : row.rtu, row);
      this.#lists.set(name, list);
    }
    if (changes.events !== undefined) this.#events.push(...changes.events);
    if (changes.summary !== undefined) this.#summary = changes.summary;
  }

  /** A new console: everything so far goes out first, so that its snapshot continues the numbers. */
  connect(socket: WebSocket): void {
    this.flush();
    socket.send(JSON.stringify(this.#snapshot(this.#sequence)));
    this.#clients.set(socket, { alive: true });
    socket.on('pong', () => {
      const client = this.#clients.get(socket);
      if (client !== undefined) client.alive = true;
    });
    const leave = (): void => void this.#clients.delete(socket);
    socket.on('close', leave);
    socket.on('error', leave);
  }

  flush(): void {
    if (this.#lists.size === 0 && this.#events.length === 0 && this.#summary === undefined) return;
    this.#sequence += 1;
    const delta: Delta = {
      type: 'delta',
      sequence: this.#sequence,
      serverTime_ms: this.#now(),
      ...Object.fromEntries([...this.#lists].map(([name, rows]) => [name, [...rows.values()]])),
      ...(this.#events.length > 0 ? { events: this.#events } : {}),
      ...(this.#summary === undefined ? {} : { summary: this.#summary }),
    };
    this.#lists = new Map();
    this.#events = [];
    this.#summary = undefined;
    const text = JSON.stringify(delta);
    for (const socket of this.#clients.keys()) {
      if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
        this.#clients.delete(socket);
        socket.close(1013, 'too far behind: take a new snapshot');
      } else {
        socket.send(text);
      }
    }
  }

  #ping(): void {
    for (const [socket, client] of this.#clients) {
      if (!client.alive) {
        this.#clients.delete(socket);
        socket.terminate();
        continue;
      }
      client.alive = false;
      socket.ping();
    }
  }

  close(): void {
    clearInterval(this.#flushTimer);
    clearInterval(this.#pingTimer);
    for (const socket of this.#clients.keys()) socket.close(1001, 'the control centre stops');
    this.#clients.clear();
  }
}
