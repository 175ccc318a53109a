import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import type { ForecastHourFile, InputEvent } from '@relight/contract';
import { demoTownFile, parseGrid } from '@relight/grid';
import { ForecastWatch } from './forecast-watch.ts';

const root = mkdtempSync(join(tmpdir(), 'relight-forecast-watch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const parsed = parseGrid(demoTownFile());
if (!parsed.ok) throw new Error('the seed grid is valid');
const { grid } = parsed.value;
const FEEDER = grid.feeders[0]?.id ?? '';

const dated = (...hours: readonly Omit<ForecastHourFile, 'ahead_h'>[]) => ({
  format: 'relight-forecast/1',
  madeAt: '2026-11-22T00:00:00+07:00',
  step_h: 1,
  hours: hours.map((hour, ahead_h) => ({ ahead_h, ...hour })),
});

type Told = Extract<InputEvent, { kind: 'forecast' }>;

/** A folder of its own, and a control centre that follows the file in it. */
function rig() {
  const folder = mkdtempSync(join(root, 'run-'));
  const file = join(folder, 'day-ahead.json');
  const told: Told[] = [];
  const replace = (content: unknown): void => {
    writeFileSync(`${file}.new`, typeof content === 'string' ? content : JSON.stringify(content));
    renameSync(`${file}.new`, file);
  };
  const begin = (): ForecastWatch => {
    const watch = new ForecastWatch({
      file,
      journalDirectory: folder,
      grid,
      tell: (event) => told.push(event),
      log: pino({ level: 'silent' }),
    });
    watch.begin();
    watch.stop(); // The test looks by itself.
    return watch;
  };
  return { file, told, replace, begin };
}

test('what stands there at the start is in force, and what takes its place after it has stood still', () => {
  const { told, replace, begin } = rig();
  replace(dated({ factor: 1 }));
  const watch = begin();
  expect(told).toMatchObject([{ taken: { madeAt_ms: Date.UTC(2026, 10, 21, 17) }, refused: null }]);
  replace(dated({ factor: 1 }, { feeders: { [FEEDER]: 1.4 } }));
  watch.look();
  expect(told).toHaveLength(1);
  watch.look();
  watch.look();
  expect(told).toHaveLength(2);
  expect(told[1]?.taken?.forecast.hours).toHaveLength(2);
  expect(told[1]?.taken?.hash).not.toBe(told[0]?.taken?.hash);
});

test.each([
  ['no JSON', '{', /RL-017 .*day-ahead\.json: /],
  ['a gap', { ...dated({}, {}), step_h: 2 }, /hours\[1\]\.ahead_h: expected 2 .* got 1/],
  ['no date', { format: 'relight-forecast/1', hours: [{ ahead_h: 1 }] }, /madeAt: is missing/],
  ['a feeder the grid has not', dated({ feeders: { F999: 1 } }), /hours\[0\]\.feeders: .*"F999"/],
  ['a negative share', dated({ generation: -0.1 }), /at least 0, got -0\.1/],
])(
  'a file with %s is refused as a whole, with where and what; nothing takes its place',
  (_, bad, why) => {
    const { told, replace, begin } = rig();
    replace(dated({ factor: 1 }));
    const watch = begin();
    replace(bad);
    watch.look();
    watch.look();
    expect(told[1]?.taken).toBeUndefined();
    expect(told[1]?.refused?.en).toMatch(why);
    expect(told[1]?.refused?.vi).toContain('RL-017');
    // Told once, not every two seconds; and the mended one is taken.
    watch.look();
    replace(dated({ factor: 1.1 }));
    watch.look();
    watch.look();
    expect(told).toHaveLength(3);
    expect(told[2]).toMatchObject({ refused: null, taken: { forecast: { step_h: 1 } } });
  },
);

test('a restart that meets a bad file, or none, goes on with the forecast that was in force', () => {
  const { file, told, replace, begin } = rig();
  replace(dated({ factor: 1 }, { factor: 1.3 }));
  begin();
  replace('half a fi');
  begin();
  expect(told[1]?.refused).not.toBeNull();
  expect(told[1]?.taken).toEqual(told[0]?.taken);
  rmSync(file);
  begin();
  expect(told[2]?.refused?.en).toContain('the file does not exist');
  expect(told[2]?.taken).toEqual(told[0]?.taken);
});

test('without a file there is an alarm and no forecast, until one comes', () => {
  const { told, replace, begin } = rig();
  const watch = begin();
  expect(told).toMatchObject([{ refused: { en: expect.stringContaining('does not exist') } }]);
  expect(told[0]?.taken).toBeUndefined();
  replace(dated({ factor: 1 }));
  watch.look();
  watch.look();
  expect(told[1]).toMatchObject({ refused: null });
});

test('a file too large to be read in passing is refused', () => {
  const { told, replace, begin } = rig();
  replace(' '.repeat(4 * 1024 * 1024 + 1));
  begin();
  expect(told[0]?.refused?.en).toContain('expected at most 4194304 bytes');
});
