import type { WebSocket } from 'ws';
import type { Delta, Heartbeat, SessionNotice, Snapshot } from '@relight/contract';
import type { ViewChanges } from '@relight/operations';
import type { Caller } from './door.ts';
import { seenDelta, seenSnapshot, sightOf, type Sight } from './stream-sight.ts';

/** A client further behind than this is closed: it comes back and takes a new snapshot. */
const MOST_UNSENT_BYTES = 1_000_000;
/** At most ten batches a second reach a console. */
const FLUSH_EVERY_MS = 100;
const PING_EVERY_MS = 5_000;
/** Windows one log-in may have open, and streams of everybody together. */
const MOST_OF_SESSION = 8;
const MOST_STREAMS = 1_000;
const CLOSE_WITHIN_MS = 500;

type ListName = Exclude<keyof ViewChanges, 'summary' | 'events'>;
/** Every list of a delta, which the compiler sees to: one left out would never reach a console. */
const UPSERTED: Readonly<Record<ListName, true>> = {
  switches: true,
  measurements: true,
  sections: true,
  feeders: true,
  incidents: true,
  earthFaults: true,
  alarms: true,
  commands: true,
  links: true,
  tags: true,
  earths: true,
  entered: true,
  approvals: true,
  sheddingLists: true,
  modes: true,
};
const UPSERT_LISTS = Object.keys(UPSERTED) as readonly ListName[];

/** Rows of one list by their id (links go by their RTU), newest state only. */
type Rows = Map<string, unknown>;

interface Client {
  alive: boolean;
  readonly caller: Caller;
  readonly sight: Sight;
}

/**
 * Numbers the changes and sends them to every console, each batch serialised once for each sight.
 * Between two flushes a row that changed twice is sent once, in its last state; events are never
 * merged.
 */
export class StreamHub {
  readonly #clients = new Map<WebSocket, Client>();
  readonly #snapshot: (sequence: number, user: string) => Snapshot;
  readonly #now: () => number;
  #sequence = 0;
  #lists = new Map<ListName, Rows>();
  #events: NonNullable<ViewChanges['events']> = [];
  #summary: ViewChanges['summary'];
  readonly #flushTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(snapshot: (sequence: number, user: string) => Snapshot, now: () => number) {
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
  connect(socket: WebSocket, caller: Caller): void {
    this.flush();
    const sight = sightOf(caller.rights);
    const snapshot = this.#snapshot(this.#sequence, caller.actor.name);
    socket.send(JSON.stringify(seenSnapshot(snapshot, sight)));
    this.#clients.set(socket, { alive: true, caller, sight });
    if (caller.session !== null) caller.session.streams += 1;
    socket.on('pong', () => {
      const client = this.#clients.get(socket);
      if (client !== undefined) client.alive = true;
    });
    let counted = caller.session !== null;
    const leave = (): void => {
      this.#clients.delete(socket);
      if (counted && caller.session !== null) caller.session.streams -= 1;
      counted = false;
    };
    socket.on('close', leave);
    socket.on('error', leave);
  }

  get count(): number {
    return this.#clients.size;
  }

  /** Whether another stream may open. */
  hasRoom({ session }: Caller): boolean {
    return (
      this.#clients.size < MOST_STREAMS && (session === null || session.streams < MOST_OF_SESSION)
    );
  }

  /** Closes the streams of a log-in, or of a token that is no longer good. */
  end(session: string, code: number, reason: string): void {
    for (const [socket, { caller }] of this.#clients) {
      if (caller.actor.session !== session) continue;
      this.#clients.delete(socket);
      socket.close(code, reason);
      // Who does not answer the close is cut off: the picture must end now.
      setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS).unref();
    }
  }

  /** Log-ins and tokens with a stream. */
  callers(): readonly Caller[] {
    return [...this.#clients.values()].map(({ caller }) => caller);
  }

  /** Tells every console; outside the numbers of the deltas. */
  tellAll(heartbeat: Heartbeat): void {
    const text = JSON.stringify(heartbeat);
    for (const socket of this.#clients.keys()) socket.send(text);
  }

  /** Tells every window of a log-in. */
  notify(session: string, notice: SessionNotice): void {
    const text = JSON.stringify(notice);
    for (const [socket, { caller }] of this.#clients) {
      if (caller.actor.session === session) socket.send(text);
    }
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
    const texts = new Map<Sight, string>();
    for (const [socket, { sight }] of this.#clients) {
      const text = texts.get(sight) ?? JSON.stringify(seenDelta(delta, sight));
      texts.set(sight, text);
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
