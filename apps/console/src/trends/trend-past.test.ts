import { expect, test } from 'vitest';
import type { Trend } from './trend-store.ts';
import { extremes, withPast } from './trend-past.ts';

const heard: Trend = {
  key: 'PT.473 current_A',
  equipment: 'PT.473',
  signal: 'current_A',
  times_ms: [60_000, 61_000],
  values: [100, 101],
};
const past = {
  step_ms: 10_000,
  times_ms: [30_000, 40_000, 50_000],
  series: [{ point: 'p', values: [90, null, 95], low: [85, null, 80], high: [120, null, 99] }],
  keptFrom_ms: 30_000,
};

test('the past stands before what was heard, without a slot that reaches into it, gaps and all', () => {
  const [drawn] = withPast([heard], past, () => 'p');
  expect(drawn?.times_ms).toEqual([40_000, 50_000, 60_000, 61_000]);
  expect(drawn?.values).toEqual([90, null, 100, 101]);
  expect(drawn?.high).toEqual([120, null, 100, 101]);
});

test('a measurement the history does not know has no past, and nothing is made up', () => {
  const [drawn] = withPast([heard], past, () => undefined);
  expect(drawn?.values).toEqual(heard.values);
});

test('least and most are of the time that is shown, peaks between two values included', () => {
  const [drawn] = withPast([heard], past, () => 'p');
  if (drawn === undefined) throw new Error('one trend');
  expect(extremes(drawn, 0)).toEqual({ least: 85, most: 120 });
  expect(extremes(drawn, 55_000)).toEqual({ least: 100, most: 101 });
  expect(extremes(drawn, 90_000)).toEqual({ least: null, most: null });
});
