import { EXIT_NO } from '../cli-error.ts';
import { findGridFile } from '../read-grid.ts';
import { compareFolds, compareWithJournal } from '../replay/compare.ts';
import type { Difference } from '../replay/compare.ts';
import { findRecording } from '../replay/find-recording.ts';
import { foldRecording } from '../replay/fold-recording.ts';
import type { Verb } from '../verb.ts';

export const replay: Verb = {
  arguments: {
    positionals: ['JOURNAL'],
    options: {
      grid: { kind: 'one', value: 'GRID', help: 'grid of the log (default: grid.json beside it)' },
      points: { kind: 'one', value: 'FILE', help: 'point list (default: points.json beside it)' },
      compare: {
        kind: 'one',
        value: 'OTHER',
        help: 'another recording: first decision that differs',
      },
    },
  },
  description: [
    'Folds a recorded input log through the same engine in virtual time and prints a hash over',
    'every decision. JOURNAL is the folder of a run (`relight demo --journal DIR`, .relight/runs of `up`) or an input',
    'log. Where the journal of that run is there too, every record of it must come out again.',
    'Exit code 1 if a decision differs.',
  ].join('\n'),
  run: async (args, io) => {
    const gridName = args.one('grid');
    const gridFile = gridName === undefined ? undefined : findGridFile(gridName);
    const find = (path: string) => findRecording(path, gridFile, args.one('points'));
    const recording = find(args.positionals[0] ?? '');
    const start = performance.now();
    const fold = foldRecording(recording);
    const compute_ms = Math.round(performance.now() - start);
    const recorded =
      recording.journal === null ? null : compareWithJournal(fold, recording.journal);
    const other = args.one('compare');
    const compared = other === undefined ? null : compareFolds(fold, foldRecording(find(other)));
    const { grid, inputs, hash, torn, journal } = fold;
    const decisions = fold.decisions.length;
    const same = recorded === null && compared === null;
    if (args.has('json')) {
      const plans = journal.filter((record) => record.kind === 'plan').map(({ body }) => body);
      const timeline = journal.map(({ at_ms, kind, about, body }) => ({
        at_ms,
        kind,
        about,
        body,
      }));
      const differences = { journal: recorded, compare: compared };
      const figures = { grid, inputs, decisions, hash, torn, same, differences, compute_ms };
      io.out(JSON.stringify({ ...figures, timeline, plans }));
      return same ? 0 : EXIT_NO;
    }
    io.out(`${inputs} inputs, ${decisions} decisions, ${journal.length} journal records`);
    io.out(`decision hash ${hash}`);
    if (recording.journal !== null) io.out(verdict('the journal of the run', recorded));
    if (other !== undefined) io.out(verdict(other, compared));
    return same ? 0 : EXIT_NO;
  },
};

function verdict(what: string, difference: Difference | null): string {
  if (difference === null) return `same as ${what}, byte for byte`;
  const { index, here, there } = difference;
  return `differs from ${what} at number ${index}:\n  here:  ${here ?? 'nothing'}\n  there: ${there ?? 'nothing'}`;
}
