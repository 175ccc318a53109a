import { expect, test } from 'vitest';
import { relightJson } from './run-relight.ts';

interface BenchDocument {
  readonly workload: string;
  readonly samples: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  readonly goals: readonly { readonly what: string; readonly value: number | null }[];
}

/** Shape and sense, never a time: the machine may be busy. */
test('the console is measured in a real browser: frames, changes, lists, views opened and closed', async () => {
  const { code, document } = await relightJson<BenchDocument>(
    'bench',
    'console',
    '--grid=demo-town',
    '--samples=2',
    '--seconds=100',
  );
  expect(code).toBe(0);
  expect(document.workload).toContain('demo-town');
  expect(document.samples).toBeGreaterThan(0);
  expect(document.figures['edges']).toBeGreaterThan(200);
  for (const figure of ['panEverything_p95_ms', 'panWorking_p95_ms', 'scroll_p95_ms'])
    expect([figure, (document.figures[figure] ?? -1) >= 0]).toEqual([figure, true]);
  expect(document.ratios['everythingToReference']).toBeGreaterThan(0);
  expect(document.goals.every(({ value }) => typeof value === 'number')).toBe(true);
});
