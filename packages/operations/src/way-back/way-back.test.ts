import type { CarriedOver } from '@relight/contract';
import { expect, test } from 'vitest';
import { AN, dispatcher, earthRequest, tagRequest } from '../testing/people.ts';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from '../testing/two-feeders.ts';

const TIE = '471-472-3';
/** Everything may be paralleled, and a recloser stands before the middle of 471. */
const JOINABLE: TwoFeederOptions = {
  parallelAllowed: true,
  everyFieldSwitch: true,
  kindOf471_1: 'recloser',
};

/** The middle of 471 was faulted and everybody else has supply again; it has been repaired since. */
function repaired(options: TwoFeederOptions = JOINABLE): ScriptedField {
  const world = new ScriptedField(twoFeeders(options));
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  world.mend('L2');
  return world;
}

function lifted(options: TwoFeederOptions = JOINABLE): ScriptedField {
  const world = repaired(options);
  expect(world.decide('liftBlocks').status).toBe(202);
  return world;
}

function ask(world: ScriptedField, mayInterrupt = false) {
  const { id: incident } = world.incident;
  const reason = 'Đội 3 đã thay sứ';
  return world.ask({ type: 'wayBack', incident, reason, mayInterrupt });
}

/** Asked for, and the plan laid before a person. */
function planned(world: ScriptedField, mayInterrupt = false): readonly string[] {
  expect(ask(world, mayInterrupt).status).toBe(202);
  world.runUntil(() => world.incident.state === 'approval');
  return (world.incident.plan?.steps ?? []).map((step) => `${step.action} ${step.switch}`);
}

function missing(world: ScriptedField): readonly string[] {
  return (world.incident.wayBack?.missing ?? []).map(({ kind }) => kind);
}

function offNormal(world: ScriptedField): readonly string[] {
  return world.engine.grid.switches.flatMap(({ id }, at) =>
    world.positions[at] === world.engine.normalPositions[at] ? [] : [id],
  );
}

