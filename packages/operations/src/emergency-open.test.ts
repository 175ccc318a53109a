import type { OperatorRequest } from '@relight/contract';
import { expect, test } from 'vitest';
import { AN, BINH, commandRequest, dispatcher, newKey, tagRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { field } from './testing/running-field.ts';

const emergency = (equipment: string): OperatorRequest => ({
  type: 'emergencyOpen',
  idempotencyKey: newKey(),
  equipment,
});

test('one person, one dialog: it selects and executes by itself', () => {
  const world = field();
  expect(world.askAs(AN, emergency('T.471')).status).toBe(202);
  world.run(1_000);
  expect(world.views.commands[0]).toMatchObject({ state: 'verified', emergency: true });
  expect(world.orders.map((order) => [order.phase, order.emergency])).toEqual([
    ['select', true],
    ['operate', true],
  ]);
});

test('a tag, a person in local and a stale position do not stand in its way', () => {
  const world = field();
  world.askAs(BINH, tagRequest('doNotOperate', 'T.471'));
  world.setValue('T.471', 'position', 'bad');
  world.stopRefreshing();
  world.run(20_000);
  expect(world.askAs(AN, emergency('T.471')).status).toBe(202);
  world.run(500);
  const operate = world.orders.find((order) => order.phase === 'operate');
  expect(operate).toMatchObject({ equipment: 'T.471', seenPosition: null, seenSequence: null });
});

test('it takes back what another person has selected on the device', () => {
  const world = field();
  const { command } = world.askAs(BINH, commandRequest('T.471', 'open'));
  world.run(500);
  world.askAs(AN, emergency('T.471'));
  world.run(1_000);
  const states = Object.fromEntries(world.views.commands.map((each) => [each.id, each.state]));
  expect(states[command?.id ?? '']).toBe('cancelled');
  expect(world.views.commands.at(-1)?.state).toBe('verified');
  expect(world.orders.filter((order) => order.phase === 'operate')).toHaveLength(1);
});

test('refused only for area, forbidden breaking or no link, and while nothing can be recorded', () => {
  const areas = field({ twoAreas: true });
  expect(areas.askAs(dispatcher('Son', ['U']), emergency('T.471')).gates).toContainEqual(
    expect.objectContaining({ name: 'area', ok: false }),
  );
  const links = field();
  links.loseRtu('RTU.T');
  expect(links.askAs(AN, emergency('T.471')).error?.message).toContain('not connected');
  const journal = field();
  journal.feed({ kind: 'journalFailed', reason: 'disk full' });
  expect(journal.askAs(AN, emergency('T.471'))).toMatchObject({ status: 503 });
});

test('low gas forbids the breaking', () => {
  const { pointList, ...rest } = twoFeeders();
  const gas = { id: 'T.471.gasLow', rtu: 'RTU.T', equipment: 'T.471', signal: 'gasLow' as const };
  const world = new ScriptedField({
    ...rest,
    pointList: { ...pointList, points: [...pointList.points, gas] },
  });
  world.run(500);
  world.setValue('T.471', 'gasLow', true);
  expect(world.askAs(AN, emergency('T.471')).error?.message).toContain('gas is low');
});

test('it is for breakers and reclosers, and the same key makes one', () => {
  const world = field();
  expect(world.askAs(AN, emergency('471-2'))).toMatchObject({ status: 422 });
  expect(world.askAs(AN, emergency('nowhere'))).toMatchObject({ status: 404 });
  const body = emergency('T.471');
  const [one, two] = [world.askAs(AN, body), world.askAs(AN, body)];
  expect(two.command?.id).toBe(one.command?.id);
});

test('the fourth emergency open within a minute goes too, and every console is told', () => {
  const world = field();
  for (const each of ['471-1', '471-2', '472-1']) world.askAs(AN, commandRequest(each, 'open'));
  expect(world.askAs(AN, emergency('T.471')).command?.approval).toBeNull();
  expect(world.views.alarms.some((each) => each.text.en.includes('4 devices'))).toBe(true);
});

test('an emergency open that is refused frees no device whose earlier close nobody knows the outcome of', () => {
  const world = field();
  const go = (operation: 'open' | 'close'): string => {
    const { command } = world.askAs(AN, commandRequest('T.471', operation));
    world.run(300);
    world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
    world.run(1_000);
    return command?.id ?? '';
  };
  go('open');
  world.misbehaviour['T.471'] = { operateAnswer: 'unknown' };
  const id = go('close');
  world.misbehaviour['T.471'] = { operateAnswer: 'refused' };
  world.askAs(AN, emergency('T.471'));
  world.run(600);
  expect(world.views.commands.at(-1)?.state).toBe('rejected');
  expect(world.askAs(AN, commandRequest('T.471', 'close')).error?.message).toContain(id);
});

test('it takes back a close that is on its way, and its outcome stays unknown until the device is read', () => {
  const world = field();
  const open = world.askAs(AN, commandRequest('T.471', 'open'));
  world.run(300);
  world.askAs(AN, { type: 'executeCommand', command: open.command?.id ?? '' });
  world.run(1_000);
  world.misbehaviour['T.471'] = { mute: true };
  const close = world.askAs(AN, commandRequest('T.471', 'close'));
  world.run(300);
  world.askAs(AN, { type: 'executeCommand', command: close.command?.id ?? '' });
  world.run(300);
  world.askAs(BINH, emergency('T.471'));
  const of = () => world.views.commands.find(({ id }) => id === close.command?.id)?.state;
  expect(of()).toBe('unknown');
  expect(world.orders).toContainEqual(
    expect.objectContaining({ commandId: close.command?.id, phase: 'cancel' }),
  );
  world.run(60_000);
  expect(of()).toBe('failed');
});
