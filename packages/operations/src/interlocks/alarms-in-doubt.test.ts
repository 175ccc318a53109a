import { FORBIDDING_ALARMS, type PointValue, type Quality, type Signal } from '@relight/contract';
import { expect, test } from 'vitest';
import { checkGates } from '../gates.ts';
import { AN, newKey } from '../testing/people.ts';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders } from '../testing/two-feeders.ts';

/** Two feeders where one device has one alarm, reported by an RTU of its own, the cabinet's. */
function fieldWith(equipment: string, signal: Signal, unread = false): ScriptedField {
  const { grid, pointList } = twoFeeders();
  const world = new ScriptedField(
    {
      grid,
      pointList: {
        ...pointList,
        rtus: [...pointList.rtus, { id: 'RTU.X', protocol: 'modbus-tcp' }],
        points: [
          ...pointList.points.filter(({ id }) => id !== `${equipment}.${signal}`),
          { id: `${equipment}.${signal}`, rtu: 'RTU.X', equipment, signal },
        ],
      },
    },
    {},
    unread ? { positions: new ScriptedField(twoFeeders()).positions, unread: ['RTU.X'] } : null,
  );
  world.run(10_000);
  return world;
}

function device(world: ScriptedField, equipment: string, name = 'device'): string {
  const gates = checkGates(
    world.engine,
    world.state,
    { equipment, operation: 'open' },
    { monotonic_ms: world.now },
  );
  const found = gates?.find((each) => each.name === name);
  return `${found?.ok === true ? 'open' : 'shut'}: ${found?.text.en}`;
}

/** The alarm reads so, once. */
function reads(world: ScriptedField, point: string, value: PointValue, quality: Quality): void {
  const times = { sourceTime_ms: world.wall_ms, receiveTime_ms: world.wall_ms };
  const update = { point, value, quality, ...times, sequence: 1_000_000 };
  world.feed({ kind: 'telemetry', updates: [update] });
}

const IN_DOUBT = {
  gasLow: 'shut: not known whether gas is low',
  batteryLow: 'shut: not known whether the battery is low',
  operationBlocked: 'shut: not known whether the device is blocked',
  underTest: 'shut: not known whether the device is under test',
  lockoutRelay86: 'shut: not known whether lockout relay 86 has operated',
} as const;

test.each(FORBIDDING_ALARMS)(
  'a switch whose %s was never read is not operated until it has been',
  (signal) => {
    const world = fieldWith('471-2', signal, true);
    expect(device(world, '471-2')).toBe(IN_DOUBT[signal]);
    const asked = world.command('471-2', 'open');
    expect(asked.error?.message).toContain('not known whether');
    expect(world.orders).toHaveLength(0);
    world.findRtu('RTU.X');
    expect(device(world, '471-2')).toBe('open: no equipment alarm');
  },
);

test.each(['invalid', 'notTopical', 'questionable', 'substituted', 'blocked'] as const)(
  'an alarm that is off by a reading marked %s is no alarm known to be off',
  (quality) => {
    const world = fieldWith('471-2', 'batteryLow');
    expect(device(world, '471-2')).toBe('open: no equipment alarm');
    reads(world, '471-2.batteryLow', false, quality);
    expect(device(world, '471-2')).toBe(IN_DOUBT.batteryLow);
  },
);

test('what a switch does not report at all stands in nobody’s way', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(500);
  expect(device(world, '471-2')).toBe('open: no equipment alarm');
});

test('an alarm that stands is named before one that is in doubt', () => {
  const world = fieldWith('T.471', 'gasLow', true);
  world.setValue('T.471', 'lockoutRelay86', true);
  expect(device(world, 'T.471')).toBe('shut: lockout relay 86 has operated');
});

test('an alarm that was last read too long ago is read again before the device is selected', () => {
  const world = fieldWith('471-2', 'operationBlocked');
  world.stopRefreshing();
  world.freeze('RTU.X');
  world.run(15_000);
  world.command('471-2', 'open');
  world.run(1_000);
  expect(world.views.commands[0]).toMatchObject({ state: 'rejected' });
  expect(world.orders).toHaveLength(0);
});

test('a plan passes over a tie whose battery nobody knows, says why, and offers it once it is known', () => {
  const world = fieldWith('471-472-3', 'batteryLow');
  world.loseRtu('RTU.X');
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.some((each) => each.closedAt_ms !== null));
  const operated = world.orders.filter(({ phase }) => phase === 'operate');
  expect(operated.some(({ equipment }) => equipment === '471-472-3')).toBe(false);
  expect(['a2', 'a4', 'a6'].map((at) => world.isLive(at))).toEqual([true, false, false]);
  const dark = world.incident.staysDark.find(({ name }) => name === '471 S3');
  expect(dark?.why.en).toContain('in doubt');
  expect(dark?.why.en).toContain('471/472-3');
  world.findRtu('RTU.X');
  world.runUntil(() => world.incident.state === 'approval');
  expect(world.incident.plan?.steps.map((step) => step.switch)).toContain('471-472-3');
});

test('a tie whose alarm falls into doubt between select and write is not written', () => {
  const world = fieldWith('471-472-3', 'operationBlocked');
  world.placeFault('L2');
  world.runUntil(
    () => world.orders.some((each) => each.equipment === '471-472-3' && each.phase === 'select'),
    200_000,
    5,
  );
  world.loseRtu('RTU.X');
  world.run(60_000);
  const operated = world.orders.filter(({ phase }) => phase === 'operate');
  expect(operated.some(({ equipment }) => equipment === '471-472-3')).toBe(false);
  expect(world.isLive('a6')).toBe(false);
});

test('an emergency open is not refused because of a doubt, and shows it', () => {
  const world = fieldWith('T.471', 'gasLow', true);
  const reply = world.askAs(AN, {
    type: 'emergencyOpen',
    idempotencyKey: newKey(),
    equipment: 'T.471',
  });
  expect(reply.status).toBe(202);
  expect(reply.gates?.find(({ name }) => name === 'breaking')).toMatchObject({
    ok: true,
    text: { en: 'not known whether gas is low' },
  });
});

test.each([
  ['notTopical', 422],
  ['invalid', 202],
] as const)(
  'an emergency open where the last word was "gas is low", now %s, gets %d',
  (quality, status) => {
    const world = fieldWith('T.471', 'gasLow');
    reads(world, 'T.471.gasLow', true, quality);
    const reply = world.askAs(AN, {
      type: 'emergencyOpen',
      idempotencyKey: newKey(),
      equipment: 'T.471',
    });
    expect(reply.status).toBe(status);
  },
);
