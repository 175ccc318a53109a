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

/**
 * Rows of a journal file in order of sequence, a page at a time; also while a control centre
 * writes to it.
 * @throws Error in plain words when the file is missing, no journal, or newer than the program.
 */
export function* readJournal(path: string, fromSequence = 1): Generator<JournalRow> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const refused = refusal(database);
    if (refused !== null) throw new Error(refused);
    const page = database.prepare(
      'SELECT sequence, body, hash FROM record WHERE sequence >= ? ORDER BY sequence LIMIT ?',
    );
    let next = fromSequence;
    for (;;) {
      const rows = page.all(next, PAGE_ROWS);
      for (const row of rows) {
        const body = String(row['body']);
        const record = JournalRecord.parse(JSON.parse(body));
        yield { record, body, hash: String(row['hash']) };
        next = Number(row['sequence']) + 1;
      }
      if (rows.length < PAGE_ROWS) return;
    }
  } finally {
    database.close();
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
    const rows = database
      .prepare(`SELECT body FROM record WHERE ${IS_CHECKPOINT} ORDER BY sequence DESC`)
      .iterate();
    for (const row of rows) yield JournalRecord.parse(JSON.parse(String(row['body'])));
  } finally {
    database.close();
  }
}
