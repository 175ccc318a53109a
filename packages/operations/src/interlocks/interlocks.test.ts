import type { Gate, SwitchOperation } from '@relight/contract';
import { expect, test } from 'vitest';
import { checkGates } from '../gates.ts';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from '../testing/two-feeders.ts';
import { field } from '../testing/running-field.ts';

function gate(
  world: ScriptedField,
  equipment: string,
  operation: SwitchOperation,
  name: string,
): Gate {
  const gates = checkGates(
    world.engine,
    world.state,
    { equipment, operation },
    { monotonic_ms: world.now },
  );
  const found = gates?.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no gate ${name}`);
  return found;
}

/** Opens a switch as a person does and waits until it is verified. */
function open(world: ScriptedField, equipment: string): void {
  const { command } = world.command(equipment, 'open', `open-${equipment}`);
  world.run(500);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.run(6_000);
}

test('every gate is listed in the same order, met or not', () => {
  const world = field();
  const namesOf = (equipment: string, operation: SwitchOperation) =>
    checkGates(
      world.engine,
      world.state,
      { equipment, operation },
      { monotonic_ms: world.now },
    )?.map((each) => each.name);
  const expected = [
    ...['remote', 'link', 'key', 'device', 'quality', 'age', 'position', 'block', 'tag'],
    ...[
      'fault',
      'trip',
      'earth',
      'crew',
      'hotLine',
      'parallel',
      'phaseOrder',
      'neutral',
      'breaking',
      'limits',
      'critical',
    ],
  ];
  const end = ['control', 'operator', 'plan', 'journal'];
  expect(namesOf('471-1', 'open')).toEqual([...expected, 'area', 'bulk', ...end]);
  expect(namesOf('471-472-3', 'close')).toEqual([...expected, 'area', ...end]);
  expect(namesOf('nowhere', 'open')).toBeUndefined();
});

test('checking the gates changes nothing', () => {
  const world = field();
  const before = JSON.stringify(world.views);
  gate(world, '471-472-3', 'close', 'limits');
  expect(JSON.stringify(world.views)).toBe(before);
});

test('interlock 1: no close that would energise an earthed node', () => {
  const world = field({ earthed: ['a6'] });
  world.moveByHand('471-2', 'open');
  world.run(500);
  expect(gate(world, '471-2', 'close', 'earth')).toMatchObject({
    ok: false,
    text: { en: 'would energise a6, which is earthed' },
  });
  expect(gate(world, '471-472-3', 'close', 'earth').ok).toBe(false);
});

test('interlock 1: an unknown position counts as closed towards an earth', () => {
  const world = field({ earthed: ['a6'] });
  world.moveByHand('471-1', 'open');
  world.moveByHand('471-2', 'open');
  world.run(500);
  expect(gate(world, '471-1', 'close', 'earth').ok).toBe(true);
  world.loseRtu('RTU.471-2');
  expect(gate(world, '471-1', 'close', 'earth').ok).toBe(false);
});

test('interlock 2: two live sides are a loop, unless switch and angle group allow it', () => {
  expect(gate(field(), '471-472-3', 'close', 'parallel')).toMatchObject({
    ok: false,
    text: { en: 'would close a loop: both sides are live' },
  });
  expect(gate(field({ parallelAllowed: true }), '471-472-3', 'close', 'parallel').ok).toBe(true);
});

test('interlock 2: a side that may be live through an unknown position counts as live', () => {
  const world = field({ parallelAllowed: true });
  world.moveByHand('471-2', 'open');
  world.run(500);
  expect(gate(world, '471-472-3', 'close', 'parallel').ok).toBe(true);
  world.loseRtu('RTU.471-2');
  expect(gate(world, '471-472-3', 'close', 'parallel')).toMatchObject({
    ok: false,
    text: { en: 'both sides may be live (a position is not known, or a generator)' },
  });
});

test('interlock 3: a disconnector moves only while both sides are dead', () => {
  const world = field({ kindOf471_2: 'disconnector' });
  expect(gate(world, '471-2', 'open', 'breaking').ok).toBe(false);
  world.moveByHand('471-1', 'open');
  world.run(500);
  expect(gate(world, '471-2', 'open', 'breaking').ok).toBe(true);
});

test('interlock 1: a generator energises an earth that no source of the grid reaches', () => {
  const dead = (options: TwoFeederOptions) => {
    const world = field({ earthed: ['a6'], ...options });
    for (const each of ['T.471', '471-1', '471-2']) world.moveByHand(each, 'open');
    world.run(500);
    return gate(world, '471-2', 'close', 'earth');
  };
  expect(dead({}).ok).toBe(true);
  expect(dead({ generators: [{ node: 'a4' }] }).ok).toBe(false);
});

test('interlock 2: a part that a generator may keep alive by itself is not joined to a live one', () => {
  const joined = (canIsland: boolean) => {
    const world = field({ generators: [{ node: 'a6', canIsland }] });
    world.moveByHand('471-2', 'open');
    world.run(500);
    return gate(world, '471-2', 'close', 'parallel').ok;
  };
  expect(joined(true)).toBe(false);
  expect(joined(false)).toBe(true);
});

test('interlock 3: a disconnector counts its part as live while a generator hangs on it', () => {
  const world = field({ kindOf471_2: 'disconnector', generators: [{ node: 'a6' }] });
  world.moveByHand('471-1', 'open');
  world.run(500);
  expect(gate(world, '471-2', 'open', 'breaking').ok).toBe(false);
});

test('interlock 5: a close that would overload the line on the way is refused with figures', () => {
  const world = field({ lineRating_A: 100 });
  world.moveByHand('471-2', 'open');
  world.run(500);
  // 472 carries 3 MW (79 A) already; 1.5 MW of the third section come on top.
  const limits = gate(world, '471-472-3', 'close', 'limits');
  expect(limits.ok).toBe(false);
  expect(limits.text.en).toMatch(/^M1: 1[12]\d %, allowed 100 %$/);
  const roomy = field({ lineRating_A: 200 });
  roomy.moveByHand('471-2', 'open');
  roomy.run(500);
  expect(gate(roomy, '471-472-3', 'close', 'limits').ok).toBe(true);
});

test('opening needs no room, and closes nothing', () => {
  const world = field({ earthed: ['a6'], lineRating_A: 1 });
  for (const name of ['fault', 'earth', 'parallel', 'limits']) {
    expect(gate(world, '471-1', 'open', name).ok).toBe(true);
  }
});

test('a reading older than allowed is asked for again before the device is selected', () => {
  const world = field();
  world.stopRefreshing();
  world.run(15_000);
  expect(gate(world, '471-2', 'open', 'age').ok).toBe(false);
  const reply = world.command('471-2', 'open');
  expect(reply.status).toBe(202);
  expect(world.orders).toHaveLength(0);
  world.run(500);
  expect(world.views.commands[0]?.state).toBe('selected');
});

test('a reading that cannot be renewed leads to no select', () => {
  const world = field();
  world.stopRefreshing();
  world.run(15_000);
  world.freeze('RTU.471-2');
  world.command('471-2', 'open');
  world.run(1_000);
  expect(world.views.commands[0]).toMatchObject({ state: 'rejected' });
  expect(world.orders).toHaveLength(0);
});

test('a fault indicator alone cannot be commanded, and an unknown switch is named', () => {
  const world = field();
  expect(world.command('FI.471-1', 'open')).toMatchObject({
    status: 404,
    error: { code: 'RL-005' },
  });
});

test('a switch moved by a person is out of automation until the alarm is acknowledged', () => {
  const world = field();
  open(world, '471-2');
  const alarm = world.views.alarms.find((each) => each.text.en.includes('moved by a person'));
  expect(alarm?.priority).toBe(4);
  expect(world.state.manual.size).toBe(1);
  world.ask({ type: 'acknowledgeAlarm', alarm: alarm?.id ?? '' });
  expect(world.state.manual.size).toBe(0);
});

test('without a journal nothing is commanded and the picture goes on', () => {
  const world = field();
  world.feed({ kind: 'journalFailed', reason: 'disk full' });
  expect(world.command('471-2', 'open')).toMatchObject({ status: 503, error: { code: 'RL-031' } });
  world.setValue('471-1', 'current_A', 55);
  const current = world.views.measurements.find((each) => each.id === '471-1.current_A');
  expect(current?.value).toBe(55);
  expect(gate(world, '471-2', 'open', 'journal').ok).toBe(false);
});

test('interlock 4: blocked, under test, low gas, a weak battery or lockout relay 86 refuse', () => {
  const parts = twoFeeders();
  const signals = [
    'operationBlocked',
    'underTest',
    'gasLow',
    'batteryLow',
    'lockoutRelay86',
  ] as const;
  for (const signal of signals) {
    const point = { id: `471-2.${signal}`, rtu: 'RTU.471-2', equipment: '471-2', signal };
    const world = new ScriptedField({
      ...parts,
      pointList: { ...parts.pointList, points: [...parts.pointList.points, point] },
    });
    world.run(500);
    expect([signal, gate(world, '471-2', 'open', 'device').ok]).toEqual([signal, true]);
    world.setValue('471-2', signal, true);
    expect([signal, gate(world, '471-2', 'open', 'device').ok]).toEqual([signal, false]);
  }
});

test('interlock 3: a load-break switch does not open beyond its rated current, a breaker does', () => {
  const world = field();
  world.setValue('471-2', 'current_A', 700);
  expect(gate(world, '471-2', 'open', 'breaking').text.en).toBe(
    'carries 700 A, the device breaks no more than 630 A',
  );
  world.setValue('T.471', 'current_A', 5_000);
  expect(gate(world, 'T.471', 'open', 'breaking').ok).toBe(true);
});

test('interlock 3: a fuse is never moved by command', () => {
  const world = field({ kindOf471_2: 'fuse' });
  expect(gate(world, '471-2', 'open', 'breaking').ok).toBe(false);
});

test('interlock 2: a ring that stands for longer than 60 s is an alarm until it is opened', () => {
  const world = field({ parallelAllowed: true });
  world.moveByHand('471-472-3', 'closed');
  const alarm = () => world.views.alarms.find((each) => each.text.en.includes('closes a ring'));
  world.run(50_000);
  expect(alarm()).toBeUndefined();
  world.run(15_000);
  expect(alarm()).toMatchObject({ priority: 2, equipment: '471-472-3' });
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(alarm()?.state).toBe('returnedUnacknowledged');
});
