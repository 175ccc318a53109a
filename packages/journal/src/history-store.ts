import {
  EventView,
  HISTORY_MOST_ROWS,
  type EventExportQuery,
  type EventHistory,
  type EventHistoryQuery,
  type ValueHistory,
  type ValueHistoryQuery,
} from '@relight/contract';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { plainWords } from './plain-words.ts';
import { rasterOver, seriesOver, type Raster } from './value-raster.ts';
import { emptyPack, fillGaps, PACK_MS, type Pack } from './value-slots.ts';

/** `RLHS` in ASCII. */
const APPLICATION_ID = 0x52_4c_48_53;
const VERSION = 1;
const DEFAULT_LIMIT = 200;
const TABLES = `
  CREATE TABLE point (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE pack (
    from_ms INTEGER NOT NULL,
    point   INTEGER NOT NULL,
    zipped  INTEGER NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (from_ms, point)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    n           INTEGER PRIMARY KEY AUTOINCREMENT,
    received_ms REAL NOT NULL,
    equipment   TEXT NOT NULL,
    quality     TEXT NOT NULL,
    words       TEXT NOT NULL,
    body        TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_received ON event (received_ms);
`;

/** A pack to be written, and of which measurement. */
export interface PackRow {
  readonly point: string;
  readonly pack: Pack;
}

/** The pack that is being filled, by measurement. */
export interface OpenPack {
  readonly from_ms: number;
  readonly packOf: (point: string) => Pack | null;
}

/**
 * Values and events of the past, in a SQLite file of their own. It is no evidence: it may be
 * deleted, and what a crash takes from its end is missed by nobody's safety; so commits do not wait
 * for the disk.
 */
export class HistoryStore {
  readonly #database: DatabaseSync;
  readonly #points = new Map<string, number>();

