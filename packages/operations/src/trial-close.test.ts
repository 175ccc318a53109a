import type { OperatorRequest } from '@relight/contract';
import { expect, test } from 'vitest';
import { AN, tagRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { transformerStation } from './testing/transformer-station.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { checkTrialGates } from './trial-gates.ts';

/** A fault on 471 of which nothing is known but that its breaker tripped and locked out. */
function blind(
  line: string,
  construction: 'overhead' | 'cable' | null = 'overhead',
): ScriptedField {
  const { grid, pointList } = twoFeeders({
    mode471: 'advisory',
    indicators: false,
    ...(construction === null ? {} : { construction }),
  });
  const points = pointList.points.filter(({ signal }) => signal !== 'faultReactance_ohm');
  const world = new ScriptedField({ grid, pointList: { ...pointList, points } });
  world.run(10_000);
  world.setValue('T.471', 'reclosing', false);
  world.placeFault(line);
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored', 90_000);
  return world;
}

type Declaration = Omit<Extract<OperatorRequest, { type: 'trialClose' }>, 'type' | 'incident'>;

function declare(world: ScriptedField, more: Partial<Declaration> = {}) {
  return world.ask({
    type: 'trialClose',
    incident: world.incident.id,
    equipment: 'T.471',
    reason: 'nothing else is known',
    basis: 'half',
    finding: 'the half up to 471-1',
    crewsClear: true,
    ...more,
  });
}

function openByHand(world: ScriptedField, equipment: string): void {
  const { command } = world.command(equipment, 'open', `open-${equipment}`);
  world.run(500);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.run(8_000);
}

function kept(world: ScriptedField): readonly string[] {
  return world.views.sections.flatMap(({ id, state }) =>
    state === 'faulted' || state === 'suspected' ? [id] : [],
  );
}

const closes = (world: ScriptedField) =>
  world.orders.filter(({ operation, phase }) => operation === 'close' && phase === 'operate');

test('where nothing more is known a trial is proposed, with the switch that halves it, and nothing is closed', () => {
  const world = blind('L2');
  expect(kept(world)).toEqual(['S.a1', 'S.a3', 'S.a5']);
  expect(world.incident.trial).toMatchObject({
    proposed: [{ equipment: 'T.471', sections: ['S.a1', 'S.a3', 'S.a5'], splitAt: '471-1' }],
    declared: null,
  });
  world.run(300_000);
  expect(closes(world)).toEqual([]);
});

test('a trial that holds clears what it energised, and the rest stays dead', () => {
  const world = blind('L3');
  openByHand(world, '471-2');
  expect(declare(world).status).toBe(202);
  world.run(1_000);
  expect(world.incident.trial?.declared?.state).toBe('watching');
  world.run(6_000);
  expect(world.incident.trial?.declared?.state).toBe('held');
  expect(world.isLive('a3')).toBe(true);
  expect(kept(world)).toEqual(['S.a5']);
  expect(world.incident.suspects.map(({ section }) => section)).toEqual(['S.a5']);
  expect(closes(world)).toHaveLength(1);
  expect(world.command('471-2', 'close').status).toBe(422);
});

test('a trial that trips rules the rest in: only what it energised is still suspected', () => {
  const world = blind('L1');
  openByHand(world, '471-1');
  expect(declare(world).status).toBe(202);
  world.run(10_000);
  expect(world.incident.trial?.declared?.state).toBe('tripped');
  expect(kept(world)).toEqual(['S.a1']);
  expect(closes(world)).toHaveLength(1);
  expect(world.views.incidents).toHaveLength(1);
  expect(world.views.alarms.map((alarm) => alarm.text.en).join()).toContain('the fault is in');
  // The part behind it may come back over the tie, by a person; the faulted one by nobody.
  expect(world.command('T.471', 'close').status).toBe(422);
  expect(world.command('471-472-3', 'close').status).toBe(202);
});

test('the same sections are tried once: after a trip a second declaration needs a smaller part', () => {
  const world = blind('L1');
  openByHand(world, '471-2');
  declare(world);
  world.run(10_000);
  expect(kept(world)).toEqual(['S.a1', 'S.a3']);
  expect(declare(world)).toMatchObject({ status: 422 });
  openByHand(world, '471-1');
  expect(declare(world).status).toBe(202);
  world.run(10_000);
  expect(kept(world)).toEqual(['S.a1']);
  expect(closes(world)).toHaveLength(2);
});

test('one declaration is one close: what comes after it is refused as ever', () => {
  const world = blind('L1');
  declare(world);
  expect(declare(world).status).toBe(409);
  expect(world.command('T.471', 'close').status).toBe(409);
  world.run(10_000);
  expect(world.command('T.471', 'close', 'another-key').status).toBe(422);
  expect(closes(world)).toHaveLength(1);
});

test.each(['cable', null] as const)(
  'no trial on a line whose construction is %s',
  (construction) => {
    const world = blind('L2', construction);
    expect(world.incident.trial?.proposed).toEqual([]);
    expect(
      world.incident.trial?.refused.find(({ equipment }) => equipment === 'T.471')?.why.en,
    ).toContain('No trial on cable');
    expect(declare(world).status).toBe(422);
    expect(closes(world)).toEqual([]);
  },
);

test('no trial while reclosing does not read off', () => {
  const world = blind('L2');
  world.setValue('T.471', 'reclosing', true);
  world.run(500);
  expect(declare(world)).toMatchObject({
    status: 422,
    error: { message: expect.stringContaining('reclosing does not read off') },
  });
});

test('only a breaker or recloser tries: the tie is none', () => {
  const world = blind('L2');
  expect(declare(world, { equipment: '471-472-3' }).status).toBe(422);
  expect(world.incident.trial?.refused).toContainEqual({
    equipment: '471-472-3',
    why: expect.objectContaining({ en: expect.stringContaining('breaker or recloser') }),
  });
});

test('no trial after transformer protection', () => {
  const world = new ScriptedField(transformerStation());
  world.run(10_000);
  world.tripBy('T.131', '87T');
  world.tripBy('T.431', '87T');
  world.runUntil(() => world.incident.state === 'approval', 30_000);
  world.decide('abort');
  expect(world.incident.trial?.proposed).toEqual([]);
  expect(declare(world, { equipment: 'T.131' })).toMatchObject({ status: 422 });
});

test('a trial whose breaker opens again without a word proves no part sound: not the one it tried, not the other', () => {
  const world = blind('L3');
  openByHand(world, '471-2');
  declare(world);
  world.run(1_500);
  world.moveByHand('T.471', 'open');
  world.run(10_000);
  expect(world.incident.trial?.declared?.state).toBe('failed');
  expect(kept(world)).toEqual(['S.a1', 'S.a3', 'S.a5']);
  expect(world.command('471-472-3', 'close').status).toBe(422);
});

test('a trial whose breaker a person opens in an emergency proves no part sound', () => {
  const world = blind('L3');
  openByHand(world, '471-2');
  declare(world);
  world.run(1_500);
  expect(world.incident.trial?.declared?.state).toBe('watching');
  world.ask({ type: 'emergencyOpen', idempotencyKey: 'smoke', equipment: 'T.471' });
  world.run(10_000);
  expect(world.isLive('a1')).toBe(false);
  expect(world.incident.trial?.declared?.state).toBe('failed');
  expect(kept(world)).toEqual(['S.a1', 'S.a3', 'S.a5']);
});

test('a trial that under-frequency ends proves no part sound', () => {
  const world = blind('L3');
  openByHand(world, '471-2');
  declare(world);
  world.run(1_500);
  world.tripBy('T.471', '81');
  world.run(10_000);
  expect(kept(world)).toEqual(['S.a1', 'S.a3', 'S.a5']);
});

test('a trial whose breaker is not seen at the end of the time proves nothing', () => {
  const world = blind('L3');
  openByHand(world, '471-2');
  declare(world);
  world.run(1_500);
  world.loseRtu('RTU.T');
  world.run(10_000);
  expect(world.incident.trial?.declared?.state).toBe('failed');
  world.findRtu('RTU.T');
  world.run(1_000);
  expect(world.command('471-2', 'close', 'later').status).toBe(422);
});

test('a trial that does not close proves nothing', () => {
  const world = blind('L2');
  world.misbehaviour['T.471'] = { operateAnswer: 'failed' };
  declare(world);
  world.run(30_000);
  expect(world.incident.trial?.declared?.state).toBe('failed');
  expect(kept(world)).toEqual(['S.a1', 'S.a3', 'S.a5']);
});

test('the declaration is on record with reason, finding and the crews before anything is sent', () => {
  const world = blind('L2');
  declare(world);
  const declared = world.journal.find(
    ({ kind, body }) => kind === 'approval' && 'trialClose' in body,
  );
  expect(declared?.body).toMatchObject({
    trialClose: { equipment: 'T.471', sections: ['S.a1', 'S.a3', 'S.a5'] },
    reason: 'nothing else is known',
    crewsClear: true,
  });
  expect(closes(world)).toEqual([]);
});

test('no trial on what an earlier run kept dead: nobody knows any more by which protection', () => {
  const world = blind('L2');
  const again = new ScriptedField(
    twoFeeders({ indicators: false, construction: 'overhead' }),
    {},
    {
      positions: world.positions,
      carriedOver: {
        lastIncident: 1,
        keptDead: [{ incident: 'SC-0001', openedAt_ms: 0, sections: ['S.a1', 'S.a3', 'S.a5'] }],
        openCommands: [],
      },
    },
  );
  again.run(10_000);
  expect(again.incident.trial?.proposed).toEqual([]);
  expect(again.incident.trial?.refused.map(({ equipment }) => equipment)).toContain('T.471');
});

test('the gates shown for a trial are open exactly where its declaration is taken, and asking changes nothing', () => {
  const world = blind('L3');
  const gates = () =>
    checkTrialGates(
      world.engine,
      world.state,
      { incident: world.incident.id, equipment: 'T.471' },
      { monotonic_ms: world.now },
    );
  const shut = () => gates()?.flatMap(({ name, ok }) => (ok ? [] : [name]));
  const before = JSON.stringify(world.views);
  expect(shut()).toEqual([]);
  expect(JSON.stringify(world.views)).toBe(before);
  world.setValue('T.471', 'reclosing', true);
  expect(shut()).toEqual(['reclosing']);
  expect(declare(world).status).toBe(422);
  world.setValue('T.471', 'reclosing', false);
  world.askAs(AN, tagRequest('crewAtWork', 'S.a1'));
  expect(shut()).toEqual(['crew']);
  expect(declare(world).status).toBe(422);
});

test('without an incident in which a trial is possible none is shown as possible', () => {
  const world = blind('L3');
  expect(declare(world).status).toBe(202);
  const gates = checkTrialGates(
    world.engine,
    world.state,
    { incident: world.incident.id, equipment: 'T.471' },
    { monotonic_ms: world.now },
  );
  expect(gates?.find(({ name }) => name === 'trial')?.ok).toBe(false);
});
