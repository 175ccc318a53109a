import { canonicalJson, type ApprovalView, type CarriedOver } from '@relight/contract';
import { sha256 } from '@relight/foundation';
import { expect, test } from 'vitest';
import { agree, AN, BINH, commandRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** What the journal of the run says is kept dead by its only incident. */
function keptDead(world: ScriptedField): readonly string[] {
  const last = world.journal.findLast((each) => each.body['keepsDead'] !== undefined);
  return (last?.body['keepsDead'] ?? []) as string[];
}

function restarted(world: ScriptedField, left: Partial<CarriedOver> = {}): ScriptedField {
  const again = new ScriptedField(
    twoFeeders(),
    {},
    {
      positions: world.positions,
      carriedOver: {
        lastIncident: 1,
        keptDead: [
          { incident: 'SC-0001', openedAt_ms: world.wall_ms, sections: [...keptDead(world)] },
        ],
        openCommands: [],
        ...left,
      },
    },
  );
  again.run(10_000);
  return again;
}

/** A permanent fault in the middle of 471, isolated, everybody else back. */
function restored(): ScriptedField {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  return world;
}

test('the journal says what is kept dead: all that tripped, then the faulted section, then nothing', () => {
  const world = restored();
  const said = world.journal.flatMap((each) =>
    each.body['keepsDead'] === undefined ? [] : [each.body['keepsDead']],
  );
  expect(said).toEqual([['S.a1', 'S.a3', 'S.a5'], ['S.a3']]);
  world.decide('liftBlocks');
  expect(keptDead(world)).toEqual([]);
});

test('what only the independent monitor held dead gets an incident after a restart, and a person lifts it', () => {
  const field = new ScriptedField(twoFeeders());
  field.run(500);
  field.moveByHand('471-1', 'open');
  field.run(2_000);
  const world = restarted(field, { keptDead: [], monitorHolds: ['S.a3'] });
  expect(world.incident).toMatchObject({
    id: 'SC-0002',
    state: 'aborted',
    decisions: ['liftBlocks'],
  });
  expect(keptDead(world)).toEqual(['S.a3']);
  const shut = () =>
    world
      .command('471-1', 'close', `key-${world.now}`)
      .gates?.flatMap(({ name, ok }) => (ok ? [] : [name]));
  expect(shut()).toEqual(expect.arrayContaining(['block', 'fault']));
  expect(world.decide('liftBlocks').status).toBe(202);
  expect(shut() ?? []).toEqual([]);
});

test('what an incident keeps dead already is not held a second time for the monitor', () => {
  const field = restored();
  const world = restarted(field, { monitorHolds: [...keptDead(field)] });
  expect(world.views.incidents.map(({ id }) => id)).toEqual(['SC-0001']);
});

test('the repair time that a person entered is expected after a restart too, by the wall clock', () => {
  const field = restored();
  field.ask({ type: 'setRepairTime', incident: 'SC-0001', repair_h: 6 });
  const said = field.journal.findLast(({ kind }) => kind === 'forecast');
  const repair = { dueAt_ms: Number(said?.body['dueAt_ms']), byName: String(said?.body['byName']) };
  const world = restarted(field, {
    keptDead: [
      {
        incident: 'SC-0001',
        openedAt_ms: field.wall_ms,
        sections: [...keptDead(field)],
        repair,
      },
    ],
  });
  expect(world.incident.repair).toMatchObject({
    due_ms: field.incident.repair?.due_ms,
    byName: 'An',
  });
});

test('after a restart nobody can close onto the section that was faulted before it', () => {
  const world = restarted(restored());
  expect(world.views.sections.find(({ name }) => name === '471 S2')?.state).toBe('suspected');
  for (const border of ['471-1', '471-2']) {
    const refused = world.command(border, 'close');
    expect(refused.status).toBe(422);
    expect(refused.gates?.filter((gate) => !gate.ok).map((gate) => gate.name)).toContain('fault');
  }
  expect(world.views.alarms.some((alarm) => alarm.text.en.includes('restarted'))).toBe(true);
});

test('a person who knows that it is repaired lifts the block after a restart too', () => {
  const world = restarted(restored());
  expect(world.incident).toMatchObject({ id: 'SC-0001', decisions: ['liftBlocks'] });
  world.decide('liftBlocks');
  expect(world.command('471-1', 'close').status).toBe(202);
});

test('a restart half-way through a plan sends nothing, and what was not located stays dead', () => {
  const before = new ScriptedField(twoFeeders());
  before.run(10_000);
  before.placeFault('L2');
  before.run(500);
  expect(before.incident.state).toBe('reclosing');
  const world = restarted(before);
  world.run(120_000);
  expect(world.orders).toHaveLength(0);
  expect(world.command('471-472-3', 'close').status).toBe(422);
});

test('a fault after a restart gets the next number, and its plan leaves the old fault dead', () => {
  const world = restarted(restored());
  world.placeFault('L3');
  world.runUntil(() => world.views.incidents.length === 2);
  world.run(120_000);
  expect(world.incident.id).toBe('SC-0002');
  expect(world.isLive('a4')).toBe(false);
  expect(world.orders.map((order) => order.equipment)).not.toContain('471-2');
});

test('a command whose outcome the restart swallowed is an alarm of its own', () => {
  const world = restarted(restored(), {
    openCommands: [{ id: 'Cx-7', equipment: '471-1', operation: 'open' }],
  });
  expect(world.views.alarms.some((alarm) => alarm.text.en.includes('OUTCOME UNKNOWN'))).toBe(true);
});

/** What the journal of a run says about the key of its last request. */
function keyOnRecord(world: ScriptedField): NonNullable<CarriedOver['requests']>[number] {
  const last = world.journal.findLast(({ kind }) => kind === 'request');
  if (last === undefined) throw new Error('no key on record');
  const { idempotencyKey, wish } = last.body as { idempotencyKey: string; wish: string };
  const command = world.views.commands.at(-1) ?? null;
  return { key: idempotencyKey, wish, made: last.about ?? '', command };
}

test('a request repeated after a restart gets the fate of the first one, and nothing is written', () => {
  const before = new ScriptedField(twoFeeders());
  before.run(10_000);
  const body = commandRequest('471-1', 'open');
  const { command } = before.askAs(AN, body);
  before.run(500);
  before.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
  before.runUntil(() => before.views.commands.at(-1)?.state === 'verified');
  const world = new ScriptedField(
    twoFeeders(),
    {},
    {
      positions: before.positions,
      carriedOver: {
        lastIncident: 0,
        keptDead: [],
        openCommands: [],
        requests: [keyOnRecord(before)],
      },
    },
  );
  world.run(10_000);
  expect(world.askAs(AN, body)).toMatchObject({
    status: 202,
    command: { id: command?.id, state: 'verified' },
  });
  expect(world.askAs(AN, { ...body, operation: 'close' }).status).toBe(409);
  expect(world.askAs(BINH, body).status).toBe(409);
  world.run(60_000);
  expect(world.orders).toHaveLength(0);
});

test('what was selected when the control centre died is expired: on record, and to whoever asks again', () => {
  const before = new ScriptedField(twoFeeders());
  before.run(10_000);
  const body = commandRequest('471-1', 'open');
  const { command } = before.askAs(AN, body);
  before.run(500);
  expect(before.views.commands.at(-1)?.state).toBe('selected');
  const unsent = { id: command?.id ?? '', equipment: '471-1', operation: 'open' as const };
  const world = restarted(before, { unsentCommands: [unsent], requests: [keyOnRecord(before)] });
  const said = world.journal.find(({ about }) => about === unsent.id);
  expect(said).toMatchObject({ kind: 'command', body: { state: 'expired', equipment: '471-1' } });
  expect(world.askAs(AN, body).command).toMatchObject({ id: unsent.id, state: 'expired' });
  expect(world.askAs(AN, { type: 'executeCommand', command: unsent.id }).status).toBe(404);
  expect(world.orders).toHaveLength(0);
});

test('the key on record is bound to who asked for what', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  const body = commandRequest('471-1', 'open');
  world.askAs(AN, body);
  const { wish, key } = keyOnRecord(world);
  expect(key).toBe(body.idempotencyKey);
  expect(wish).toBe(sha256(canonicalJson({ user: AN.user, ...body })));
});

test('an approval that waited over a restart is void: shown so, told, and nobody can give it', () => {
  const before = new ScriptedField(twoFeeders());
  before.run(10_000);
  before.askAs(AN, {
    type: 'prepareShedding',
    idempotencyKey: 'shed-before-restart',
    name: 'F1',
    equipment: ['471-1'],
  });
  const asked = before.journal.find(({ kind }) => kind === 'approval');
  if (asked === undefined) throw new Error('nobody was asked');
  const waiting = asked.body['view'] as ApprovalView;
  const world = restarted(before, { approvals: [waiting] });
  expect(world.views.approvals).toMatchObject([{ id: waiting.id, state: 'expired' }]);
  expect(world.views.alarms.some(({ text }) => text.en.includes('asked for again'))).toBe(true);
  const late = world.askAs(BINH, agree(waiting));
  expect(late).toMatchObject({ status: 409, error: { code: 'RL-027' } });
  expect(
    world.journal.some(({ kind, body }) => kind === 'approval' && body['state'] === 'expired'),
  ).toBe(true);
});
