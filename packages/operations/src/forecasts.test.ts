import { canonicalJson, type ForecastHourFile, type ForecastInForce } from '@relight/contract';
import { expect, test } from 'vitest';
import { createOperations } from './engine.ts';
import { initialState } from './initial-state.ts';
import { step } from './step.ts';
import { steadyField } from './testing/running-field.ts';
import { dispatcher } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { WALL_START_ms } from './testing/scripted-shell.ts';
import { twoFeeders, type TwoFeederOptions } from './testing/two-feeders.ts';

/**
 * Feeder 472 carries its own 3,000 kW and the 2,500 kW behind the fault on L1 with 147 A of 200 A:
 * not half as much again, but with the last section alone then 180 A.
 */
const GRID: TwoFeederOptions = { lineRating_A: 200 };
const HOUR_ms = 3_600_000;

/** Hours of one each, from `made_h` before the start on. */
function forecast(hours: readonly Omit<ForecastHourFile, 'ahead_h'>[], made_h = 0) {
  const taken: ForecastInForce = {
    hash: JSON.stringify([hours, made_h]),
    madeAt_ms: WALL_START_ms - made_h * HOUR_ms,
    forecast: {
      format: 'relight-forecast/1',
      madeAt: '2027-01-15T08:00:00Z',
      step_h: 1,
      hours: hours.map((hour, ahead_h) => ({ ...hour, ahead_h })),
    },
  };
  return { kind: 'forecast' as const, taken, refused: null };
}

const factors = (...list: readonly number[]) => list.map((factor) => ({ factor }));
/** Half as much again three hours from now; the repair is expected to take four. */
const EVENING = factors(1, 1.1, 1.1, 1.5, 1.5, 1.2);

const running = (options: TwoFeederOptions = GRID): ScriptedField => steadyField(options);

function settle(world: ScriptedField): void {
  world.runUntil(() =>
    world.views.incidents.some(
      ({ closedAt_ms, state }) => closedAt_ms !== null || state === 'approval',
    ),
  );
}

/** A fault on the first section of 471, until all is done that can be. */
function afterFault(world: ScriptedField): ScriptedField {
  world.placeFault('L1');
  settle(world);
  return world;
}

const setRepairTime = (world: ScriptedField, repair_h: number) =>
  world.ask({ type: 'setRepairTime', incident: world.incident.id, repair_h });

test('what the neighbour carries now but not at the evening peak before the repair is done stays dark', () => {
  expect(afterFault(running()).incident).toMatchObject({ customersRestored: 500 });
  const world = running();
  world.feed(forecast(EVENING));
  afterFault(world);
  expect(world.incident).toMatchObject({ state: 'restored', customersRestored: 300 });
  const { plan, repair } = world.incident;
  expect(plan?.forecast).toMatchObject({ repair_h: 4, checkedTo_h: 4.9 });
  expect(plan?.forecast?.hours.map(({ ahead_h }) => ahead_h)).toEqual([0, 1, 2, 3, 4]);
  expect(plan?.rejected).toContainEqual(
    expect.objectContaining({ switch: '471-2', kind: 'loading', limit: 'M1', ahead_h: 3 }),
  );
  expect(plan?.warnings).toEqual([]);
  expect(repair?.forecast).toMatchObject({ isUsed: true });
  expect(repair).toMatchObject({ byName: null, due_ms: world.incident.openedAt_ms + 4 * HOUR_ms });
});

test('only the change from the hour that holds now counts: a flat forecast changes nothing', () => {
  const world = running();
  world.feed(forecast(factors(0.4, 0.4, 0.4, 0.4, 0.4)));
  afterFault(world);
  expect(world.incident).toMatchObject({ state: 'restored', customersRestored: 500 });
  expect(world.incident.plan?.forecast?.hours).toHaveLength(5);
});

test('when the sun sets on the neighbour before the repair is done it gets no more than it carries', () => {
  const restored = (sun: readonly number[]) => {
    const world = running({ ...GRID, lineRating_A: 165, generators: [{ node: 'b2' }] });
    world.feed(
      forecast(sun.map((generation, hour) => ({ generation, factor: hour === 0 ? 1 : 1.115 }))),
    );
    return afterFault(world).incident;
  };
  expect(restored([0.8, 0.8, 0.8, 0.8])).toMatchObject({ customersRestored: 500 });
  const atDusk = restored([0.8, 0.8, 0.8, 0]);
  expect(atDusk).toMatchObject({ customersRestored: 300 });
  expect(atDusk.plan?.rejected).toContainEqual(
    expect.objectContaining({ switch: '471-2', limit: 'M1', ahead_h: 3 }),
  );
});

test('a repair that is done before the peak gives back more: the dispatcher says so and gets a plan', () => {
  const world = running();
  world.feed(forecast(EVENING));
  afterFault(world);
  expect(setRepairTime(world, 2)).toMatchObject({ status: 202 });
  const { incident } = world;
  expect(incident.state).toBe('approval');
  expect(incident.plan?.steps.map(({ action, switch: id }) => `${action} ${id}`)).toEqual([
    'open 471-1',
    'close 471-2',
  ]);
  expect(incident.repair).toMatchObject({ byName: 'An', due_ms: world.wall_ms + 2 * HOUR_ms });
  expect(world.journal.filter(({ kind }) => kind === 'forecast').at(-1)).toMatchObject({
    by: 'An',
    about: incident.id,
    body: { repair_h: 2 },
  });
});

