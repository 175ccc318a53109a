import { expect, test } from 'vitest';
import type { AlarmView, PointListFile } from '@relight/contract';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const METERS = Array.from({ length: 30 }, (_, at) => `RTU.M${String(at + 1).padStart(2, '0')}`);

/** The two feeders, and thirty RTUs with one meter each. */
function field(): ScriptedField {
  const parts = twoFeeders();
  const pointList: PointListFile = {
    ...parts.pointList,
    rtus: [...parts.pointList.rtus, ...METERS.map((id) => ({ id, protocol: 'opcua' as const }))],
    points: [
      ...parts.pointList.points,
      ...METERS.map((rtu) => ({
        id: `${rtu}.current_A`,
        rtu,
        equipment: rtu,
        signal: 'current_A' as const,
      })),
    ],
  };
  const world = new ScriptedField({ ...parts, pointList });
  world.run(10_000);
  return world;
}

const shown = (world: ScriptedField, ...states: readonly AlarmView['state'][]): AlarmView[] =>
  world.views.alarms.filter((alarm) => states.includes(alarm.state));

test('thirty RTUs that vanish together are one alarm that names how many, and rows behind it', () => {
  const world = field();
  for (const rtu of METERS) {
    world.loseRtu(rtu);
    world.run(100);
  }
  const ringing = shown(world, 'unacknowledged');
  expect(ringing).toHaveLength(1);
  expect(ringing[0]).toMatchObject({
    priority: 1,
    text: { en: expect.stringMatching(/^30 RTUs/) },
  });
  const behind = shown(world, 'suppressed');
  expect(behind).toHaveLength(30);
  expect(new Set(behind.map((alarm) => alarm.group))).toEqual(new Set([ringing[0]?.id]));
  expect(world.views.summary.alarms?.floodSince_ms).toBeNull();
});

test('as the thirty come back their alarm counts down, and wants to be seen when it is over', () => {
  const world = field();
  for (const rtu of METERS) world.loseRtu(rtu);
  for (const rtu of METERS.slice(0, 29)) world.findRtu(rtu);
  expect(shown(world, 'unacknowledged')[0]?.text.en).toBe(
    '1 of 30 RTUs lost together are still silent: RTU.M30',
  );
  world.findRtu('RTU.M30');
  expect(shown(world, 'suppressed')).toHaveLength(0);
  const [group] = shown(world, 'returnedUnacknowledged');
  expect(world.views.alarms).toHaveLength(1);
  world.ask({ type: 'acknowledgeAlarm', alarm: group?.id ?? '' });
  expect(world.views.alarms).toEqual([]);
});

test('links lost one after the other, minutes apart, are alarms of their own', () => {
  const world = field();
  for (const rtu of METERS.slice(0, 8)) {
    world.loseRtu(rtu);
    world.run(60_000);
  }
  expect(shown(world, 'unacknowledged')).toHaveLength(8);
});

test('a group that was acknowledged rings anew when it grows', () => {
  const world = field();
  for (const rtu of METERS.slice(0, 6)) world.loseRtu(rtu);
  const [group] = shown(world, 'unacknowledged');
  world.ask({ type: 'acknowledgeAlarm', alarm: group?.id ?? '' });
  world.loseRtu('RTU.M07');
  expect(shown(world, 'unacknowledged')[0]).toMatchObject({ id: group?.id, count: 2 });
});

test('the eleventh new alarm within ten minutes makes a flood, and it ends below five', () => {
  const world = field();
  const load = () => world.views.summary.alarms;
  for (let n = 0; n < 11; n++) {
    expect(load()).toMatchObject({ perTenMinutes: n, floodSince_ms: null });
    world.loseRtu(METERS[n] ?? '');
    world.run(12_000);
  }
  expect(load()).toMatchObject({ perTenMinutes: 11 });
  expect(load()?.floodSince_ms).not.toBeNull();
  // The first six leave the window within their 72 s; then five are left: still a flood.
  world.runUntil(() => load()?.perTenMinutes === 5, 700_000, 1_000);
  expect(load()?.floodSince_ms).not.toBeNull();
  world.run(12_000);
  expect(load()).toMatchObject({ perTenMinutes: 4, floodSince_ms: null });
  const floods = world.journal.filter((each) => each.body['flood'] !== undefined);
  expect(floods.map((each) => each.body['flood'])).toEqual([true, false]);
});

test('suppressed and shelved alarms do not count into a flood', () => {
  const world = field();
  world.loseRtu('RTU.M01');
  const alarm = world.views.alarms[0]?.id ?? '';
  world.ask({ type: 'shelveAlarm', alarm, reason: 'chatters since noon', for_ms: 3_600_000 });
  for (let n = 0; n < 20; n++) {
    world.findRtu('RTU.M01');
    world.loseRtu('RTU.M01');
    world.run(5_000);
  }
  expect(world.views.summary.alarms).toMatchObject({ perTenMinutes: 1, floodSince_ms: null });
});

test('an RTU without supply behind a trip is the incident, not an alarm of its own', () => {
  const world = field();
  world.placeFault('L2');
  world.run(3_000);
  world.loseRtu('RTU.471-2');
  const alarm = world.views.alarms.find((each) => each.equipment === 'RTU.471-2');
  expect(alarm).toMatchObject({ state: 'suppressed', group: world.incident.id });
});

test('once its supply is back, an RTU that stays silent is an alarm', () => {
  const world = field();
  world.placeFault('L3');
  world.run(3_000);
  world.loseRtu('RTU.471-1');
  const alarm = () => world.views.alarms.find((each) => each.equipment === 'RTU.471-1');
  expect(alarm()?.state).toBe('suppressed');
  world.moveByHand('T.471', 'closed');
  world.runUntil(() => alarm()?.state !== 'suppressed');
  expect(alarm()?.state).toBe('unacknowledged');
});

test('a bad position behind a dead link only follows from the link', () => {
  const world = field();
  world.setValue('471-1', 'position', 'bad');
  const alarm = () => world.views.alarms.find((each) => each.equipment === '471-1');
  expect(alarm()?.state).toBe('unacknowledged');
  world.loseRtu('RTU.471-1');
  expect(alarm()).toMatchObject({ state: 'suppressed', suppressedBecause: expect.anything() });
  expect(shown(world, 'unacknowledged').map((each) => each.equipment)).toEqual(['RTU.471-1']);
});
