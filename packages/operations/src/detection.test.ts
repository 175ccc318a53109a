import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { transformerStation } from './testing/transformer-station.ts';
import { steadyField } from './testing/running-field.ts';

function feederView(world: ScriptedField, id: string) {
  return world.views.feeders.find((each) => each.id === id);
}

function alarmTexts(world: ScriptedField): string {
  return world.views.alarms.map((alarm) => alarm.text.en).join('\n');
}

test.each(['50', '51', '67', '50N', '51N', '67N'])(
  'a breaker that trips by %s and locks out starts a restoration',
  (code) => {
    const world = steadyField({ mode471: 'advisory' });
    world.tripBy('T.471', code);
    world.run(5_000);
    expect(world.incident.state).toBe('approval');
    expect(world.incident.plan).not.toBeNull();
  },
);

test.each(['81', '27', '59', '50BF', '85'])(
  'a breaker that trips by %s is an alarm at once, its feeder leaves automatic, and nothing is sent',
  (code) => {
    const world = steadyField();
    world.tripBy('T.471', code);
    world.run(3_500);
    expect(world.incident).toMatchObject({ state: 'noPlan', plan: null });
    expect(alarmTexts(world)).toContain(`(${code})`);
    expect(feederView(world, 'F471')?.outOfAutomatic?.en).toContain(code);
    world.run(60_000);
    expect(world.orders).toHaveLength(0);
  },
);

test('such a function needs no lockout signal: there is no reclosing to wait for', () => {
  const world = steadyField();
  world.withoutSignal('T.471.lockout');
  world.tripBy('T.471', '81');
  world.run(4_000);
  expect(world.incident.state).toBe('noPlan');
});

test('load shed by under-frequency stays off in every later plan, and comes back by order', () => {
  const world = steadyField();
  world.tripBy('T.472', '81');
  world.run(5_000);
  world.placeFault('L1');
  world.runUntil(() => world.views.incidents.some((each) => each.state === 'restored'), 120_000);
  // The tie would have carried 471 from 472, and 472 from 471 through its own breaker.
  expect(world.isLive('b1')).toBe(false);
  expect(world.orders.filter((order) => order.equipment === 'T.472')).toEqual([]);
  const shed = world.views.incidents.find((each) => each.tripped.includes('T.472'));
  for (const decision of ['abort', 'liftBlocks'] as const) {
    const reply = world.ask({
      type: 'decide',
      incident: shed?.id ?? '',
      decision,
      planVersion: shed?.planVersion ?? 0,
      planHash: shed?.planHash ?? null,
    });
    expect(reply.status).toBe(202);
  }
  expect(world.command('T.472', 'close').status).toBe(202);
});

test('an opening under a load-shedding signal is told as such and closed by no plan', () => {
  const world = steadyField();
  world.setValue('T.472', 'loadShedding', true);
  world.moveByHand('T.472', 'open');
  world.run(3_000);
  expect(alarmTexts(world)).toContain('opened by load shedding, comes back only by order');
  world.setValue('T.472', 'loadShedding', false);
  world.placeFault('L2');
  world.run(60_000);
  expect(world.orders.filter((order) => order.equipment === 'T.472')).toEqual([]);
  expect(world.isLive('b1')).toBe(false);
});

test('a load-shedding signal switches automation off and its end restores the mode that was set', () => {
  const world = steadyField();
  world.setValue('T.471', 'loadShedding', true);
  world.placeFault('L2');
  world.run(30_000);
  expect(world.incident).toMatchObject({ state: 'noPlan' });
  expect(world.incident.reasons.map((each) => each.en).join()).toContain('load is being shed');
  expect(feederView(world, 'F471')?.mode).toBe('automatic');
  expect(world.orders).toHaveLength(0);
  world.setValue('T.471', 'loadShedding', false);
  world.runUntil(() => world.incident.state === 'restored', 120_000);
  expect(world.isLive('a1') && world.isLive('a6')).toBe(true);
});

test('a plan at work stops when load shedding begins on the feeder that helps', () => {
  const world = steadyField();
  world.placeFault('L2');
  world.runUntil(() => world.orders.length > 0, 60_000, 20);
  world.setValue('T.472', 'loadShedding', true);
  world.run(60_000);
  expect(world.orders.filter((order) => order.equipment === '471-472-3')).toEqual([]);
  expect(world.isLive('a6')).toBe(false);
});

