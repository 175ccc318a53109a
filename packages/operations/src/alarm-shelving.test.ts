import type { AlarmView, CarriedOver, OperatorRequest } from '@relight/contract';
import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { steadyField } from './testing/running-field.ts';

const HOUR_ms = 3_600_000;
const RTU = 'RTU.471-1';

const linkAlarm = (world: ScriptedField): AlarmView | undefined =>
  world.views.alarms.find((alarm) => alarm.equipment === RTU);

function shelve(world: ScriptedField, for_ms = HOUR_ms) {
  const alarm = linkAlarm(world)?.id ?? '';
  return world.ask({ type: 'shelveAlarm', alarm, reason: 'modem is replaced', for_ms }, 'Lan');
}

test('a shelved alarm leaves the ringing rows and shows who put it aside, why, and till when', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  expect(shelve(world).status).toBe(202);
  expect(linkAlarm(world)).toMatchObject({
    state: 'shelved',
    stands: true,
    shelved: { by: 'Lan', reason: 'modem is replaced', until_ms: world.wall_ms + HOUR_ms },
  });
  expect(world.views.summary.alarms).toMatchObject({ shelved: 1, unacknowledged: [0, 0, 0, 0] });
});

test('at the end of its time a shelved alarm rings anew where its cause still stands', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  world.ask({ type: 'acknowledgeAlarm', alarm: linkAlarm(world)?.id ?? '' });
  shelve(world, 60_000);
  world.run(59_000);
  expect(linkAlarm(world)?.state).toBe('shelved');
  world.run(2_000);
  expect(linkAlarm(world)).toMatchObject({ state: 'unacknowledged', shelved: null });
});

test('a shelved alarm whose cause has gone and come stays quiet, and ends with its shelf if it has gone', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  shelve(world);
  world.findRtu(RTU);
  expect(linkAlarm(world)).toMatchObject({ state: 'shelved', stands: false });
  world.loseRtu(RTU);
  expect(linkAlarm(world)).toMatchObject({ state: 'shelved', stands: true, count: 2 });
  world.findRtu(RTU);
  world.run(HOUR_ms + 1_000);
  expect(linkAlarm(world)).toBeUndefined();
});

test('taken back by hand before its end it rings anew', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  shelve(world);
  const alarm = linkAlarm(world)?.id ?? '';
  expect(world.ask({ type: 'unshelveAlarm', alarm }).status).toBe(202);
  expect(linkAlarm(world)?.state).toBe('unacknowledged');
  expect(world.ask({ type: 'unshelveAlarm', alarm })).toMatchObject({
    status: 409,
    error: { code: 'RL-027' },
  });
});

test('an alarm of priority 1 can neither be shelved nor taken out of service', () => {
  const world = steadyField();
  world.placeFault('L3');
  world.run(500);
  const trip = world.views.alarms.find((alarm) => alarm.equipment === 'T.471');
  expect(trip).toMatchObject({ priority: 1, maySilence: false });
  const requests: OperatorRequest[] = [
    { type: 'shelveAlarm', alarm: trip?.id ?? '', reason: 'too loud', for_ms: HOUR_ms },
    { type: 'takeAlarmOutOfService', alarm: trip?.id ?? '', reason: 'too loud' },
  ];
  for (const request of requests) {
    expect(world.ask(request)).toMatchObject({ status: 422, error: { code: 'RL-060' } });
  }
  expect(world.views.alarms.find((alarm) => alarm.id === trip?.id)?.state).toBe('unacknowledged');
});

test('out of service an alarm is followed in silence until it is put back', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  const alarm = linkAlarm(world)?.id ?? '';
  world.ask({ type: 'takeAlarmOutOfService', alarm, reason: 'pole is being moved' }, 'Lan');
  world.run(10 * HOUR_ms);
  expect(linkAlarm(world)).toMatchObject({
    state: 'outOfService',
    outOfService: { by: 'Lan', reason: 'pole is being moved' },
  });
  expect(world.ask({ type: 'returnAlarmToService', alarm }).status).toBe(202);
  expect(linkAlarm(world)?.state).toBe('unacknowledged');
});

test('many alarms are acknowledged at once by name, or none where one is unknown', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  world.loseRtu('RTU.472-1');
  const alarms = world.views.alarms.map((alarm) => alarm.id);
  const wrong = world.ask({ type: 'acknowledgeAlarms', alarms: [...alarms, 'A-none'] });
  expect(wrong).toMatchObject({ status: 404, error: { code: 'RL-023' } });
  expect(world.views.summary.alarms?.unacknowledged).toEqual([0, 2, 0, 0]);
  expect(world.ask({ type: 'acknowledgeAlarms', alarms }, 'Bình').status).toBe(202);
  expect(world.views.alarms.map((alarm) => alarm.acknowledgedBy)).toEqual(['Bình', 'Bình']);
});

