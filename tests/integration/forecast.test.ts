import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@relight/contract';
import { readJournal } from '@relight/journal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relight, relightJson } from './run-relight.ts';

const folder = mkdtempSync(join(tmpdir(), 'relight-forecast-'));
const file = join(folder, 'day-ahead.json');
const journal = join(folder, 'journal');
const HOURS = 30;

interface DemoDocument {
  readonly plan: Plan;
  readonly customers: { readonly out: number; readonly restored: number };
}

let demo: DemoDocument;

beforeAll(async () => {
  // Made an hour ago, it holds for longer than any run of this test; less sun from then on.
  const madeAt = new Date(Date.now() - 3_600_000).toISOString();
  const hours = Array.from({ length: HOURS }, (_, ahead_h) => ({
    ahead_h,
    factor: ahead_h < 3 ? 1 : 1.05,
    generation: ahead_h < 3 ? 0.8 : 0,
  }));
  writeFileSync(file, JSON.stringify({ format: 'relight-forecast/1', madeAt, step_h: 1, hours }));
  // The setting as an operator may give it; the processes of the run inherit it.
  process.env['RELIGHT_FORECAST_FILE'] = file;
  const args = ['demo', '--speed', '20', '--seed', '3', '--journal', folder];
  const run = await relightJson<DemoDocument>(...args);
  expect(run.code, run.stderr).toBe(0);
  demo = run.document;
});
afterAll(() => {
  delete process.env['RELIGHT_FORECAST_FILE'];
  rmSync(folder, { recursive: true, force: true });
});

test('a running control centre plans by the forecast file of its configuration', () => {
  expect(demo.customers.restored).toBeGreaterThan(0);
  expect(demo.plan.forecast).toMatchObject({ repair_h: 4 });
  expect(demo.plan.forecast?.checkedTo_h).toBeGreaterThanOrEqual(4);
  expect(demo.plan.forecast?.hours.length).toBeGreaterThan(4);
  expect(demo.plan.warnings.filter((text) => text.startsWith('No forecast'))).toEqual([]);
});

test('what is in force stands in the audit journal and is kept in its folder', () => {
  const records = [...readJournal(join(journal, 'journal.db'))].map(({ record }) => record);
  const taken = records.filter(({ kind }) => kind === 'forecast');
  expect(taken).toMatchObject([{ by: 'relight', body: { step_h: 1, hours: HOURS } }]);
  expect(existsSync(join(journal, 'forecast.json'))).toBe(true);
});

test('its replay needs no forecast file and decides the same, byte for byte', async () => {
  rmSync(file);
  const { code, document, stderr } = await relightJson<{ same: boolean; hash: string }>(
    'replay',
    folder,
  );
  expect(code, stderr).toBe(0);
  expect(document).toMatchObject({ same: true, differences: { journal: null } });
});

test('on the command line a dated forecast is taken as of its first hour', async () => {
  const dated = join(folder, 'dated.json');
  const write = (hours: readonly object[]): void =>
    writeFileSync(
      dated,
      JSON.stringify({
        format: 'relight-forecast/1',
        madeAt: '2026-11-22T00:00:00+07:00',
        step_h: 1,
        hours,
      }),
    );
  const plan = ['plan', 'demo-town', '--fault', '471.L03', '--forecast', dated, '--repair-h', '5'];
  write([0.5, 0.55, 0.6].map((factor, at) => ({ ahead_h: 6 + at, factor })));
  const { document } = await relightJson<Plan>(...plan);
  expect(document.forecast?.hours.map(({ ahead_h }) => ahead_h)).toEqual([0, 1, 2]);
  expect(document.forecast).toMatchObject({ checkedTo_h: 3, repair_h: 5 });
  const printed = await relight(...plan);
  expect(printed.stdout).toContain('the rest is not checked');

  write([{ ahead_h: 0, generators: { NOBODY: 0 } }]);
  const stranger = await relight(...plan);
  expect(stranger.code).toBe(2);
  expect(stranger.stderr).toContain('RL-005');
  expect(stranger.stderr).toContain('has no generator "NOBODY"');
  write([{ ahead_h: 0 }, { ahead_h: 2 }]);
  const gap = await relight(...plan);
  expect(gap.code).toBe(1);
  expect(gap.stderr).toContain('nothing is said from 1 to 2 h');
});