test('the way back is offered once the block is lifted, planned, approved and carried out to the normal state', () => {
  const world = repaired();
  expect(missing(world)).toEqual(['blocks']);
  expect(ask(world)).toMatchObject({ status: 409, error: { code: 'RL-076' } });
  world.decide('liftBlocks');
  expect(world.incident.wayBack).toMatchObject({ offered: true, missing: [], asked: null });

  expect(planned(world)).toEqual(['close 471-1', 'close 471-2', `open ${TIE}`]);
  expect(world.incident.plan?.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
  expect(world.orders.filter(({ equipment }) => equipment === '471-1').at(-1)?.operation).toBe(
    'open',
  );
  const told = world.incident.reasons.map(({ en }) => en);
  expect(told).toContain('An asked for the return to normal: Đội 3 đã thay sứ');
  expect(world.journal).toContainEqual(
    expect.objectContaining({
      kind: 'approval',
      by: 'An',
      body: { wayBack: { reason: 'Đội 3 đã thay sứ', mayInterrupt: false } },
    }),
  );

  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
  expect([...world.positions]).toEqual([...world.engine.normalPositions]);
  expect(world.incident).toMatchObject({ customersDark: 0, decisions: [] });
  expect(world.incident.closedAt_ms).not.toBeNull();
  expect(world.incident.wayBack).toBeUndefined();
});

test('the recloser that energises the repaired part has its reclosing off meanwhile, and on afterwards', () => {
  const world = lifted();
  planned(world);
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
  const done = world.orders.flatMap(({ phase, equipment, operation }) =>
    phase === 'operate' && equipment === '471-1' ? [operation] : [],
  );
  expect(done.slice(-3)).toEqual(['disableReclosing', 'close', 'enableReclosing']);
});

test('between load-break switches the breaker of the feeder energises it, where people may be off for a moment', () => {
  const world = lifted({});
  expect(planned(world, true)).toEqual([
    'open T.471',
    'close 471-1',
    'close T.471',
    `open ${TIE}`,
    'close 471-2',
  ]);
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
  expect(offNormal(world)).toEqual([]);
});

test('nobody is interrupted unasked: the incident stays open, says why, and can be asked for again', () => {
  const world = lifted({});
  ask(world);
  world.runUntil(() => world.incident.state === 'noPlan');
  expect(world.incident.closedAt_ms).toBeNull();
  const told = world.incident.reasons.map(({ en }) => en).join(' ');
  expect(told).toMatch(/LBS 471\/1: .*first by a breaker or recloser/);
  expect(told).toMatch(/still off the normal position: LBS 471\/1, LBS 471\/2, LBS 471\/472-3/);
  expect(world.orders.filter(({ operation }) => operation === 'close').length).toBeGreaterThan(0);
  planned(world, true);
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
});

test.each([
  ['permit', (world: ScriptedField) => world.askAs(AN, tagRequest('crewAtWork', 'S.a3'))],
  ['earth', (world: ScriptedField) => world.askAs(AN, earthRequest('S.a3'))],
  ['tag', (world: ScriptedField) => world.askAs(AN, tagRequest('doNotOperate', TIE))],
  ['evidence', (world: ScriptedField) => world.loseRtu(`RTU.${TIE}`)],
  [
    'mode',
    (world: ScriptedField) => world.ask({ type: 'setMode', feeder: 'F471', mode: 'disabled' }),
  ],
] as const)('it waits for each %s, with what to do about it', (kind, hinder) => {
  const world = lifted();
  expect(world.incident.wayBack?.offered).toBe(true);
  hinder(world);
  world.run(30_000);
  expect(world.incident.wayBack?.offered).toBe(false);
  expect(missing(world)).toEqual([kind]);
  const refused = ask(world);
  expect(refused).toMatchObject({ status: 409, error: { code: 'RL-076' } });
  const [condition] = world.incident.wayBack?.missing ?? [];
  expect(refused.error?.message).toContain(condition?.next.en);
  expect(refused.error?.text?.vi).toContain(condition?.next.vi);
});

test('a tag put on in the middle stops it, and it goes on from there once the tag is gone', () => {
  const world = lifted();
  planned(world);
  world.decide('approveAll');
  world.runUntil(() => world.switchView('471-1').position === 'closed');
  const tag = world.askAs(AN, tagRequest('doNotOperate', '471-2')).accepted?.tag?.id ?? '';
  world.runUntil(() => world.incident.state === 'noPlan');
  expect(world.incident.wayBack?.missing.map(({ kind }) => kind)).toEqual(['tag']);
  const before = world.orders.length;
  world.run(60_000);
  expect(world.orders).toHaveLength(before);
  world.askAs(AN, { type: 'removeTag', tag, reason: 'xong' });
  world.runUntil(() => world.incident.state === 'approval');
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
});

test('a switch that does not move is named, the rest goes back, and a mended one is tried again', () => {
  const world = lifted();
  planned(world);
  world.misbehaviour[TIE] = { stuck: true };
  world.decide('approveAll');
  world.runUntil(() => {
    if (world.incident.state === 'approval') world.decide('approveAll');
    return world.incident.state === 'noPlan';
  });
  expect(world.incident.reasons.map(({ en }) => en).join(' ')).toMatch(
    /not to be operated: LBS 471\/472-3/,
  );
  // The parallel is not left standing: somebody has parted the two feeders again.
  expect(offNormal(world)).toEqual(['471-2', TIE]);
  world.misbehaviour[TIE] = {};
  planned(world);
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
  expect(offNormal(world)).toEqual([]);
});

test('where the part is not sound after all the recloser trips once, and it stays dead until lifted anew', () => {
  const world = lifted();
  planned(world);
  world.placeFault('L2');
  world.decide('approveAll');
  world.runUntil(() => world.incident.tripped.includes('T.471') && !world.isLive('a2'));
  world.runUntil(() => world.incident.state !== 'reclosing' && world.incident.state !== 'evidence');
  expect(world.incident.keptDead).toContain('S.a3');
  world.runUntil(() => {
    if (world.incident.state === 'approval') world.decide('approveAll');
    return ['restored', 'noPlan', 'aborted'].includes(world.incident.state);
  });
  expect(world.isLive('a4')).toBe(false);
  expect(missing(world)).toContain('blocks');
  expect(ask(world).status).toBe(409);
});

test('a trip elsewhere while the way back only waits opens an incident of its own', () => {
  const world = lifted({});
  ask(world);
  world.runUntil(() => world.incident.state === 'noPlan');
  world.placeFault('M1');
  world.runUntil(() => world.views.incidents.length === 2);
  expect(world.views.incidents[0]).toMatchObject({ id: 'SC-0001', state: 'noPlan' });
  expect(world.views.incidents[0]?.keptDead).toEqual([]);
});

test('what people move back by hand ends the incident too', () => {
  const world = lifted({});
  for (const [id, to] of [
    [TIE, 'open'],
    ['471-1', 'closed'],
    ['471-2', 'closed'],
  ] as const) {
    world.moveByHand(id, to);
    world.run(2_000);
  }
  expect(world.incident.state).toBe('returned');
});

test('a restart in the middle resumes nothing, and the way back is asked for again', () => {
  const before = lifted();
  planned(before);
  before.decide('approveAll');
  before.runUntil(() => before.switchView('471-1').position === 'closed');
  const owed = before.journal.findLast(
    (each) => each.body['wayBack'] !== undefined && each.kind === 'incident',
  );
  const waysBack = [
    { incident: 'SC-0001', openedAt_ms: before.wall_ms, ...(owed?.body['wayBack'] as object) },
  ] as NonNullable<CarriedOver['waysBack']>;
  expect(waysBack).toMatchObject([{ sections: ['S.a1', 'S.a3', 'S.a5'], repaired: ['S.a3'] }]);
  const world = new ScriptedField(
    twoFeeders(JOINABLE),
    {},
    {
      positions: before.positions,
      carriedOver: { lastIncident: 1, keptDead: [], waysBack, openCommands: [] },
    },
  );
  world.run(60_000);
  expect(world.orders).toHaveLength(0);
  expect(world.incident).toMatchObject({ id: 'SC-0001', state: 'aborted', keptDead: [] });
  expect(planned(world)).toEqual(['close 471-2', `open ${TIE}`]);
  world.decide('approveAll');
  world.runUntil(() => world.incident.state === 'returned');
  expect([...world.positions]).toEqual([...world.engine.normalPositions]);
});

test('who answers for another area does not ask, and nobody asks of a plan at work', () => {
  const world = lifted({ ...JOINABLE, twoAreas: true });
  const { id: incident } = world.incident;
  const wish = { type: 'wayBack' as const, incident, reason: 'thử', mayInterrupt: false };
  expect(world.askAs(dispatcher('Dung', ['X']), wish)).toMatchObject({
    status: 403,
    error: { code: 'RL-073' },
  });
  planned(world);
  world.decide('approveAll');
  world.run(500);
  expect(ask(world)).toMatchObject({ status: 409, error: { code: 'RL-027' } });
});

test('an incident whose way back is owed is kept, however many came and went since', () => {
  const world = lifted();
  for (let passed = 0; passed < 101; passed++) {
    const last = world.views.incidents.at(-1)?.id;
    world.placeFault('M1', true);
    world.runUntil(() => world.views.incidents.at(-1)?.id !== last);
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'momentary');
  }
  expect(world.views.incidents[0]).toMatchObject({ id: 'SC-0001', wayBack: { offered: true } });
});
