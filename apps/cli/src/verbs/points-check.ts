import { parseJsonText } from '@relight/contract';
import { formatPointListProblem, parsePointList } from '@relight/gateway';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { issueLine, problems, readGrid, readText } from '../read-grid.ts';
import type { Verb } from '../verb.ts';

export const pointsCheck: Verb = {
  arguments: {
    positionals: ['FILE'],
    options: {
      grid: { kind: 'one', value: 'GRID', help: 'also check that list and grid belong together' },
    },
  },
  description: [
    'Checks a relight-points/1 list: clashes of addresses, gaps, unknown RTUs; with --grid also that',
    'every equipment exists and every remote switch can be read and operated. Exit code 1 if refused.',
  ].join('\n'),
  run: async (args, io) => {
    const [file = ''] = args.positionals;
    const json = parseJsonText(readText(file));
    if (!json.ok) {
      throw new CliError('RL-003', `${file}:${issueLine(json.error).slice(1)}`, EXIT_NO);
    }
    const gridName = args.one('grid');
    const parsed = parsePointList(
      json.value,
      gridName === undefined ? undefined : readGrid(gridName).grid,
    );
    const errors = parsed.ok ? [] : parsed.error;
    const counts = parsed.ok
      ? { rtus: parsed.value.rtus.length, points: parsed.value.points.length }
      : { rtus: 0, points: 0 };
    if (args.has('json')) {
      io.out(JSON.stringify({ valid: parsed.ok, errors, counts }));
      return parsed.ok ? 0 : EXIT_NO;
    }
    if (!parsed.ok) {
      const lines = errors.map((problem) => `  ${formatPointListProblem(problem)}`);
      const message = `point list "${file}" has ${problems(errors.length)}`;
      throw new CliError('RL-030', message, EXIT_NO, lines);
    }
    io.out(`${file} is valid: ${counts.rtus} RTUs, ${counts.points} points`);
    return 0;
  },
};
