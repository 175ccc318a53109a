import type { Bilingual } from '@relight/contract';
import { newestCheckpoints, soundRecords, type Journal } from '@relight/journal';
import { readEarlierRuns, type EarlierRuns } from './carried-over.ts';
import { StartError } from './start-error.ts';

/**
 * What earlier runs left in the journal, and what is wrong with it: a record that does not follow
 * the one before it, or records that a signed head vouches for and that are gone.
 * @throws StartError where the file itself is so damaged that it cannot be read.
 */
export function readEarlierJournal(journal: Journal): {
  readonly runs: EarlierRuns;
  readonly damage: Bilingual | null;
} {
  const { journalPath, lastSequence, signedUpTo } = journal;
  let firstBad: number | null = null;
  try {
    const runs = readEarlierRuns(newestCheckpoints(journalPath), (from) =>
      soundRecords(journalPath, from, (sequence) => {
        firstBad ??= sequence;
      }),
    );
    if (firstBad !== null) return { runs, damage: damaged(firstBad) };
    return { runs, damage: signedUpTo > lastSequence ? cutOff(lastSequence, signedUpTo) : null };
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new StartError('RL-063', `${journalPath} cannot be read: ${what}`);
  }
}

function damaged(sequence: number): Bilingual {
  return {
    vi: `nhật ký bị hỏng từ bản ghi ${sequence}: đối chiếu biển báo và tiếp đất trước khi thao tác`,
    en: `the journal is damaged from record ${sequence} on: reconcile tags and earths before any command`,
  };
}

function cutOff(last: number, signed: number): Bilingual {
  return {
    vi: `nhật ký mất các bản ghi ${last + 1}–${signed}: đối chiếu biển báo và tiếp đất trước khi thao tác`,
    en: `records ${last + 1} to ${signed} of the journal are gone: reconcile tags and earths before any command`,
  };
}
