import { writeFileSync } from 'node:fs';
import type { PointListFile } from '@relight/contract';
import { writePointListCsv } from '@relight/gateway';
import { CliError } from '../cli-error.ts';
import { readValidPointList } from '../read-point-list.ts';
import type { Verb } from '../verb.ts';

const FORMS: Readonly<Record<string, (file: PointListFile) => string>> = {
  csv: writePointListCsv,
  json: (file) => `${JSON.stringify(file, null, 1)}\n`,
};

export const pointsConvert: Verb = {
  arguments: {
    positionals: ['FILE'],
    options: {
      to: { kind: 'one', value: 'csv|json', help: 'the form wanted' },
      out: { kind: 'one', value: 'FILE', help: 'where to write it (default: standard output)' },
    },
  },
  description: [
    'Writes a relight-points/1 list in its other form: CSV for spreadsheets, JSON for programs. The',
    'list is checked first; a refused one is not converted. docs/integrators.md names the columns.',
  ].join('\n'),
  run: async (args, io) => {
    const [path = ''] = args.positionals;
    const wanted = args.one('to') ?? '';
    const write = Object.hasOwn(FORMS, wanted) ? FORMS[wanted] : undefined;
    if (write === undefined) {
      throw new CliError('RL-001', `--to expects csv or json, got "${wanted}"`);
    }
    const text = write(readValidPointList(path));
    const out = args.one('out');
    if (out === undefined) {
      io.out(text.trimEnd());
      return 0;
    }
    try {
      writeFileSync(out, text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliError('RL-002', `cannot write ${out}: ${reason}`);
    }
    return 0;
  },
};
