import type { ForecastFile, ForecastHourFile } from '@relight/contract';
import { loadStateFromGrid } from '@relight/powerflow';
import { normalPositions } from '@relight/topology';
import { expect, test } from 'vitest';
import { forecastHours } from './forecast-hours.ts';
import { forecastLoads } from './restore/forecast-loads.ts';
import { compile, ladder } from './small-grids.ts';

const network = compile({ ...ladder(), generators: [{ id: 'PV', node: 'BN1', p_kW: 1500 }] });

function hours(
  list: readonly ForecastHourFile[],
  from_h: number,
  repair_h: number,
  step_h: number | null = 1,
) {
  const forecast: ForecastFile = {
    format: 'relight-forecast/1',
    ...(step_h === null ? {} : { madeAt: '2026-11-22T00:00:00+07:00', step_h }),
    hours: [...list],
  };
  const before = { positions: normalPositions(network), loads: loadStateFromGrid(network) };
  return forecastHours(network, before, forecast, from_h, repair_h);
}

/** Factor of the first load and of the generator, by the hours told. */
function told(list: ReturnType<typeof hours>) {
  return list?.map(({ ahead_h, factor, generation }) => [ahead_h, factor[0], generation?.[0]]);
}

const day = [0.5, 0.6, 0.9, 0.3].map((factor, ahead_h) => ({ ahead_h, factor }));

test('a dated forecast is told from now on, as change from the hour that holds now', () => {
  // A quarter of the second hour is over; the repair ends in the third hour after it.
  expect(told(hours(day, 1.25, 2))).toEqual([
    [0.8, 1.5, undefined],
    [1.8, 0.5, undefined],
  ]);
  expect(hours(day, 1.25, 2)?.map(({ until_h }) => until_h)).toEqual([1.7, 2.7]);
});

test('hours behind the end of the repair do not count, the next one always does', () => {
  expect(told(hours(day, 0.5, 0.2))).toEqual([[0.5, 1.2, undefined]]);
});

test('in its last hour a dated forecast tells how long it still holds, and no change', () => {
  expect(told(hours(day, 3.4, 5))).toEqual([[0.6, 1, undefined]]);
});

test('a forecast that has run out, or has not begun, does not tell of now', () => {
  expect(hours(day, 4, 1)).toBeNull();
  expect(hours(day.slice(1), 0.5, 1)).toBeNull();
  expect(hours(day, -0.1, 1)).toBeNull();
});

test('a load that is forecast next to nothing now is reckoned by the file then, not without measure', () => {
  const shift = [0.01, 0.8, 0.005].map((factor, ahead_h) => ({ ahead_h, factor }));
  expect(told(hours(shift, 0, 3))).toEqual([
    [1, 1.6, undefined],
    [2, 0.5, undefined],
  ]);
  const lamps = [0, 1].map((factor, ahead_h) => ({ ahead_h, factor }));
  expect(told(hours(lamps, 0, 3))).toEqual([[1, 1, undefined]]);
});

test('a load that takes nothing now, and is forecast nothing now, takes what the file says then', () => {
  const lamps = [0, 0.4].map((factor, ahead_h) => ({ ahead_h, factor }));
  const step: ForecastFile = {
    format: 'relight-forecast/1',
    madeAt: '2026-11-22T00:00:00+07:00',
    step_h: 1,
    hours: lamps,
  };
  const present = loadStateFromGrid(network);
  present.activePower_W[0] = 0;
  present.reactivePower_var[0] = 0;
  const before = { positions: normalPositions(network), loads: present };
  const [hour] = forecastLoads(present, forecastHours(network, before, step, 0, 1) ?? []);
  expect(hour?.loads.activePower_W[0]).toBe(400_000);
  expect(hour?.loads.activePower_W[1]).toBe(400_000);
});

test('a load beats its feeder, a feeder beats the rest', () => {
  const list = hours(
    [{ ahead_h: 1, factor: 2, feeders: { FA: 3 }, loads: { DA2: 4 } }],
    0,
    1,
    null,
  );
  const { loads } = network.grid;
  const factors = new Map(loads.map(({ id }, at) => [id, list?.[0]?.factor[at]]));
  expect(['DA1', 'DA2', 'DA3', 'DB1'].map((id) => factors.get(id))).toEqual([3, 4, 3, 2]);
});

test('generation is told as share of what is given now, and never as more than the file has', () => {
  const sun = [0.8, 0.4, 1, 0].map((generation, ahead_h) => ({ ahead_h, generation }));
  expect(told(hours(sun, 0, 4))).toEqual([
    [1, 1, 0.5],
    [2, 1, 1],
    [3, 1, 0],
  ]);
  // At night nothing is given now: what comes with the day is not reckoned with.
  expect(told(hours(sun, 3, 1))).toEqual([[1, 1, undefined]]);
  const morning = [0, 0.7].map((generation, ahead_h) => ({ ahead_h, generation }));
  expect(told(hours(morning, 0, 2))).toEqual([[1, 1, 1]]);
});

test('an hour that says nothing of generation leaves it as it is', () => {
  const list = [{ ahead_h: 0, generation: 0.5 }, { ahead_h: 1 }];
  expect(told(hours(list, 0, 1))).toEqual([[1, 1, undefined]]);
});
