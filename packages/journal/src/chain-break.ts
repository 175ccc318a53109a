import { chainHash } from './hash-chain.ts';
import type { RawRow } from './journal-reader.ts';
import type { BadRecord } from './verify-journal.ts';

/** The row was chained to a record with this hash. */
export function follows(row: RawRow, previous: string): boolean {
  return chainHash(previous, row.body) === row.hash;
}

/** The number a record bears inside itself, whatever number its row has; null: none. */
export function sequenceInside(body: string): number | null {
  try {
    const record = JSON.parse(body) as { readonly sequence?: unknown } | null;
    return typeof record?.sequence === 'number' ? record.sequence : null;
  } catch {
    return null;
  }
}

interface Break {
  /** Sequence that should come next. */
  readonly place: number;
  /** Hash of the last good record, and of the one before it. */
  readonly head: string;
  readonly before: string;
}

/**
 * Tells what was done where the chain breaks, by looking for the record that should stand there: it
 * is further on (something was put before it, or two changed places), or nowhere (it was changed,
 * or taken out).
 * @param rows - The rows from the break on, in order; the first one is the one that does not fit.
 */
export function classifyBreak(rows: () => Iterable<RawRow>, found: Break): BadRecord {
  const { place, head, before } = found;
  let first: RawRow | null = null;
  let wanted: RawRow | null = null;
  for (const row of rows()) {
    first ??= row;
    if (follows(row, head)) {
      wanted = row;
      break;
    }
  }
  if (first === null) return { seq: place, problem: 'truncated' };
  // The last good record was chained in afterwards: this one belongs right behind its forerunner.
  if (wanted === null && before !== '' && follows(first, before)) {
    return { seq: place - 1, problem: 'inserted' };
  }
  if (wanted === null || wanted === first) {
    const gap = (sequenceInside(first.body) ?? first.sequence) > place || first.sequence > place;
    return { seq: place, problem: gap ? 'dropped' : 'edited' };
  }
  const changedPlaces = sequenceInside(first.body) === wanted.sequence;
  return { seq: place, problem: changedPlaces ? 'swapped' : 'inserted' };
}
