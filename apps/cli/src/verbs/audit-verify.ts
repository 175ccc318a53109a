import { statSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE, verifyJournal, type JournalVerdict } from '@relight/journal';
import { CliError, EXIT_NO } from '../cli-error.ts';
import type { Verb } from '../verb.ts';

const WORDS: Readonly<Record<NonNullable<JournalVerdict['firstBad']>['problem'], string>> = {
  edited: 'was edited',
  dropped: 'is missing',
  inserted: 'was put in afterwards',
  swapped: 'stands in another record’s place',
  truncated: 'and all behind it were cut off',
};

export const auditVerify: Verb = {
  arguments: { positionals: ['FILE'], options: {} },
  description: [
    'Checks an audit journal from its first record: every record is chained to the one before it,',
    'and the signed heads beside it (heads.jsonl, audit-key.pub.pem) vouch for its length. FILE is',
    'journal.db or its folder; the control centre may be running. Exit code 1 where a record was',
    'edited, dropped, inserted, swapped or cut off; the first one is named.',
  ].join('\n'),
  run: (args, io) => {
    const [path = ''] = args.positionals;
    const { signedHeads, signedUpTo, ...verdict } = verify(path);
    if (args.has('json')) {
      io.out(JSON.stringify({ ...verdict, signedHeads, signedUpTo }));
      return Promise.resolve(verdict.valid ? 0 : EXIT_NO);
    }
    const { firstBad, records } = verdict;
    if (signedHeads === null) {
      io.err('No heads.jsonl beside it: a cut tail or a chain computed anew cannot be seen.');
    }
    if (firstBad === null) {
      io.out(`${path} is valid: ${records} records, the heads vouch for ${signedUpTo} of them`);
      return Promise.resolve(0);
    }
    io.out(`${path} is NOT valid: record ${firstBad.seq} ${WORDS[firstBad.problem]}`);
    return Promise.resolve(EXIT_NO);
  },
};

function verify(path: string): JournalVerdict {
  let file = path;
  try {
    if (statSync(path).isDirectory()) file = join(path, JOURNAL_FILE);
  } catch {
    throw new CliError('RL-002', `cannot read ${path}`);
  }
  try {
    return verifyJournal(file);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('RL-066', `${file} cannot be verified: ${what}`);
  }
}
