import { expect, test } from 'vitest';
import { checkGates } from './gates.ts';
import { AN } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const HOUR_ms = 3_600_000;

/** 471-2 and the earthing switch at a6 report nothing; a crew's word counts for an hour. */
function field(): ScriptedField {
  const parts = twoFeeders({
    byHand: ['471-2'],
    earthingSwitches: [{ node: 'a6', reports: false }],
  });
  const world = new ScriptedField(parts, { enteredPositionLife_ms: HOUR_ms });
  world.run(500);
  return world;
}

function enter(world: ScriptedField, equipment: string, position: 'open' | 'closed') {
  const { status } = world.askAs(AN, { type: 'enterPosition', equipment, position, text: 'Đội 3' });
  expect(status).toBe(202);
  world.run(500);
}

function shut(world: ScriptedField, equipment: string): readonly string[] {
  const at = { monotonic_ms: world.now, actor: AN };
  const gates = checkGates(world.engine, world.state, { equipment, operation: 'close' }, at);
  return (gates ?? []).filter((gate) => !gate.ok).map((gate) => gate.name);
}

function doubts(world: ScriptedField): readonly string[] {
  return world.views.alarms
    .filter(({ state, text }) => state === 'unacknowledged' && text.en.includes('too old'))
    .map(({ equipment }) => equipment);
}

test('a position that a crew entered is substituted, with author and time, and doubtful after its time', () => {
  const world = field();
  enter(world, '471-2', 'open');
  expect(world.switchView('471-2')).toMatchObject({ position: 'open', quality: 'substituted' });
  expect(world.views.entered?.[0]).toMatchObject({ id: '471-2', byName: 'An' });
  const dead = world.views.sections.find(({ id }) => id === 'S.a5');
  expect(dead?.state).toBe('dead');
  world.run(HOUR_ms - 2_000);
  expect(world.switchView('471-2').quality).toBe('substituted');
  world.run(2_000);
  expect(world.switchView('471-2').quality).toBe('questionable');
  expect(doubts(world)).toEqual(['471-2']);
  // It may stand either way: what lies behind it is neither live nor dead.
  expect(world.views.sections.find(({ id }) => id === 'S.a5')?.state).toBe('unknown');
  expect(world.journal.findLast(({ kind }) => kind === 'position')?.body).toMatchObject({
    doubtful: { equipment: '471-2', position: 'open', by: 'an' },
  });
});

test('no tie is closed towards a part that a doubtful switch may feed already', () => {
  const world = field();
  enter(world, '471-2', 'open');
  expect(shut(world, '471-472-3')).not.toContain('parallel');
  world.run(HOUR_ms);
  expect(shut(world, '471-472-3')).toContain('parallel');
});

test('confirmed, it counts anew; taken back while it counts, the grid file counts', () => {
  const world = field();
  enter(world, '471-2', 'open');
  world.run(HOUR_ms);
  enter(world, '471-2', 'open');
  expect(world.switchView('471-2').quality).toBe('substituted');
  expect(doubts(world)).toEqual([]);
  expect(shut(world, '471-472-3')).not.toContain('parallel');
  const back = { type: 'removePosition', equipment: '471-2', reason: 'another was meant' } as const;
  expect(world.askAs(AN, back).status).toBe(202);
  world.run(500);
  expect(world.switchView('471-2')).toMatchObject({ position: 'closed', quality: 'substituted' });
});

test('a doubtful position is not taken back: somebody has to look, and enters what they saw', () => {
  const world = field();
  const back = { type: 'removePosition', reason: 'nobody knows' } as const;
  for (const equipment of ['471-2', 'a6-76']) enter(world, equipment, 'open');
  world.run(HOUR_ms);
  for (const equipment of ['471-2', 'a6-76']) {
    expect(world.askAs(AN, { ...back, equipment })).toMatchObject({
      status: 422,
      error: { code: 'RL-072' },
    });
  }
  world.run(500);
  expect(world.switchView('471-2').quality).toBe('questionable');
  // The file has this earthing switch open; it counts as earthed all the same.
  world.moveByHand('471-1', 'open');
  world.run(1_500);
  expect(shut(world, '471-1')).toContain('earth');
  enter(world, 'a6-76', 'open');
  expect(shut(world, '471-1')).not.toContain('earth');
  expect(doubts(world)).toEqual(['471-2']);
});

test('an earthing switch that was entered open long ago counts as earthed again', () => {
  const world = field();
  enter(world, 'a6-76', 'open');
  world.moveByHand('471-1', 'open');
  world.run(1_500);
  expect(shut(world, '471-1')).not.toContain('earth');
  world.run(HOUR_ms);
  expect(shut(world, '471-1')).toContain('earth');
});

test('a restart makes no word younger', () => {
  const world = field();
  const entered = {
    equipment: '471-2',
    position: 'open' as const,
    text: '',
    by: 'an',
    byName: 'An',
    at_ms: world.wall_ms - 2 * HOUR_ms,
  };
  const next = new ScriptedField(
    twoFeeders({ byHand: ['471-2'] }),
    { enteredPositionLife_ms: HOUR_ms },
    {
      positions: world.positions,
      carriedOver: { lastIncident: 0, keptDead: [], openCommands: [], positions: [entered] },
    },
  );
  next.run(500);
  expect(next.switchView('471-2').quality).toBe('questionable');
});

test('an old word on a switch that reports by itself since a restart makes nobody doubt its readings', () => {
  const world = field();
  const entered = {
    equipment: '471-2',
    position: 'closed' as const,
    text: '',
    by: 'an',
    byName: 'An',
    at_ms: world.wall_ms - HOUR_ms + 30_000,
  };
  const next = new ScriptedField(
    twoFeeders(),
    { enteredPositionLife_ms: HOUR_ms },
    {
      positions: world.positions,
      carriedOver: { lastIncident: 0, keptDead: [], openCommands: [], positions: [entered] },
    },
  );
  next.run(60_000);
  expect(next.switchView('471-2')).toMatchObject({ position: 'closed', quality: 'good' });
  expect(next.views.sections.find(({ id }) => id === 'S.a5')?.state).toBe('live');
  expect(doubts(next)).toEqual([]);
});
