import { expect, test } from 'vitest';
import { demoTownFile } from './seed-grids/demo-town.ts';
import { parseForecastText, strangersIn } from './parse-forecast.ts';
import { parseGrid } from './parse-grid.ts';

function problemsOf(forecast: object): readonly string[] {
  const parsed = parseForecastText(JSON.stringify({ format: 'relight-forecast/1', ...forecast }));
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
}

const dated = { madeAt: '2026-11-22T00:00:00+07:00', step_h: 1 };
const at = (...hours: readonly number[]) => ({ hours: hours.map((ahead_h) => ({ ahead_h })) });

test('a dated forecast goes on hour by hour from any hour, one without a date stands in any order', () => {
  expect(problemsOf({ ...dated, ...at(0, 1, 2) })).toEqual([]);
  expect(problemsOf({ ...dated, ...at(6, 7) })).toEqual([]);
  expect(problemsOf({ ...dated, step_h: 0.5, ...at(0, 0.5, 1) })).toEqual([]);
  expect(problemsOf(at(5, 1, 2.5))).toEqual([]);
});

test.each([
  [
    'a gap',
    { ...dated, ...at(0, 1, 4) },
    'hours[2].ahead_h: expected 2 (1 and step_h 1), got 4: nothing is said from 2 to 4 h',
  ],
  [
    'an overlap',
    { ...dated, ...at(0, 0.75) },
    'hours[1].ahead_h: expected 1 (0 and step_h 1), got 0.75: it overlaps the one before by 0.25 h',
  ],
  [
    'hours out of order',
    { ...dated, ...at(1, 0) },
    'hours[1].ahead_h: expected 2 (1 and step_h 1), got 0: the hours are not in order',
  ],
  ['an hour told twice', at(1, 2, 1), 'hours[2].ahead_h: 1 stands in hours[0] already'],
  ['now, without a date', at(0, 1), 'hours[0].ahead_h: expected a number greater than 0, got 0'],
  [
    'less than nothing',
    { hours: [{ ahead_h: 1, generators: { 'PV.1': -1 } }] },
    'hours[0].generators.PV.1: expected a number of at least 0, got -1',
  ],
  [
    'a date without its step',
    { madeAt: dated.madeAt, ...at(1) },
    'step_h: is missing; a forecast with madeAt is a dated one and needs it',
  ],
  [
    'a step without a date',
    { step_h: 1, ...at(1) },
    'madeAt: is missing; a forecast with step_h is a dated one and needs it',
  ],
  [
    'a date without a place on earth',
    { ...dated, madeAt: '2026-11-22 00:00', ...at(1) },
    'madeAt: expected a time like 2026-11-21T03:04:05Z, got "2026-11-22 00:00"',
  ],
  [
    'a misspelled field',
    { hours: [{ ahead_h: 1, generatoin: 1 }] },
    'hours[0].generatoin: unknown field, ignored; did you mean "generation"?',
  ],
])('%s is refused, with where, what and what was expected', (_, forecast, problem) => {
  expect(problemsOf(forecast)).toContain(problem);
});

test('what the grid has not is named with its place, and what may have been meant', () => {
  const grid = parseGrid(demoTownFile());
  if (!grid.ok) throw new Error('the seed grid is valid');
  const [feeder] = grid.value.grid.feeders;
  const id = feeder?.id ?? '';
  const parsed = parseForecastText(
    JSON.stringify({
      format: 'relight-forecast/1',
      hours: [
        { ahead_h: 1, feeders: { [id]: 1 } },
        { ahead_h: 2, feeders: { [`${id}x`]: 1 } },
      ],
    }),
  );
  if (!parsed.ok) throw new Error('the forecast is well-formed');
  const strangers = strangersIn(parsed.value, grid.value.grid);
  expect(strangers).toHaveLength(1);
  expect(strangers[0]?.path).toBe('hours[1].feeders');
  expect(strangers[0]?.message).toMatch(/has no feeder ".*x"; did you mean/);
});
