import { EXIT_NO } from '../cli-error.ts';
import { issueLine, parseGridArgument, problems, seedGridNames } from '../read-grid.ts';
import type { Verb } from '../verb.ts';

/** What `counts` says where the file could not be read that far. */
const NOTHING_COUNTED = {
  substations: 0,
  feeders: 0,
  nodes: 0,
  lines: 0,
  transformers: 0,
  switches: 0,
  remoteSwitches: 0,
  loads: 0,
  customers: 0,
};

export const validate: Verb = {
  arguments: { positionals: ['GRID'], options: {} },
  description: [
    'Checks a relight-grid/1 file and names every problem at once. Exit code 1 if it is refused.',
    `Seed grids: ${seedGridNames().join(', ')}.`,
  ].join('\n'),
  run: async (args, io) => {
    const [grid = ''] = args.positionals;
    const parsed = parseGridArgument(grid);
    const valid = parsed.ok;
    const errors = parsed.ok ? [] : parsed.error;
    const warnings = parsed.ok ? parsed.value.warnings : [];
    const counts = parsed.ok ? parsed.value.counts : NOTHING_COUNTED;
    if (args.has('json')) {
      io.out(JSON.stringify({ valid, errors, warnings, counts }));
    } else {
      for (const error of errors) io.out(issueLine(error));
      for (const warning of warnings) io.out(`warning:${issueLine(warning).slice(1)}`);
      io.out(
        valid
          ? `${grid} is valid: ${Object.entries(counts)
              .map(([what, count]) => `${count} ${what}`)
              .join(', ')}`
          : `RL-004: grid "${grid}" is refused, ${problems(errors.length)}`,
      );
    }
    return valid ? 0 : EXIT_NO;
  },
};