test('a device opened in local, or for no known reason, is moved by no plan until somebody closed it', () => {
  const world = steadyField();
  world.setValue('472-1', 'localRemote', false);
  world.moveByHand('472-1', 'open');
  world.run(3_000);
  expect(alarmTexts(world)).toContain('opened in local');
  expect(feederView(world, 'F472')?.outOfAutomatic).not.toBeNull();
  world.setValue('472-1', 'localRemote', true);
  world.placeFault('L1');
  world.run(60_000);
  expect(world.orders.filter((order) => order.equipment === '472-1')).toEqual([]);
});

test('a sectionaliser that opens in the dead time does its work: no alarm, and the fault lies behind it', () => {
  const world = steadyField({ kindOf471_2: 'sectionaliser' });
  world.placeFault('L3', true);
  world.runUntil(() => world.switchView('T.471').position === 'open', 10_000, 20);
  world.moveByHand('471-2', 'open');
  world.run(20_000);
  expect(alarmTexts(world)).not.toContain('without a command');
  expect(world.incident.suspects[0]?.section).toBe('S.a5');
  expect(world.incident.customersOut).toBe(300);
  expect(feederView(world, 'F471')?.outOfAutomatic).toBeNull();
});

test('after transformer protection the transformer stays dead and the rest comes back when a person says so', () => {
  const world = new ScriptedField(transformerStation());
  world.run(10_000);
  world.tripBy('T.131', '87T');
  world.tripBy('T.431', '87T');
  world.runUntil(() => world.incident.state === 'approval', 30_000);
  expect(world.incident.reasons.map((each) => each.en).join()).toContain('87T');
  const steps = world.incident.plan?.steps.map((step) => `${step.action} ${step.switch}`) ?? [];
  expect(steps).toContain('close 471-472-3');
  expect(steps.join()).not.toMatch(/T\.131|T\.431/);
  expect(world.incident.plan?.fault.isolated).toContain('T.T1');
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'restored', 120_000);
  expect(world.isLive('a2')).toBe(true);
  expect(world.isLive('T.H1') || world.isLive('T.L1')).toBe(false);
  // No dispatcher closes onto it either, until a person declares it sound.
  expect(world.command('T.131', 'close').status).toBe(422);
  expect(world.command('T.431', 'close').status).toBe(422);
});

test('operated lockout relays 86 without any other word condemn the equipment between them', () => {
  const world = new ScriptedField(transformerStation());
  world.run(10_000);
  for (const id of ['T.131', 'T.431']) {
    world.setValue(id, 'lockoutRelay86', true);
    world.moveByHand(id, 'open');
  }
  world.run(5_000);
  expect(world.incident.reasons.map((each) => each.en).join()).toContain('(86)');
  expect(world.incident.plan?.fault.isolated).toContain('T.T1');
  expect(world.orders).toHaveLength(0);
});

test('where condemned equipment is still live there is no plan until it is dead', () => {
  const world = new ScriptedField(transformerStation());
  world.run(10_000);
  world.tripBy('T.431', '96');
  world.run(5_000);
  expect(world.incident.reasons.map((each) => each.en).join()).toContain('is still live');
  expect(world.orders).toHaveLength(0);
});

test('busbar protection condemns the busbar, and the feeders on it come back from their neighbours', () => {
  const world = new ScriptedField(transformerStation());
  world.run(10_000);
  world.tripBy('T.431', '87B');
  world.tripBy('T.471', '87B');
  world.runUntil(() => world.incident.state === 'approval', 30_000);
  expect(world.incident.plan?.fault.isolated).toContain('T.C41');
  expect(world.incident.plan?.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'close 471-472-3',
  ]);
});

test('after lockout every station at the dead part is asked for a fresh reading within the window', () => {
  const world = steadyField();
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'evidence', 60_000, 10);
  const asked = world.decisions.at(-1) ?? '';
  for (const rtu of ['RTU.T', 'RTU.471-1', 'RTU.471-2']) expect(asked).toContain(rtu);
  // All have answered well before the window of 2 s is over: it closes early.
  const since = world.now;
  world.runUntil(() => world.incident.state !== 'evidence', 60_000, 10);
  expect(world.now - since).toBeLessThan(500);
});
