import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import type { Verb } from '../verb.ts';

export const configCheck: Verb = {
  arguments: { positionals: ['FILE?'], options: {} },
  description: [
    'Checks relight.yaml (default: the one in this folder) together with RELIGHT_* variables',
    'and prints the configuration in force. Exit code 1 if it is refused.',
  ].join('\n'),
  run: async (args, io) => {
    const file = findConfigurationFile(args.positionals[0]);
    const configuration = readConfiguration(file, io.environment);
    if (args.has('json')) {
      io.out(JSON.stringify({ valid: true, file: file ?? null, configuration }));
    } else {
      const { stringify } = await import('yaml');
      io.out(`# ${file ?? 'no file, defaults only'}\n${stringify(configuration).trimEnd()}`);
    }
    return 0;
  },
};
