import { expect, test } from 'vitest';
import type { AlarmView } from '@relight/contract';
import type { ScriptedField } from './testing/scripted-field.ts';
import { steadyField } from './testing/running-field.ts';

function alarmOf(world: ScriptedField, equipment: string): AlarmView | undefined {
  return world.views.alarms.find((alarm) => alarm.equipment === equipment);
}

test('a lost link is one alarm, returns when the link is back, and ends when it was seen', () => {
  const world = steadyField();
  world.loseRtu('RTU.471-1');
  expect(alarmOf(world, 'RTU.471-1')).toMatchObject({ state: 'unacknowledged', priority: 2 });
  world.findRtu('RTU.471-1');
  expect(alarmOf(world, 'RTU.471-1')?.state).toBe('returnedUnacknowledged');
  const id = alarmOf(world, 'RTU.471-1')?.id ?? '';
  expect(world.ask({ type: 'acknowledgeAlarm', alarm: id }, 'Bình').status).toBe(202);
  expect(alarmOf(world, 'RTU.471-1')).toBeUndefined();
});

test('an acknowledged alarm stands until its cause has gone, and names who saw it', () => {
  const world = steadyField();
  world.loseRtu('RTU.471-1');
  world.ask({ type: 'acknowledgeAlarm', alarm: alarmOf(world, 'RTU.471-1')?.id ?? '' }, 'Bình');
  expect(alarmOf(world, 'RTU.471-1')).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'Bình',
  });
  world.findRtu('RTU.471-1');
  expect(alarmOf(world, 'RTU.471-1')).toBeUndefined();
});

test('the trip of a breaker is one alarm that says so again when it locks out', () => {
  const world = steadyField();
  world.placeFault('L3');
  world.run(500);
  expect(alarmOf(world, 'T.471')?.text.en).toBe('MC 471 tripped: protection operated');
  world.ask({ type: 'acknowledgeAlarm', alarm: alarmOf(world, 'T.471')?.id ?? '' });
  world.run(2_000);
  expect(world.views.alarms.filter((alarm) => alarm.equipment === 'T.471')).toHaveLength(1);
  expect(alarmOf(world, 'T.471')).toMatchObject({
    state: 'unacknowledged',
    incident: 'SC-0001',
    text: { en: 'MC 471 tripped and locked out' },
  });
});

test('an alarm nobody knows is answered with 404', () => {
  expect(steadyField().ask({ type: 'acknowledgeAlarm', alarm: 'A-none' })).toMatchObject({
    status: 404,
    error: { code: 'RL-023' },
  });
});

test('the sequence of events keeps the last 500 in order', () => {
  const world = steadyField();
  for (let i = 0; i < 600; i++) world.setValue('471-1', 'localRemote', i % 2 === 1);
  const { events } = world.views;
  expect(events).toHaveLength(500);
  expect(
    events.every((event, i) => i === 0 || event.sequence === (events[i - 1]?.sequence ?? 0) + 1),
  ).toBe(true);
});