test('all alarms of an incident are acknowledged with one request', () => {
  const world = steadyField();
  world.placeFault('L3');
  world.run(3_000);
  const { id } = world.incident;
  const ofIncident = (): AlarmView[] => world.views.alarms.filter((alarm) => alarm.group === id);
  expect(ofIncident().length).toBeGreaterThan(0);
  expect(world.ask({ type: 'acknowledgeGroup', group: id }, 'Bình').status).toBe(202);
  expect(ofIncident().every((alarm) => alarm.state === 'acknowledged')).toBe(true);
  expect(world.ask({ type: 'acknowledgeGroup', group: 'SC-9' }).status).toBe(404);
});

test('every change of an alarm is in the journal with who made it', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  shelve(world, 60_000);
  world.run(61_000);
  world.ask({ type: 'acknowledgeAlarm', alarm: linkAlarm(world)?.id ?? '' }, 'Bình');
  world.findRtu(RTU);
  const said = world.journal
    .filter((each) => each.body['key'] === `link/${RTU}`)
    .map((each) => [each.body['change'], each.by]);
  expect(said).toEqual([
    ['raised', 'relight'],
    ['shelved', 'Lan'],
    ['shelfOver', 'relight'],
    ['acknowledged', 'Bình'],
    ['ended', 'relight'],
  ]);
});

/** A new run of the control centre over the same field, with what its journal left. */
function restarted(
  world: ScriptedField,
  left: Partial<CarriedOver>,
  unread: readonly string[] = [],
): ScriptedField {
  return new ScriptedField(
    twoFeeders(),
    {},
    {
      positions: world.positions,
      carriedOver: { lastIncident: 0, keptDead: [], openCommands: [], ...left },
      unread,
    },
  );
}

function lastWord(world: ScriptedField, key: string) {
  const { body } = world.journal.findLast((each) => each.body['key'] === key) ?? { body: {} };
  return body as unknown as NonNullable<CarriedOver['alarms']>[number];
}

test('a shelved alarm is still shelved after a restart, and no longer than agreed', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  shelve(world, HOUR_ms);
  const again = restarted(world, { alarms: [lastWord(world, `link/${RTU}`)] });
  again.loseRtu(RTU);
  expect(linkAlarm(again)).toMatchObject({ state: 'shelved', shelved: { by: 'Lan' } });
  again.run(HOUR_ms + 1_000);
  expect(linkAlarm(again)?.state).toBe('unacknowledged');
});

test('who has acknowledged an alarm that still stands is known after a restart', () => {
  const world = steadyField();
  world.loseRtu(RTU);
  world.ask({ type: 'acknowledgeAlarm', alarm: linkAlarm(world)?.id ?? '' }, 'Bình');
  const again = restarted(world, { alarms: [lastWord(world, `link/${RTU}`)] }, [RTU]);
  again.loseRtu(RTU);
  expect(linkAlarm(again)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Bình' });
  again.findRtu(RTU);
  expect(linkAlarm(again)).toBeUndefined();
});

test('a trip alarm of before a restart ends where its breaker is read closed', () => {
  const world = steadyField();
  world.placeFault('L3');
  world.run(500);
  const closed = steadyField();
  const again = restarted(closed, {
    alarms: [{ ...lastWord(world, 'trip/T.471'), state: 'acknowledged' }],
  });
  expect(again.views.alarms).toEqual([]);
});

test('a feeder taken out of automatic is still out after a restart, until the alarm is acknowledged', () => {
  const world = steadyField();
  world.moveByHand('471-2', 'open');
  world.run(2_000);
  const out = world.journal.findLast((each) => each.body['outOfAutomatic'] !== undefined);
  const key = String(out?.body['alarmKey']);
  const again = restarted(world, {
    alarms: [lastWord(world, key)],
    feedersOut: [
      { feeder: 'F471', reason: { vi: 'mở không do lệnh', en: 'opened by itself' }, alarmKey: key },
    ],
  });
  const feeder = () => again.views.feeders.find(({ id }) => id === 'F471')?.outOfAutomatic;
  expect(feeder()).toMatchObject({ en: 'opened by itself' });
  const alarm = again.views.alarms.find((each) => each.equipment === '471-2')?.id ?? '';
  again.ask({ type: 'acknowledgeAlarm', alarm });
  expect(feeder()).toBeNull();
});

test('the mode a person gave a feeder is kept over a restart', () => {
  const again = restarted(steadyField(), { feederModes: { F471: 'disabled', gone: 'advisory' } });
  expect(again.views.feeders.map(({ mode }) => mode)).toEqual(['disabled', 'automatic']);
});
