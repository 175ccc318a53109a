import { canonicalJson } from '@relight/contract';
import { readJournal } from '@relight/journal';
import type { Decision, Fold } from './fold-recording.ts';

/** Where two series of decisions part; null on a side that has nothing there. */
export interface Difference {
  /** Which decision, counted from 0. */
  readonly index: number;
  readonly here: string | null;
  readonly there: string | null;
}

/** First decision that differs between two folds, with the input it was made on. */
export function compareFolds(a: Fold, b: Fold): Difference | null {
  const text = (decision: Decision | undefined): string | null =>
    decision === undefined ? null : `input ${decision.input}: ${decision.text}`;
  return firstDifference(a.decisions.map(text), b.decisions.map(text));
}

/**
 * Holds a fold against the journal that was written when the log was recorded. A journal that
 * goes on from an earlier run is compared from this run's first record on.
 */
export function compareWithJournal(fold: Fold, journalFile: string): Difference | null {
  const first = fold.journal[0];
  if (first === undefined) return null;
  const last = fold.journal.at(-1)?.sequence ?? first.sequence;
  const recorded: string[] = [];
  for (const row of readJournal(journalFile, first.sequence)) {
    // What a later run added is not this run's.
    if (row.record.sequence > last && row.record.kind === 'start') break;
    recorded.push(row.body);
  }
  return firstDifference(
    fold.journal.map((record) => canonicalJson(record)),
    recorded,
  );
}

function firstDifference(
  here: readonly (string | null)[],
  there: readonly (string | null)[],
): Difference | null {
  const count = Math.max(here.length, there.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [here[index] ?? null, there[index] ?? null];
    if (a !== b) return { index, here: a, there: b };
  }
  return null;
}
