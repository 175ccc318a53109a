import type { SignedHead } from '@relight/contract';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { publicAuditKey } from './audit-key.ts';
import { CHAIN_START } from './hash-chain.ts';
import { classifyBreak, follows, sequenceInside } from './chain-break.ts';
import type { RawRow } from './journal-reader.ts';
import { refusal } from './schema.ts';
import { HEADS_FILE, readHeads, type ReadHead } from './signed-heads.ts';

/** What was done to the first record that is not as it was written. */
export type JournalProblem = 'edited' | 'dropped' | 'inserted' | 'swapped' | 'truncated';

export interface BadRecord {
  readonly seq: number;
  readonly problem: JournalProblem;
}

export interface JournalVerdict {
  readonly valid: boolean;
  /** Rows that could be read. */
  readonly records: number;
  /** Hash of the last record that is as it was written; 64 zeros where there is none. */
  readonly head: string;
  readonly firstBad: BadRecord | null;
  /** Lines of the heads file; null: there is none, and a cut tail or a chain computed anew cannot be seen. */
  readonly signedHeads: number | null;
  /** Last record that a genuine head vouches for. */
  readonly signedUpTo: number;
}

/**
 * Checks a journal file from its first record on: the chain, then the signed heads beside it. A
 * running control centre does not disturb it. Cost: one pass; a second one where something is wrong.
 * @throws Error in plain words when the file is missing, no journal, or newer than the program.
 */
export function verifyJournal(path: string): JournalVerdict {
  if (!existsSync(path)) throw new Error('there is no such file');
  const directory = dirname(path);
  const lines = readHeads(join(directory, HEADS_FILE), publicAuditKey(directory));
  const genuine = (lines ?? []).flatMap((each) => (each.genuine && each.head ? [each.head] : []));
  const checked = checkFile(path, genuine, lines !== null);
  const firstBad =
    (isCutOff(path) ? { seq: checked.last + 1, problem: 'truncated' as const } : null) ??
    checked.firstBad ??
    cutTail(checked.last, genuine) ??
    forgedHead(lines ?? [], checked.last);
  return {
    valid: firstBad === null,
    records: checked.records,
    head: checked.head,
    firstBad,
    signedHeads: lines?.length ?? null,
    signedUpTo: genuine.reduce((most, head) => Math.max(most, head.sequence), 0),
  };
}

interface Checked {
  readonly records: number;
  readonly head: string;
  /** Last record that is as it was written. */
  readonly last: number;
  readonly firstBad: BadRecord | null;
}

function checkFile(path: string, heads: readonly SignedHead[], isOurs: boolean): Checked {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const refused = refusal(database);
    if (refused !== null) throw new Error(refused);
  } catch (cause) {
    database?.close();
    // Signed heads stand beside it: it was a journal, and its beginning is damaged.
    if (!isOurs || !isUnreadable(cause)) throw cause;
    const firstBad: BadRecord = { seq: 1, problem: 'edited' };
    return { records: 0, head: CHAIN_START, last: 0, firstBad };
  }
  try {
    return checkChain(database, heads);
  } finally {
    database.close();
  }
}

function checkChain(database: DatabaseSync, heads: readonly SignedHead[]): Checked {
  const vouched = new Map<number, SignedHead[]>();
  for (const head of heads)
    vouched.set(head.sequence, [...(vouched.get(head.sequence) ?? []), head]);
  let [before, head] = ['', CHAIN_START];
  let last = 0;
  let records = 0;
  let lastVouched = 0;
  let firstBad: BadRecord | null = null;
  try {
    for (const row of rowsFrom(database, 0)) {
      records += 1;
      if (firstBad !== null) continue;
      const place = last + 1;
      const sound =
        row.sequence === place && follows(row, head) && sequenceInside(row.body) === place;
      if (!sound) {
        firstBad = classifyBreak(() => rowsFrom(database, row.sequence), { place, before, head });
        continue;
      }
      const other = vouched.get(place)?.find((each) => each.hash !== row.hash);
      if (other !== undefined) {
        const further = [...rowsFrom(database, place + 1)].some((each) => each.hash === other.hash);
        firstBad = further
          ? { seq: place, problem: 'inserted' }
          : { seq: lastVouched + 1, problem: isOutlived(other, heads) ? 'truncated' : 'edited' };
        continue;
      }
      if (vouched.has(place)) lastVouched = place;
      [before, head] = [head, row.hash];
      last = place;
    }
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause;
    firstBad ??= { seq: last + 1, problem: 'edited' };
  }
  return { records, head, last, firstBad };
}

function* rowsFrom(database: DatabaseSync, sequence: number): Generator<RawRow> {
  // Never by way of an index: what counts is what stands in the table.
  const rows = database
    .prepare(
      'SELECT sequence, body, hash FROM record NOT INDEXED WHERE sequence >= ? ORDER BY sequence',
    )
    .iterate(sequence);
  for (const row of rows) {
    yield {
      sequence: Number(row['sequence']),
      body: String(row['body']),
      hash: String(row['hash']),
    };
  }
}

/** A head that the heads file itself goes back behind: the journal was cut and written on. */
function isOutlived(head: SignedHead, heads: readonly SignedHead[]): boolean {
  return heads.slice(heads.indexOf(head) + 1).some((later) => later.sequence <= head.sequence);
}

function cutTail(last: number, heads: readonly SignedHead[]): BadRecord | null {
  return heads.some((head) => head.sequence > last)
    ? { seq: last + 1, problem: 'truncated' }
    : null;
}

/** A head that no key here vouches for: somebody has changed the heads file, or its key. */
function forgedHead(lines: readonly ReadHead[], last: number): BadRecord | null {
  const forged = lines.find((each) => !each.genuine);
  if (forged === undefined) return null;
  return { seq: forged.head?.sequence ?? Math.max(1, last), problem: 'edited' };
}

/** SQLite could not make sense of the file's bytes (damaged, no database, or a read that failed). */
function isUnreadable(cause: unknown): boolean {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR';
}

const PAGE_SIZE_AT = 16;
const PAGE_COUNT_AT = 28;
const HEADER_BYTES = 100;

/**
 * Shorter than its own header says. SQLite reads what is missing as zeros, so this is asked first.
 * Not asked while a write-ahead log is there: a checkpoint may just be growing the file.
 */
function isCutOff(path: string): boolean {
  const log = `${path}-wal`;
  if (existsSync(log) && statSync(log).size > 0) return false;
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  const read = readSync(file, header);
  closeSync(file);
  if (read < HEADER_BYTES) return true;
  const stored = header.readUInt16BE(PAGE_SIZE_AT);
  const page_bytes = stored === 1 ? 65_536 : stored;
  return statSync(path).size < page_bytes * header.readUInt32BE(PAGE_COUNT_AT);
}
