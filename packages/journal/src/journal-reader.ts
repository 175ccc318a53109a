import { JournalRecord } from '@relight/contract';
import { DatabaseSync } from 'node:sqlite';
import { IS_CHECKPOINT, refusal } from './schema.ts';

export interface JournalRow {
  readonly record: JournalRecord;
  /** Canonical JSON of the record, as it was hashed. */
  readonly body: string;
  /** SHA-256 over the previous row's hash and `body`. */
  readonly hash: string;
}

const PAGE_ROWS = 1_000;

/** A row as it stands in the file, whatever was done to it. */
export interface RawRow {
  readonly sequence: number;
  readonly body: string;
  readonly hash: string;
}

/**
 * Rows of a journal file in order of sequence, a page at a time; also while a control centre
 * writes to it. Nothing in them is checked.
 * @throws Error in plain words when the file is missing, no journal, or newer than the program.
 */
export function* readRows(path: string, fromSequence: number): Generator<RawRow> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const refused = refusal(database);
    if (refused !== null) throw new Error(refused);
    const page = database.prepare(
      'SELECT sequence, body, hash FROM record NOT INDEXED WHERE sequence >= ? ORDER BY sequence LIMIT ?',
    );
    let next = fromSequence;
    for (;;) {
      const rows = page.all(next, PAGE_ROWS);
      for (const row of rows) {
        const sequence = Number(row['sequence']);
        yield { sequence, body: String(row['body']), hash: String(row['hash']) };
        next = sequence + 1;
      }
      if (rows.length < PAGE_ROWS) return;
    }
  } finally {
    database.close();
  }
}

/** As `readRows`, each record parsed. @throws Error also where one is no journal record. */
export function* readJournal(path: string, fromSequence = 1): Generator<JournalRow> {
  for (const { body, hash } of readRows(path, fromSequence)) {
    yield { record: JournalRecord.parse(JSON.parse(body)), body, hash };
  }
}

/**
 * Records of kind `start` or `checkpoint`, newest first: from each of them on, what the earlier
 * records left behind is known. The file finds them by an index of its own.
 * @throws Error as `readJournal`.
 */
export function* newestCheckpoints(path: string): Generator<JournalRecord> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const refused = refusal(database);
    if (refused !== null) throw new Error(refused);
    // One row a call: whoever stops listening leaves no statement open behind the closing.
    const before = database.prepare(
      `SELECT sequence, body FROM record WHERE ${IS_CHECKPOINT} AND sequence < ?
       ORDER BY sequence DESC LIMIT 1`,
    );
    let next = Number.MAX_SAFE_INTEGER;
    for (let row = before.get(next); row !== undefined; row = before.get(next)) {
      next = Number(row['sequence']);
      const { data } = JournalRecord.safeParse(parseOrNull(String(row['body'])));
      // A damaged one is no checkpoint; an older one does as well.
      if (data !== undefined) yield data;
    }
  } finally {
    database.close();
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
