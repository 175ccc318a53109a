import { restoreJournal } from '@relight/journal';
import { CliError, EXIT_NO } from '../cli-error.ts';
import type { Verb } from '../verb.ts';

export const restore: Verb = {
  arguments: {
    positionals: ['BACKUP'],
    options: {
      journal: { kind: 'one', value: 'DIR', help: 'new or empty journal folder' },
    },
  },
  description: [
    'Checks a backup and puts it into an empty journal folder. A control centre that starts there',
    'shows everything and commands nothing: two people first compare tags and earths with the field',
    'and with the paper log, since what was tagged after the backup is not known.',
  ].join('\n'),
  run: (args, io) => {
    const [from = ''] = args.positionals;
    const to = args.one('journal');
    if (to === undefined) throw new CliError('RL-001', '--journal is required');
    let restored: ReturnType<typeof restoreJournal>;
    try {
      restored = restoreJournal(from, to, Date.now());
    } catch (cause) {
      throw new CliError('RL-064', cause instanceof Error ? cause.message : String(cause), EXIT_NO);
    }
    const { records, backup_ms } = restored;
    io.out(
      args.has('json')
        ? JSON.stringify({ journal: to, records, backup_ms })
        : `${to}: ${records} records, as of ${new Date(backup_ms).toISOString()}; control starts locked`,
    );
    return Promise.resolve(0);
  },
};
