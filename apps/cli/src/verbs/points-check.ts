import { EXIT_NO } from '../cli-error.ts';
import { readGrid } from '../read-grid.ts';
import { readPointList, refusal } from '../read-point-list.ts';
import type { Verb } from '../verb.ts';

export const pointsCheck: Verb = {
  arguments: {
    positionals: ['FILE'],
    options: {
      grid: { kind: 'one', value: 'GRID', help: 'also check that list and grid belong together' },
    },
  },
  description: [
    'Checks a relight-points/1 list, JSON or CSV: clashes of addresses, gaps, unknown RTUs; with --grid',
    'also that every equipment exists and every remote switch can be read and operated. Exit code 1',
    'if refused.',
  ].join('\n'),
  run: async (args, io) => {
    const [path = ''] = args.positionals;
    const gridName = args.one('grid');
    const grid = gridName === undefined ? undefined : readGrid(gridName).grid;
    const { file, problems, lines } = readPointList(path, grid);
    const counts = { rtus: file?.rtus.length ?? 0, points: file?.points.length ?? 0 };
    if (args.has('json')) {
      io.out(JSON.stringify({ valid: file !== null, errors: problems, counts }));
      return file === null ? EXIT_NO : 0;
    }
    if (file === null) throw refusal(path, lines);
    io.out(`${path} is valid: ${counts.rtus} RTUs, ${counts.points} points`);
    return 0;
  },
};