  /** @throws Error in plain words when the file cannot be used. */
  constructor(path: string) {
    // The one that led before may be in its last commit.
    this.#database = new DatabaseSync(path, { timeout: 5_000 });
    try {
      const version = this.#pragma('user_version');
      if (version > VERSION) throw new Error(`the history has version ${version}`);
      if (version > 0 && this.#pragma('application_id') !== APPLICATION_ID) {
        throw new Error('the file is no history of this program');
      }
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      if (version === 0) {
        this.#database.exec(
          `BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}; COMMIT;`,
        );
      }
      for (const row of this.#database.prepare('SELECT n, id FROM point').all()) {
        this.#points.set(String(row['id']), Number(row['n']));
      }
    } catch (cause) {
      this.#database.close();
      throw cause;
    }
  }

  /**
   * Adds events and packs in one transaction; a gap in a pack is filled from what stands there.
   * @param full - Nothing will be added to these packs any more: they are kept small.
   * @throws Error from SQLite; then nothing of it is there.
   */
  write(
    events: readonly EventView[],
    packs: { readonly from_ms: number; readonly rows: readonly PackRow[]; readonly full: boolean },
  ): void {
    this.#transact(() => {
      const add = this.#database.prepare(
        'INSERT INTO event (received_ms, equipment, quality, words, body) VALUES (?, ?, ?, ?, ?)',
      );
      for (const event of events) {
        const { receiveTime_ms, equipment, quality, text } = event;
        const words = plainWords(`${equipment} ${text.vi} ${text.en}`);
        add.run(receiveTime_ms, equipment, quality, words, JSON.stringify(event));
      }
      const put = this.#database.prepare('INSERT OR REPLACE INTO pack VALUES (?, ?, ?, ?)');
      for (const { point, pack } of packs.rows) {
        const n = this.#numberOf(point);
        const earlier = this.#packAt(n, packs.from_ms);
        const whole = pack.slice();
        if (earlier !== null) fillGaps(whole, earlier);
        if (whole.every((value) => Number.isNaN(value))) continue;
        const bytes = Buffer.from(whole.buffer);
        const body = packs.full ? zstdCompressSync(bytes) : bytes;
        put.run(packs.from_ms, n, packs.full ? 1 : 0, body);
      }
    });
  }

  /** Removes what is older; both in ms since 1970. */
  prune(valuesBefore_ms: number, eventsBefore_ms: number): void {
    this.#transact(() => {
      this.#database
        .prepare('DELETE FROM pack WHERE from_ms < ?')
        .run(Math.floor(valuesBefore_ms) - PACK_MS);
      this.#database.prepare('DELETE FROM event WHERE received_ms < ?').run(eventsBefore_ms);
    });
  }

  events(query: EventHistoryQuery): EventHistory {
    const { where, values } = conditions(query);
    const limit = query.limit ?? DEFAULT_LIMIT;
    const rows = this.#database
      .prepare(`SELECT n, body FROM event ${where} ORDER BY n DESC LIMIT ?`)
      .all(...values, limit + 1);
    const oldest = this.#database.prepare('SELECT min(received_ms) AS at_ms FROM event').get();
    return {
      events: rows.slice(0, limit).map(eventOf),
      more: rows.length > limit,
      keptFrom_ms: numberOrNull(oldest?.['at_ms']),
    };
  }

  /** All events of a range, oldest first; null where there are more than one export may have. */
  allEvents(query: EventExportQuery): readonly EventView[] | null {
    const { where, values } = conditions(query);
    const rows = this.#database
      .prepare(`SELECT n, body FROM event ${where} ORDER BY n LIMIT ?`)
      .all(...values, HISTORY_MOST_ROWS + 1);
    return rows.length > HISTORY_MOST_ROWS ? null : rows.map(eventOf);
  }

  /** @param open - What is still being filled, and newer than what stands in the file. */
  values(query: ValueHistoryQuery, open: OpenPack | null): ValueHistory {
    const raster = rasterOver(query.from_ms, query.to_ms);
    const packs = this.#packsIn(raster, open);
    const series = query.points.map((point) => {
      const n = this.#points.get(point);
      const packAt = (from_ms: number): Pack | null => {
        const stored = n === undefined ? null : this.#packAt(n, from_ms);
        const filling = open?.from_ms === from_ms ? open.packOf(point) : null;
        if (filling === null) return stored;
        const whole = filling.slice();
        if (stored !== null) fillGaps(whole, stored);
        return whole;
      };
      return { point, ...seriesOver(raster, packs, packAt) };
    });
    const { step_ms, from_ms, slots } = raster;
    const times_ms = Array.from({ length: slots }, (_, slot) => from_ms + slot * step_ms);
    const first = this.#database.prepare('SELECT min(from_ms) AS at_ms FROM pack').get();
    const keptFrom_ms = numberOrNull(first?.['at_ms']) ?? open?.from_ms ?? null;
    return { step_ms, times_ms, series, keptFrom_ms };
  }

  close(): void {
    this.#database.close();
  }

  /** Begin of each pack there is within a raster: found one by one, whatever hour a clock once said. */
  #packsIn({ from_ms, step_ms, slots }: Raster, open: OpenPack | null): readonly number[] {
    const next = this.#database.prepare(
      'SELECT min(from_ms) AS at_ms FROM pack WHERE from_ms > ? AND from_ms < ?',
    );
    const to_ms = from_ms + slots * step_ms;
    const found = new Set<number>();
    let after_ms = from_ms - PACK_MS;
    for (;;) {
      const at_ms = numberOrNull(next.get(after_ms, to_ms)?.['at_ms']);
      if (at_ms === null) break;
      found.add(at_ms);
      after_ms = at_ms;
    }
    if (open !== null) found.add(open.from_ms);
    return [...found].toSorted((a, b) => a - b);
  }

  #packAt(point: number, from_ms: number): Pack | null {
    const row = this.#database
      .prepare('SELECT zipped, body FROM pack WHERE from_ms = ? AND point = ?')
      .get(from_ms, point);
    const body = row?.['body'];
    if (!(body instanceof Uint8Array)) return null;
    const bytes = row?.['zipped'] === 1 ? zstdDecompressSync(body) : body;
    const pack = emptyPack();
    new Uint8Array(pack.buffer).set(bytes.subarray(0, pack.byteLength));
    return pack;
  }

  #numberOf(point: string): number {
    const known = this.#points.get(point);
    if (known !== undefined) return known;
    const made = this.#database.prepare('INSERT INTO point (id) VALUES (?)').run(point);
    const n = Number(made.lastInsertRowid);
    this.#points.set(point, n);
    return n;
  }

  #transact(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#forgetPoints();
      throw cause;
    }
  }

  /** Numbers given in a transaction that came to nothing are nobody's. */
  #forgetPoints(): void {
    this.#points.clear();
    for (const row of this.#database.prepare('SELECT n, id FROM point').all()) {
      this.#points.set(String(row['id']), Number(row['n']));
    }
  }

  #pragma(name: 'application_id' | 'user_version'): number {
    return Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }
}

type Row = Record<string, SQLOutputValue>;

function eventOf(row: Row): EventView {
  const n = Number(row['n']);
  return { ...EventView.parse(JSON.parse(String(row['body']))), id: `H${n}`, sequence: n };
}

function conditions(query: EventHistoryQuery): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const need = (sql: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return;
    parts.push(sql);
    values.push(value);
  };
  need('received_ms >= ?', query.from_ms);
  need('received_ms < ?', query.to_ms);
  need('equipment = ?', query.equipment);
  need('quality = ?', query.quality);
  need('n < ?', query.before);
  for (const word of plainWords(query.text ?? '').split(/\s+/u)) {
    if (word !== '') need('instr(words, ?) > 0', word);
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
