import { backUpJournal } from '@relight/journal';
import { CliError, EXIT_NO } from '../cli-error.ts';
import type { Verb } from '../verb.ts';

export const backup: Verb = {
  arguments: {
    positionals: [],
    options: {
      journal: { kind: 'one', value: 'DIR', help: 'journal folder of the control centre' },
      to: { kind: 'one', value: 'DIR', help: 'new or empty folder for the backup' },
    },
  },
  description: [
    'Copies the databases of a journal folder by SQLite’s online backup, with the signed heads and',
    'the key, while the control centre goes on. The copy is verified; its backup.json comes last, so',
    'that a backup broken off is none. It holds the private key: keep it as safe as the original.',
  ].join('\n'),
  run: async (args, io) => {
    const from = args.one('journal');
    const to = args.one('to');
    if (from === undefined) throw new CliError('RL-001', '--journal is required');
    if (to === undefined) throw new CliError('RL-001', '--to is required');
    let made: Awaited<ReturnType<typeof backUpJournal>>;
    try {
      made = await backUpJournal(from, to, Date.now());
    } catch (cause) {
      throw new CliError('RL-067', cause instanceof Error ? cause.message : String(cause), EXIT_NO);
    }
    const { records, files } = made;
    io.out(
      args.has('json')
        ? JSON.stringify({ backup: to, records, files })
        : `${to}: ${records} records of the journal, ${files.length} files`,
    );
    return 0;
  },
};
