import { CLOSED, OPEN } from '@relight/topology';
import { expect, test } from 'vitest';
import { ScriptedField, type Earlier } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** A control centre with a new journal that finds some switches open, some of them tripped. */
function foundWith(open: readonly string[], more: Omit<Earlier, 'positions'> = {}): ScriptedField {
  const normal = new ScriptedField(twoFeeders());
  const positions = normal.engine.normalPositions.slice();
  for (const id of open) positions[normal.engine.network.index.switch.get(id) ?? -1] = OPEN;
  return new ScriptedField(twoFeeders(), {}, { positions, ...more });
}

function shutGates(world: ScriptedField, equipment: string): readonly string[] {
  const { gates } = world.command(equipment, 'close');
  return (gates ?? []).filter((gate) => !gate.ok).map((gate) => gate.name);
}

function alarmTexts(world: ScriptedField): readonly string[] {
  return world.views.alarms.map((alarm) => alarm.text.en);
}

test('a feeder that had tripped before the first start cannot be closed by anybody', () => {
  const world = foundWith(['T.471'], { tripped: ['T.471'] });
  world.run(500);
  expect(shutGates(world, 'T.471')).toContain('trip');
  expect(shutGates(world, '471-472-3')).toContain('trip');
  world.run(10_000);
  expect(shutGates(world, 'T.471')).toEqual(expect.arrayContaining(['block', 'fault', 'trip']));
  expect(shutGates(world, '471-472-3')).toEqual(expect.arrayContaining(['block', 'fault']));
  expect(world.orders).toHaveLength(0);
});

test('a feeder found tripped is an incident with an alarm, and what it fed stays dead', () => {
  const world = foundWith(['T.471'], { tripped: ['T.471'] });
  world.run(10_000);
  expect(world.incident).toMatchObject({
    id: 'SC-0001',
    state: 'aborted',
    tripped: ['T.471'],
    decisions: ['liftBlocks'],
  });
  expect(world.views.sections.filter(({ state }) => state === 'suspected')).toHaveLength(3);
  expect(alarmTexts(world).some((text) => text.includes('had tripped before'))).toBe(true);
  expect(world.journal.flatMap((each) => each.body['keepsDead'] ?? [])).toEqual([
    'S.a1',
    'S.a3',
    'S.a5',
  ]);
});

test('a breaker found tripped with nothing dark behind it is lifted by a person before it closes', () => {
  const normal = new ScriptedField(twoFeeders({ parallelAllowed: true }));
  const positions = normal.engine.normalPositions.slice();
  const at = (id: string) => normal.engine.network.index.switch.get(id) ?? -1;
  positions[at('T.471')] = OPEN;
  positions[at('471-472-3')] = CLOSED;
  const world = new ScriptedField(
    twoFeeders({ parallelAllowed: true }),
    {},
    { positions, tripped: ['T.471'] },
  );
  world.run(10_000);
  expect(world.isLive('a1')).toBe(true);
  expect(world.incident).toMatchObject({ state: 'aborted', decisions: ['liftBlocks'] });
  expect(shutGates(world, 'T.471')).toEqual(['trip', 'parallel']);
  expect(world.decide('liftBlocks').status).toBe(202);
  expect(shutGates(world, 'T.471')).toEqual(['parallel']);
  expect(world.incident.decisions).toEqual([]);
});

test('a link that drops while a found trip is being looked at does not let it be forgotten', () => {
  const world = foundWith(['T.471'], { tripped: ['T.471'] });
  world.run(500);
  world.loseRtu('RTU.T');
  world.run(10_000);
  expect(world.views.incidents).toHaveLength(0);
  world.findRtu('RTU.T');
  expect(shutGates(world, 'T.471')).toContain('trip');
  world.run(10_000);
  expect(world.incident).toMatchObject({ tripped: ['T.471'], decisions: ['liftBlocks'] });
});

test('a person who knows why a feeder was found tripped lifts it, and then it can be closed', () => {
  const world = foundWith(['T.471'], { tripped: ['T.471'] });
  world.run(10_000);
  expect(world.decide('liftBlocks').status).toBe(202);
  expect(shutGates(world, 'T.471')).toEqual([]);
  world.loseRtu('RTU.T');
  world.findRtu('RTU.T');
  world.run(10_000);
  expect(world.views.incidents).toHaveLength(1);
});

test('a breaker found open that says later that it locked out is answered for by a person too', () => {
  const world = foundWith(['T.471']);
  world.run(10_000);
  expect(world.views.incidents).toHaveLength(0);
  world.setValue('T.471', 'lockout', true);
  world.run(10_000);
  expect(world.incident.state).toBe('aborted');
  expect(shutGates(world, 'T.471')).toContain('trip');
  world.decide('liftBlocks');
  expect(shutGates(world, 'T.471')).toEqual([]);
});

test('a part that was dead when first seen is an alarm, though nothing had tripped', () => {
  const world = foundWith(['471-2']);
  world.run(10_000);
  expect(alarmTexts(world)).toEqual(['Lộ 471: dead when first seen: 471 S3']);
  expect(world.views.incidents).toHaveLength(0);
});

test('a device behind the fault an earlier run isolated is answered for with that incident', () => {
  const world = foundWith(['T.471', '471-1'], {
    tripped: ['T.471'],
    carriedOver: {
      lastIncident: 4,
      keptDead: [{ incident: 'SC-0004', openedAt_ms: 0, sections: ['S.a1'] }],
      openCommands: [],
    },
  });
  world.run(10_000);
  expect(world.views.incidents.map(({ id }) => id)).toEqual(['SC-0004']);
  expect(shutGates(world, 'T.471')).toContain('trip');
  world.decide('liftBlocks');
  expect(shutGates(world, 'T.471')).toEqual([]);
});

test('the breaker of a located fault is closed by the plan although it reports lockout', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  expect(world.isLive('a1')).toBe(true);
  expect(world.views.incidents).toHaveLength(1);
});
