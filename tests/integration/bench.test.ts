import { expect, test } from 'vitest';
import { relight, relightJson } from './run-relight.ts';

interface BenchDocument {
  readonly name: string;
  readonly workload: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly warmup: number;
  readonly samples: number;
  readonly median_ms: number;
  readonly p99_ms: number;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
  readonly goals: readonly { what: string; goal: number; value: number; met: boolean }[];
}

/** Shape and sense, never a time: the machine may be busy. */
test.each([
  ['flisr-province', 3],
  ['flisr-city', 1],
  ['flisr-country', 1],
  ['storm-city', 1],
  ['energisation', 50],
  ['loadflow', 2],
  ['topology-vs-graphology', 2],
])('bench %s runs on a small grid and prints what it measured', async (name, samples) => {
  const { code, document } = await relightJson<BenchDocument>(
    'bench',
    name,
    '--grid=demo-town',
    `--samples=${samples}`,
    '--seed=7',
    '--seconds=60',
  );
  expect(code).toBe(0);
  expect(document).toMatchObject({ name, samples, seed: 7 });
  expect(document.workload).toContain('demo-town');
  expect(document.median_ms).toBeGreaterThan(0);
  expect(document.p99_ms).toBeGreaterThanOrEqual(document.median_ms);
  expect(Object.keys(document.machine)).toEqual([
    'cpu',
    'cores',
    'memory_GB',
    'load',
    'platform',
    'node',
  ]);
  for (const { what, goal, value, met } of document.goals) {
    expect([what, goal, value].map((each) => typeof each)).toEqual(['string', 'number', 'number']);
    expect(typeof met).toBe('boolean');
  }
});

test('the restoration cases have the same optimum here and by HiGHS', async () => {
  const { code, document } = await relightJson<BenchDocument>(
    'bench',
    'restoration',
    '--samples=8',
    '--seconds=60',
  );
  expect(code).toBe(0);
  expect(document.figures).toMatchObject({ cases: 8, equalOptimum: 8, different: 0 });
  expect(document.ratios['highsToOursMedian']).toBeGreaterThan(0);
});

test('the energised nodes are those of the graphology search', async () => {
  const { document } = await relightJson<BenchDocument>(
    'bench',
    'topology-vs-graphology',
    '--grid=hung-yen',
    '--samples=1',
  );
  expect(document.figures['sameLiveNodes']).toBe(1);
});

test('without a name the benches are listed, and a misspelt one is corrected', async () => {
  expect((await relight('bench')).stdout).toContain('storm-city');
  const wrong = await relight('bench', 'loadflov');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('did you mean "loadflow"');
});
