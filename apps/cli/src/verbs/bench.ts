import { nearestWord } from '@relight/contract';
import { BENCHES } from '../bench/bench.ts';
import type { BenchResult } from '../bench/measurement.ts';
import { runBench } from '../bench/run-bench.ts';
import { CliError } from '../cli-error.ts';
import type { Verb } from '../verb.ts';

const DEFAULT_SEED = 20_261_121;
const DEFAULT_SECONDS = 45;

export const bench: Verb = {
  arguments: {
    positionals: ['NAME?'],
    options: {
      seed: { kind: 'one', value: 'N', help: `seed of grid and faults, default ${DEFAULT_SEED}` },
      seconds: {
        kind: 'one',
        value: 'N',
        help: `no new sample after so long, default ${DEFAULT_SECONDS}`,
      },
      samples: { kind: 'one', value: 'N', help: 'at most so many samples' },
      grid: { kind: 'one', value: 'GRID', help: 'another grid than the one of the bench' },
    },
  },
  description: [
    'Measures one thing, in at most a minute, beside its peers in the same run, and says which goals',
    'are met. Exit code 0 if it ran, goals met or not. Without a name: the list of benches.',
    'What each measures: docs/benchmarks.md.',
  ].join('\n'),
  run: async (args, io) => {
    const [name] = args.positionals;
    if (name === undefined) {
      const list = BENCHES.map((entry) => ({ name: entry.name, summary: entry.summary }));
      const width = Math.max(...list.map((entry) => entry.name.length));
      io.out(
        args.has('json')
          ? JSON.stringify({ benches: list })
          : list.map((entry) => `${entry.name.padEnd(width)}  ${entry.summary}`).join('\n'),
      );
      return 0;
    }
    if (!BENCHES.some((entry) => entry.name === name)) {
      const near = nearestWord(
        name,
        BENCHES.map((entry) => entry.name),
      );
      const hint = near === null ? '' : `; did you mean "${near}"?`;
      throw new CliError('RL-001', `relight bench knows no "${name}"${hint}`);
    }
    const result = await runBench({
      name,
      seed: args.number('seed', { min: 0, max: 2 ** 32, whole: true }) ?? DEFAULT_SEED,
      seconds: args.number('seconds', { min: 0, max: 600 }) ?? DEFAULT_SECONDS,
      samples: args.number('samples', { min: 1, max: 1e6, whole: true }) ?? null,
      grid: args.one('grid') ?? null,
    });
    io.out(args.has('json') ? JSON.stringify(result) : describe(result));
    return 0;
  },
};

function describe(result: BenchResult): string {
  const { machine } = result;
  const values = (record: Readonly<Record<string, number>>): string[] =>
    Object.entries(record).map(([key, value]) => `  ${key}  ${value}`);
  const unfinished = result.figures['unfinished'] === 1 ? '; the last one did not end in time' : '';
  return [
    `${result.name}: ${result.workload}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory_GB} GB, load ${machine.load}, ${machine.platform}, Node ${machine.node}`,
    `seed ${result.seed}, ${result.warmup} to warm up, ${result.samples} samples${unfinished}`,
    `median ${result.median_ms ?? '–'} ms, p99 ${result.p99_ms ?? '–'} ms`,
    ...values(result.figures),
    ...values(result.ratios).map((line) => `${line} ×`),
    ...result.goals.map(
      ({ what, goal, value, met }) =>
        `${met ? 'met   ' : 'missed'} ${what}: ${value ?? '–'}, goal ${goal}`,
    ),
  ].join('\n');
}
