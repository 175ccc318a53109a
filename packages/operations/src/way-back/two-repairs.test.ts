import { expect, test } from 'vitest';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders } from '../testing/two-feeders.ts';

const JOINABLE = {
  parallelAllowed: true,
  everyFieldSwitch: true,
  kindOf471_1: 'recloser',
} as const;

function incident(world: ScriptedField, id: string) {
  const found = world.views.incidents.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no incident ${id}`);
  return found;
}

function decide(world: ScriptedField, id: string, decision: 'liftBlocks' | 'approveAll' | 'abort') {
  const { planVersion, planHash } = incident(world, id);
  return world.ask({ type: 'decide', incident: id, decision, planVersion, planHash }).status;
}

/** A fault is isolated, mended and declared so, and not energised again yet. */
function repairedAt(world: ScriptedField, line: string, id: string): void {
  world.placeFault(line);
  world.runUntil(() => world.views.incidents.some((each) => each.id === id));
  world.runUntil(() => {
    const { state } = incident(world, id);
    if (state === 'approval') decide(world, id, 'approveAll');
    return state === 'restored';
  });
  world.mend(line);
  expect(decide(world, id, 'liftBlocks')).toBe(202);
}

function planned(world: ScriptedField, id: string, mayInterrupt: boolean): readonly string[] {
  const asked = { type: 'wayBack' as const, incident: id, reason: 'xong', mayInterrupt };
  expect(world.ask(asked).status).toBe(202);
  world.runUntil(() => ['approval', 'noPlan'].includes(incident(world, id).state));
  return (incident(world, id).plan?.steps ?? []).map((step) => `${step.action} ${step.switch}`);
}

/** The middle and the end of 471, by a fault each. */
function bothRepaired(): ScriptedField {
  const world = new ScriptedField(twoFeeders(JOINABLE));
  world.run(10_000);
  repairedAt(world, 'L2', 'SC-0001');
  repairedAt(world, 'L3', 'SC-0002');
  return world;
}

test('what another incident has repaired is energised first by a breaker or recloser too', () => {
  const world = bothRepaired();
  expect(planned(world, 'SC-0001', false)).toEqual(['close 471-1']);
  const told = incident(world, 'SC-0001').reasons.map(({ en }) => en);
  expect(told.join(' ')).toMatch(/LBS 471\/2: .*first by a breaker or recloser/);
  decide(world, 'SC-0001', 'abort');
  expect(planned(world, 'SC-0001', true)).toEqual([
    'close 471-1',
    'open 471-1',
    'close 471-2',
    'close 471-1',
  ]);
  decide(world, 'SC-0001', 'approveAll');
  world.runUntil(() => incident(world, 'SC-0001').state === 'returned');
  expect(incident(world, 'SC-0002').state).toBe('returned');
  expect([...world.positions]).toEqual([...world.engine.normalPositions]);
});

test('what was declared repaired in part is energised by a breaker after a restart too', () => {
  const parts = twoFeeders({ parallelAllowed: true, everyFieldSwitch: true, indicators: false });
  const before = new ScriptedField(parts);
  before.run(10_000);
  before.placeFault('L2');
  before.runUntil(() => before.views.incidents.length === 1);
  decide(before, 'SC-0001', 'abort');
  before.run(20_000);
  before.mend('L2');
  expect(incident(before, 'SC-0001').keptDead).toEqual(['S.a1', 'S.a3', 'S.a5']);
  const lift = (world: ScriptedField, ...sections: readonly string[]) => {
    const { planVersion, planHash, id } = incident(world, 'SC-0001');
    const body = { incident: id, decision: 'liftBlocks' as const, planVersion, planHash };
    return world.ask({ type: 'decide', ...body, sections: [...sections] }).status;
  };
  expect(lift(before, 'S.a3')).toBe(202);
  const told = before.journal.findLast((each) => each.body['keepsDead'] !== undefined)?.body;
  expect([told?.['keepsDead'], told?.['repaired']]).toEqual([['S.a1', 'S.a5'], ['S.a3']]);

  const kept = {
    incident: 'SC-0001',
    openedAt_ms: 0,
    sections: ['S.a1', 'S.a5'],
    repaired: ['S.a3'],
  };
  const carriedOver = { lastIncident: 1, keptDead: [kept], openCommands: [] };
  for (const id of ['471-1', '471-2']) {
    before.moveByHand(id, 'open');
    before.run(1_000);
  }
  const world = new ScriptedField(parts, {}, { positions: before.positions, carriedOver });
  world.run(10_000);
  expect(incident(world, 'SC-0001').keptDead).toEqual(['S.a1', 'S.a5']);
  expect(lift(world, 'S.a1', 'S.a5')).toBe(202);
  expect(planned(world, 'SC-0001', false)).toEqual(['close T.471']);
  const reasons = incident(world, 'SC-0001').reasons.map(({ en }) => en);
  expect(reasons.join(' ')).toMatch(/LBS 471\/1: .*first by a breaker or recloser/);
});

/** The repaired part of 471, with a plan back that a person has approved up to its first close. */
function shortOfFirstClose(command: boolean): ScriptedField {
  const parts = twoFeeders(JOINABLE);
  const points = parts.pointList.points.map((point) => {
    if (point.id !== '471-1.reclosing' || command) return point;
    const { command: _, ...reading } = point;
    return reading;
  });
  const world = new ScriptedField({ ...parts, pointList: { ...parts.pointList, points } });
  world.run(10_000);
  repairedAt(world, 'L2', 'SC-0001');
  world.setValue('471-1', 'reclosing', false);
  world.run(1_000);
  expect(planned(world, 'SC-0001', false)[0]).toBe('close 471-1');
  return world;
}

test('reclosing that somebody switches on at the device after the plan was made keeps its close back', () => {
  const world = shortOfFirstClose(false);
  world.setValue('471-1', 'reclosing', true);
  world.run(1_000);
  decide(world, 'SC-0001', 'approveAll');
  world.run(60_000);
  const closed = world.orders.filter(
    ({ equipment, operation }) => equipment === '471-1' && operation === 'close',
  );
  expect(closed).toEqual([]);
  expect(world.isLive('a4')).toBe(false);
  expect(incident(world, 'SC-0001').state).toBe('noPlan');
  // Off again, and everything goes its way.
  world.setValue('471-1', 'reclosing', false);
  world.run(1_000);
  planned(world, 'SC-0001', false);
  decide(world, 'SC-0001', 'approveAll');
  world.runUntil(() => incident(world, 'SC-0001').state === 'returned');
});

test('while a way back rests with reclosing off an alarm says so, until it is on again', () => {
  const world = new ScriptedField(twoFeeders(JOINABLE));
  world.run(10_000);
  repairedAt(world, 'L2', 'SC-0001');
  planned(world, 'SC-0001', false);
  decide(world, 'SC-0001', 'approveAll');
  world.runUntil(() => world.switchView('471-1').position === 'closed');
  world.ask({ type: 'setMode', feeder: 'F471', mode: 'disabled' });
  world.runUntil(() => incident(world, 'SC-0001').state === 'noPlan');
  const off = () =>
    world.views.alarms.flatMap(({ text, equipment, state }) =>
      text.en.endsWith('reclosing is still off') && state === 'unacknowledged' ? [equipment] : [],
    );
  expect(off()).toContain('471-1');
  world.ask({ type: 'setMode', feeder: 'F471', mode: 'automatic' });
  world.runUntil(() => incident(world, 'SC-0001').state === 'approval');
  decide(world, 'SC-0001', 'approveAll');
  world.runUntil(() => incident(world, 'SC-0001').state === 'returned');
  expect(world.switchView('471-1').reclosing).toBe(true);
  expect(off()).toEqual([]);
});
