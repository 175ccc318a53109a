import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventHistory, ValueHistory } from '@relight/contract';
import { startRig, type Person, type Rig } from '../kit/control-center-rig.ts';
import { SurvivalRig } from '../kit/survival-rig.ts';

let rig: Rig;
let lan: Person;
beforeAll(async () => {
  rig = await startRig({ idleLock_min: 0 });
  rig.addPerson('lan', ['dispatcher']);
  lan = await rig.logIn('lan');
});
afterAll(() => rig.stop());

const get = (path: string) => rig.ask(`/api/v1/history/${path}`, { headers: lan.headers });

test('what the sequence of events says can be asked for, and saved as a table', async () => {
  // Nobody is in this field: each link that stays down is an event.
  await expect
    .poll(async () => EventHistory.parse((await get('events')).json).events.length)
    .toBeGreaterThan(0);
  const [newest] = EventHistory.parse((await get('events?limit=1')).json).events;
  expect(newest?.id).toMatch(/^H\d+$/);
  const to = Date.now() + 3_600_000;
  const table = await get(`events.csv?from_ms=${to - 7_200_000}&to_ms=${to}`);
  expect(table.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="relight-events.csv"',
  });
  expect(table.text).toContain(new Date(newest?.receiveTime_ms ?? 0).toISOString());
});

test('a measurement that nobody has ever read has a past full of gaps', async () => {
  const { json } = await get('values?points=PT.471.current_A,nobody&from_ms=100000&to_ms=130000');
  const gaps = { values: [null, null, null], low: [null, null, null], high: [null, null, null] };
  expect(ValueHistory.parse(json)).toEqual({
    step_ms: 10_000,
    times_ms: [100_000, 110_000, 120_000],
    series: [
      { point: 'PT.471.current_A', ...gaps },
      { point: 'nobody', ...gaps },
    ],
    keptFrom_ms: expect.any(Number),
  });
});

test.each([
  'values?points=a&from_ms=1',
  'values?from_ms=1&to_ms=2',
  'values?points=a,b,c,d,e,f,g,h,i&from_ms=1&to_ms=2',
  'events.csv',
  'events.csv?from_ms=1&to_ms=x',
  'events?quality=fine',
  'events?limit=5000',
])('%s is refused, with the field that is wrong', async (path) => {
  expect(await get(path)).toMatchObject({ status: 400, json: { code: 'RL-022' } });
});

test('what a measurement of a live field says becomes its past', async () => {
  const world = await SurvivalRig.start({ speed: 10 });
  try {
    const { measurements } = await world.snapshot();
    const one = measurements.find(({ signal, value, quality }) => {
      return signal === 'current_A' && typeof value === 'number' && quality === 'good';
    });
    const from_ms = Date.now() - 600_000;
    const asked = `/history/values?points=${one?.id ?? ''}&from_ms=${from_ms}&to_ms=${from_ms + 1_200_000}`;
    const known = async () => {
      const { series } = ValueHistory.parse((await world.ask('GET', asked)).body);
      const { values = [], low = [], high = [] } = series[0] ?? {};
      return values.flatMap((value, slot) =>
        value === null ? [] : [{ value, low: low[slot] ?? NaN, high: high[slot] ?? NaN }],
      );
    };
    await expect.poll(async () => (await known()).length).toBeGreaterThan(0);
    for (const { value, low, high } of await known()) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  } finally {
    await world.stop();
  }
});