test('a plan that waits for a person is made again with the repair time they enter', () => {
  const world = running({ ...GRID, mode471: 'advisory' });
  world.feed(forecast(EVENING));
  world.placeFault('L1');
  settle(world);
  const first = world.incident;
  expect(first.plan?.result.unrestored.customers).toBe(300);
  setRepairTime(world, 1.5);
  expect(world.incident.planVersion).toBe(first.planVersion + 1);
  expect(world.incident.plan?.result.unrestored.customers).toBe(100);
  expect(world.decide('approveAll').status).toBe(202);
  setRepairTime(world, 6);
  world.run(60_000);
  expect(world.incident.state).toBe('approval');
  expect(world.incident.plan?.result.unrestored.customers).toBe(300);
});

test('a plan that waits is made again when another forecast comes', () => {
  const world = running({ ...GRID, mode471: 'advisory' });
  afterFault(world);
  expect(world.incident.plan?.result.unrestored.customers).toBe(100);
  world.feed(forecast(EVENING));
  expect(world.incident.plan?.result.unrestored.customers).toBe(300);
});

test.each([
  ['is too old', factors(...Array.from({ length: 60 }, () => 1.5)), 37, /was made 37\.0 h ago/],
  ['has run out', factors(1, 1.5), 5, /does not tell of this hour/],
  ['is yet to begin', factors(1, 1.5), -2, /does not tell of this hour/],
])('a forecast that %s is not used, and every plan says so', (_, hours, made_h, why) => {
  const world = running();
  world.feed(forecast(hours, made_h));
  expect(world.views.alarms.some(({ equipment }) => equipment === 'forecast')).toBe(true);
  afterFault(world);
  expect(world.incident).toMatchObject({ state: 'restored', customersRestored: 500 });
  expect(world.incident.repair?.forecast).toMatchObject({ isUsed: false });
  expect(world.incident.plan?.warnings[0]).toMatch(/^No forecast/);
  expect(world.incident.plan?.warnings[0]).toMatch(why);
  expect(world.incident.plan?.warningsVi?.[0]).toMatch(/^Không có dự báo/);
  expect(world.incident.plan?.forecast).toBeUndefined();
});

test('without any forecast the plan is as ever, and the incident says that there is none', () => {
  const world = afterFault(running());
  expect(world.incident.plan?.warnings).toEqual([]);
  expect(world.incident.repair?.forecast).toEqual({
    isUsed: false,
    text: { vi: 'Không có dự báo.', en: 'No forecast.' },
  });
});

test('a refused file is an alarm, and the forecast before it stays in force until one is taken', () => {
  const world = running();
  world.feed(forecast(EVENING));
  const refused = { vi: 'hours[2].ahead_h: sai', en: 'hours[2].ahead_h: expected 2, got 4' };
  world.feed({ kind: 'forecast', refused });
  const alarm = () => world.views.alarms.find(({ equipment }) => equipment === 'forecast');
  expect(alarm()).toMatchObject({ stands: true });
  expect(alarm()?.text.en).toContain('expected 2, got 4');
  afterFault(world);
  expect(world.incident.customersRestored).toBe(300);
  world.feed(forecast(factors(1, 1)));
  expect(alarm()?.stands ?? false).toBe(false);
});

test('a forecast that ends before the repair says which part is unchecked', () => {
  const world = running();
  world.feed(forecast(factors(1, 1.1)));
  afterFault(world);
  expect(world.incident.customersRestored).toBe(500);
  expect(world.incident.plan?.warnings).toEqual([
    'The forecast ends in 1.9 h, the repair is expected to take 4 h: the rest is not checked.',
  ]);
});

test('once the expected repair time is over the plan asks for a new one', () => {
  const world = new ScriptedField(twoFeeders({ ...GRID, mode471: 'advisory' }), {
    expectedRepair_h: 0.01,
  });
  world.run(10_000);
  world.feed(forecast(EVENING));
  world.placeFault('L1');
  settle(world);
  world.run(120_000);
  expect(world.incident.plan?.warnings[0]).toContain('The expected repair time is over');
  setRepairTime(world, 1);
  expect(world.incident.plan?.warnings).toEqual([]);
});

test('a repair time is entered by people of the area, for what is still to be repaired', () => {
  const world = running();
  expect(world.ask({ type: 'setRepairTime', incident: 'SC-9999', repair_h: 2 })).toMatchObject({
    status: 404,
    error: { code: 'RL-023' },
  });
  afterFault(world);
  const stranger = dispatcher('Chi', ['U']);
  const wish = { type: 'setRepairTime' as const, incident: world.incident.id, repair_h: 2 };
  expect(world.askAs(stranger, wish)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
  world.decide('liftBlocks');
  expect(world.ask(wish)).toMatchObject({ status: 409, error: { code: 'RL-027' } });
  expect(world.incident.repair).toBeUndefined();
});

test('forecasts and repair times stand in the input log: folded again it decides the same', () => {
  const world = running();
  world.feed(forecast(EVENING));
  afterFault(world);
  setRepairTime(world, 2);
  world.decide('approveAll');
  world.run(60_000);
  expect(world.incident.customersRestored).toBe(500);
  const engine = createOperations(twoFeeders(GRID));
  const state = initialState(engine, world.configuration);
  const again = world.records.map((record) => {
    const { journal, orders, integrityPolls } = step(engine, state, structuredClone(record));
    return canonicalJson({ journal, orders, integrityPolls });
  });
  expect(again).toEqual(world.decisions);
});
