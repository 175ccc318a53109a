import { expect, test } from 'vitest';
import { AN, BINH, commandRequest, tagRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { field } from './testing/running-field.ts';

function statesOf(world: ScriptedField, id: string): unknown[] {
  return world.journal
    .filter((record) => record.kind === 'command' && record.about === id)
    .map((record) => record.body['state']);
}

test('after the first reading every section is live and no customer is out', () => {
  const world = field();
  expect(world.views.sections.every((section) => section.state === 'live')).toBe(true);
  expect(world.views.summary).toMatchObject({ customers: 1200, customersOut: 0, rtusUp: 6 });
});

test('a person opens a switch: selected, executed, and verified by the reported position', () => {
  const world = field();
  const reply = world.command('471-2', 'open');
  expect(reply.status).toBe(202);
  const id = reply.command?.id ?? '';
  world.run(500);
  expect(world.views.commands[0]?.state).toBe('selected');
  world.ask({ type: 'executeCommand', command: id });
  world.run(6_000);
  expect(statesOf(world, id)).toEqual([
    'requested',
    'selected',
    'executing',
    'acknowledged',
    'verified',
  ]);
  expect(world.views.summary.customersOut).toBe(300);
  expect(world.switchView('471-2')).toMatchObject({ position: 'open', normal: false });
});

test('nothing goes to the RTU before the record that leads to it is on disk', () => {
  const world = field();
  const { command } = world.command('471-2', 'open');
  expect(world.orders).toHaveLength(0);
  world.run(500);
  expect(world.orders.map((order) => order.phase)).toEqual(['select']);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  expect(world.orders).toHaveLength(1);
  world.run(9);
  expect(world.orders).toHaveLength(1);
  world.run(2);
  expect(world.orders.map((order) => order.phase)).toEqual(['select', 'operate']);
});

test('a selection that nobody executes expires and is given up at the RTU', () => {
  const world = field();
  world.command('471-2', 'open');
  world.run(31_000);
  expect(world.views.commands[0]?.state).toBe('expired');
  expect(world.orders.at(-1)?.phase).toBe('cancel');
});

test('a selection that ran out while the process stood still is not executed by who comes first', () => {
  const world = field();
  const id = world.command('471-2', 'open').command?.id ?? '';
  world.run(500);
  expect(world.views.commands[0]?.state).toBe('selected');
  world.stall(31_000);
  expect(world.ask({ type: 'executeCommand', command: id })).toMatchObject({ status: 409 });
  world.run(1_000);
  expect(world.views.commands[0]?.state).toBe('expired');
  expect(world.orders.map(({ phase }) => phase)).toEqual(['select', 'cancel']);
});

test('the same key and the same wish is the same command; another wish under it is a conflict', () => {
  const world = field();
  const first = world.command('471-2', 'open', 'key-00000001');
  const again = world.command('471-2', 'open', 'key-00000001');
  expect(again.status).toBe(202);
  expect(again.command?.id).toBe(first.command?.id);
  expect(world.command('471-1', 'open', 'key-00000001')).toMatchObject({
    status: 409,
    error: { code: 'RL-025' },
  });
  world.run(500);
  expect(world.orders).toHaveLength(1);
});

test('the second person at a device is told who holds it', () => {
  const world = field();
  world.command('471-2', 'open', 'key-00000001');
  const second = world.command('471-2', 'open', 'key-00000002');
  expect(second.status).toBe(409);
  expect(second.error?.message).toContain('held by An');
});

test('closing the tie of two live feeders is refused: it would close a loop', () => {
  const world = field();
  const reply = world.command('471-472-3', 'close');
  expect(reply.status).toBe(422);
  expect(reply.gates?.find((gate) => gate.name === 'parallel')?.ok).toBe(false);
  expect(world.orders).toHaveLength(0);
});

test('a device on Local, behind a lost link or of unknown position is not operated', () => {
  const world = field();
  world.setValue('471-1', 'localRemote', false);
  expect(world.command('471-1', 'open').error?.message).toContain('Local');
  world.loseRtu('RTU.471-2');
  expect(world.command('471-2', 'open').error?.message).toContain('not connected');
  world.setValue('472-1', 'position', 'bad');
  expect(world.command('472-1', 'open').error?.message).toContain('indeterminate');
  expect(world.orders).toHaveLength(0);
  expect(world.switchView('471-2').quality).toBe('notTopical');
});

test('an RTU that acknowledges while its drive does not move: failed, with an alarm', () => {
  const world = field();
  world.misbehaviour['471-2'] = { stuck: true };
  const { command } = world.command('471-2', 'open');
  world.run(500);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.run(31_000);
  expect(world.views.commands[0]?.state).toBe('failed');
  expect(world.views.alarms.some((alarm) => alarm.text.en.includes('did not move'))).toBe(true);
});

test('an outcome nobody knows blocks the device until a newer reading settles it', () => {
  const world = field();
  world.misbehaviour['471-2'] = { operateAnswer: 'unknown' };
  const { command } = world.command('471-2', 'open');
  world.run(500);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.run(500);
  expect(world.views.commands[0]?.state).toBe('unknown');
  expect(world.command('471-2', 'open', 'key-other-one').status).toBe(422);
  world.run(45_000);
  expect(world.views.commands[0]).toMatchObject({ state: 'failed' });
  expect(world.orders.filter((order) => order.phase === 'operate')).toHaveLength(1);
});

test('a switch that moves without a command raises an alarm within 2 s and takes its feeder out', () => {
  const world = field();
  world.moveByHand('471-1', 'open');
  world.run(2_000);
  const alarm = world.views.alarms.find((each) => each.equipment === '471-1');
  expect(alarm?.text.en).toContain('without a command');
  expect(world.views.feeders.find((feeder) => feeder.id === 'F471')?.outOfAutomatic).not.toBeNull();
  expect(world.views.incidents).toHaveLength(0);
  world.ask({ type: 'acknowledgeAlarm', alarm: alarm?.id ?? '' });
  expect(world.views.feeders.find((feeder) => feeder.id === 'F471')?.outOfAutomatic).toBeNull();
});

/** Asks for a close and executes it; the device takes its time to move. */
function closeNow(world: ScriptedField, equipment: string) {
  const reply = world.askAs(AN, commandRequest(equipment, 'close'));
  world.run(300);
  if (reply.command === undefined) return reply;
  return world.askAs(AN, { type: 'executeCommand', command: reply.command.id });
}

test('two closes at once never feed one dead part from both sides', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(500);
  world.moveByHand('471-1', 'open');
  world.run(1_500);
  const first = world.askAs(AN, commandRequest('471-1', 'close'));
  const second = world.askAs(BINH, commandRequest('471-472-3', 'close'));
  world.run(300);
  world.askAs(AN, { type: 'executeCommand', command: first.command?.id ?? '' });
  world.askAs(BINH, { type: 'executeCommand', command: second.command?.id ?? '' });
  world.run(30_000);
  const written = world.orders.filter(({ phase }) => phase === 'operate');
  expect(written.map(({ equipment }) => equipment)).toEqual(['471-1']);
  expect(world.isLive('a6')).toBe(true);
});

test('no close of a part onto which another close of unknown outcome may still join a crew', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(500);
  world.moveByHand('471-1', 'open');
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  world.misbehaviour['471-2'] = { operateAnswer: 'unknown' };
  expect(closeNow(world, '471-2').status).toBe(202);
  world.run(300);
  world.askAs(BINH, tagRequest('crewAtWork', 'S.a5'));
  expect(closeNow(world, '471-1')).toMatchObject({ status: 422 });
  world.run(60_000);
  expect(closeNow(world, '471-1').status).toBe(202);
});
