import { JournalRecord } from '@relight/contract';
import { follows } from './chain-break.ts';
import { readRows } from './journal-reader.ts';

/**
 * Records from a sequence on, as far as they can still be read, and what is wrong with them.
 * @param onDamage - Called with the sequence of each record that does not follow the one before it,
 *   or is none; it is left out where it cannot be read.
 * @throws Error as `readRows`, and from SQLite where the file itself is damaged.
 */
export function* soundRecords(
  path: string,
  fromSequence: number,
  onDamage: (sequence: number) => void,
): Generator<JournalRecord> {
  let previous: string | null = null;
  // One more before it: what the first one is chained to.
  for (const row of readRows(path, fromSequence - 1)) {
    const damaged = previous !== null && !follows(row, previous);
    previous = row.hash;
    if (row.sequence < fromSequence) continue;
    const record = parse(row.body);
    if (damaged || record === null) onDamage(row.sequence);
    if (record !== null) yield record;
  }
}

function parse(body: string): JournalRecord | null {
  try {
    return JournalRecord.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
