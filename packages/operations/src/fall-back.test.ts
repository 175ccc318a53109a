import { expect, test } from 'vitest';
import { AN, commandRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** A person has carried out a command, and it was verified. */
function carriedOut(equipment: string, operation: 'open' | 'close') {
  const world = new ScriptedField(twoFeeders());
  world.run(500);
  if (operation === 'close') world.moveByHand(equipment, 'open');
  world.run(90_000);
  const { command } = world.askAs(AN, commandRequest(equipment, operation));
  const id = command?.id ?? '';
  world.run(700);
  world.askAs(AN, { type: 'executeCommand', command: id });
  const state = () => world.views.commands.find((each) => each.id === id);
  world.runUntil(() => state()?.state === 'verified');
  return { world, id, state };
}

function alarmsOf(world: ScriptedField, equipment: string): string {
  return world.views.alarms
    .filter((alarm) => alarm.equipment === equipment && alarm.state === 'unacknowledged')
    .map((alarm) => `${alarm.priority} ${alarm.text.en}`)
    .join('\n');
}

test('a switch that opens by a person’s command and falls back: that command has failed, and is named', () => {
  const { world, id, state } = carriedOut('471-1', 'open');
  world.run(4_000);
  world.moveByHand('471-1', 'closed');
  world.run(100);
  expect(state()).toMatchObject({ state: 'failed' });
  expect(state()?.reason?.en).toContain('fell back');
  expect(alarmsOf(world, '471-1')).toMatch(new RegExp(`^1 LBS 471/1: command to open.*${id}`, 'm'));
  const last = world.journal.findLast(({ kind }) => kind === 'command');
  expect(last).toMatchObject({ about: id, body: { state: 'failed' } });
  expect(world.orders.filter(({ phase }) => phase === 'operate')).toHaveLength(1);
});

test('a second request for the device within the minute hides no fall-back', () => {
  const { world, state } = carriedOut('471-1', 'open');
  // One that is refused, one that waits for its execution, one of another kind.
  expect(world.askAs(AN, commandRequest('471-1', 'open')).status).toBe(422);
  const { command } = world.askAs(AN, commandRequest('471-1', 'close'));
  world.run(700);
  expect(world.views.commands.find(({ id }) => id === command?.id)?.state).toBe('selected');
  // Executed, but refused on its way: nothing was written.
  world.refuseNext('471-1', 'gateway');
  world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
  world.run(700);
  expect(world.views.commands.find(({ id }) => id === command?.id)?.state).toBe('rejected');
  world.moveByHand('471-1', 'closed');
  world.run(100);
  expect(state()?.state).toBe('failed');
  expect(state()?.reason?.en).toContain('fell back');
});

test('a later command that was written and may have moved the device is no fall-back of the first', () => {
  const { world, state } = carriedOut('471-1', 'open');
  world.misbehaviour['471-1'] = { operateAnswer: 'unknown', stuck: true };
  const { command } = world.askAs(AN, commandRequest('471-1', 'close'));
  world.run(700);
  world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
  world.run(1_000);
  world.moveByHand('471-1', 'closed');
  world.run(500);
  expect(state()?.state).toBe('verified');
});

test('the automation leaves it alone until a person has acknowledged that it fell back', () => {
  const { world, id } = carriedOut('471-1', 'open');
  const acknowledge = (key: string) => {
    const alarm = [...world.state.alarms.values()].find((each) => each.key === key);
    world.ask({ type: 'acknowledgeAlarm', alarm: alarm?.id ?? '' });
  };
  // That the person moved it has been acknowledged before it fell back.
  acknowledge('manual/471-1');
  expect(world.switchView('471-1').outOfAutomation).toBeNull();
  world.moveByHand('471-1', 'closed');
  world.run(100);
  expect(world.switchView('471-1').outOfAutomation?.en).toContain('acknowledged');
  acknowledge(`once/command/${id}`);
  expect(world.switchView('471-1').outOfAutomation).toBeNull();
});

test('a close that falls back has failed too, once no trip explains it', () => {
  const { world, state } = carriedOut('471-2', 'close');
  world.moveByHand('471-2', 'open');
  world.run(500);
  expect(state()?.state).toBe('verified');
  world.run(1_000);
  expect(state()?.state).toBe('failed');
});

test('a breaker that trips onto a fault has not fallen back', () => {
  const { world, state } = carriedOut('T.471', 'close');
  world.setValue('T.471', 'protectionTrip', true);
  world.moveByHand('T.471', 'open');
  world.run(3_000);
  expect(state()?.state).toBe('verified');
});

test('what somebody moves back at the device, in local, has not fallen back', () => {
  const { world, state } = carriedOut('471-1', 'open');
  world.setValue('471-1', 'localRemote', false);
  world.moveByHand('471-1', 'closed');
  world.run(100);
  expect(state()?.state).toBe('verified');
});

test('a move long after the command is one of its own', () => {
  const { world, state } = carriedOut('471-1', 'open');
  world.run(61_000);
  world.moveByHand('471-1', 'closed');
  world.run(100);
  expect(state()?.state).toBe('verified');
});
