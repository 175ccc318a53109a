import type { Actor } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { agree, AN, BINH, CHI, commandRequest, waiting } from './testing/people.ts';
import type { ScriptedField } from './testing/scripted-field.ts';
import { field } from './testing/running-field.ts';

/** A's third section is dead; closing the tie would overload line M1 of 472. */
function overload(): ScriptedField {
  const world = field({ lineRating_A: 100 });
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  return world;
}

describe('overriding interlocks 5 and 9', () => {
  test('without a typed reason it is refused, and the gate says that it can be overridden', () => {
    const refused = overload().askAs(AN, commandRequest('471-472-3', 'close'));
    expect(refused.status).toBe(422);
    expect(refused.gates?.find((gate) => gate.name === 'limits')).toMatchObject({
      ok: false,
      overridable: true,
    });
  });

  test('with a reason it waits; a second person agrees to what is shown; then it is selected', () => {
    const world = overload();
    const { command } = world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on diesel'));
    world.run(2_000);
    expect(world.orders).toHaveLength(0);
    const approval = waiting(world);
    expect(approval).toMatchObject({ about: command?.id, reason: 'hospital on diesel' });
    expect(approval.details.map((each) => each.en).join()).toContain('M1');
    expect(world.askAs(BINH, agree(approval)).status).toBe(202);
    world.run(500);
    expect(world.views.commands[0]).toMatchObject({ state: 'selected', secondPerson: 'Binh' });
    world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
    world.run(6_000);
    expect(world.views.commands[0]?.state).toBe('verified');
  });

  test('the same user in another session, or another user in the same session, is no second', () => {
    const world = overload();
    world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on diesel'));
    const body = agree(waiting(world));
    expect(world.askAs({ ...AN, session: 'other' }, body).error?.code).toBe('RL-062');
    expect(world.askAs({ ...BINH, session: AN.session }, body).error?.code).toBe('RL-062');
    expect(world.orders).toHaveLength(0);
  });

  test('an approval is bound to what was shown: if the grid changes it shows the change first', () => {
    const world = overload();
    world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on diesel'));
    const old = waiting(world);
    world.moveByHand('472-2', 'open');
    world.run(1_500);
    const answer = world.askAs(BINH, agree(old));
    // The close now energises more, so what was shown is not what would be done.
    expect([409, 422]).toContain(answer.status);
    expect(world.orders).toHaveLength(0);
    if (answer.status === 409) expect(waiting(world).hash).not.toBe(old.hash);
  });

  test('what nobody agrees to within five minutes lapses', () => {
    const world = overload();
    world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on diesel'));
    const approval = waiting(world);
    world.run(301_000);
    expect(world.views.commands[0]?.state).toBe('rejected');
    expect(world.askAs(BINH, agree(approval)).error?.code).toBe('RL-027');
    expect(world.orders).toHaveLength(0);
  });

  test('the second person says no, or the first one withdraws', () => {
    for (const who of [BINH, AN]) {
      const world = overload();
      world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on diesel'));
      const approval = waiting(world).id;
      world.askAs(who, { type: 'refuse', approval, reason: 'not now' });
      expect(world.views.commands[0]?.state).toBe('cancelled');
      const state = who === AN ? 'withdrawn' : 'refused';
      expect(world.views.approvals[0]?.state).toBe(state);
    }
  });

  test('interlocks 1, 2, 3, 6 and 7 are overridden by nobody', () => {
    const world = field({ earthed: ['a6'] });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    expect(world.askAs(AN, commandRequest('471-2', 'close', 'I know better')).status).toBe(422);
    expect(world.askAs(AN, commandRequest('472-1', 'close', 'I know better')).status).toBe(422);
    expect(world.views.approvals).toHaveLength(0);
  });

  test('interlock 9: critical customers are named before they lose supply', () => {
    const world = field({ critical: ['A3'] });
    const refused = world.askAs(AN, commandRequest('471-1', 'open'));
    expect(refused.gates?.find((gate) => gate.name === 'critical')?.text.en).toBe(
      'would lose supply: A3',
    );
    world.askAs(AN, commandRequest('471-1', 'open', 'fire brigade asks'));
    expect(waiting(world).details.map((each) => each.en)).toContain(
      'Critical customers: would lose supply: A3',
    );
    expect(field({ critical: ['A1'] }).askAs(AN, commandRequest('471-1', 'open')).status).toBe(202);
  });
});

test('what one person has selected another one does not execute', () => {
  const world = field();
  const { command } = world.askAs(AN, commandRequest('471-2', 'open'));
  world.run(500);
  const body = { type: 'executeCommand', command: command?.id ?? '' } as const;
  expect(world.askAs(BINH, body)).toMatchObject({ status: 409, error: { code: 'RL-025' } });
  expect(world.askAs(AN, body).status).toBe(202);
});

test('who may not command agrees to no command: a tag officer is no second person for an override', () => {
  const world = overload();
  world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital without supply'));
  const approval = waiting(world);
  const officer: Actor = { ...CHI, roles: ['tagOfficer'] };
  expect(world.askAs(officer, agree(approval))).toMatchObject({
    status: 403,
    error: { code: 'RL-042' },
  });
  expect(world.askAs(BINH, agree(approval)).status).toBe(202);
});

describe('the first person’s session ends before the second one agrees', () => {
  /** An asks to override limits; the approval waits. */
  function asked(why: 'loggedOut' | 'accountChanged' | 'endedByOther') {
    const world = overload();
    world.askAs(AN, commandRequest('471-472-3', 'close', 'hospital on the line'));
    const approval = waiting(world);
    const action = why === 'loggedOut' ? 'logOut' : 'sessionEnd';
    world.feed({ kind: 'people', action, by: AN.user, about: AN.session, body: { why } });
    return { world, approval };
  }

  test('after a plain log-out what was shown still stands, and only An executes it', () => {
    const { world, approval } = asked('loggedOut');
    expect(world.askAs(BINH, agree(approval)).status).toBe(202);
    world.run(500);
    const [command] = world.views.commands;
    expect(command?.state).toBe('selected');
    const execute = { type: 'executeCommand', command: command?.id ?? '' } as const;
    expect(world.askAs(BINH, execute)).toMatchObject({ status: 409 });
  });

  test.each(['accountChanged', 'endedByOther'] as const)(
    'a session that lost its right (%s) takes its request with it',
    (why) => {
      const { world, approval } = asked(why);
      expect(world.askAs(BINH, agree(approval))).toMatchObject({
        status: 409,
        error: { code: 'RL-027' },
      });
      expect(world.views.commands[0]?.state).toBe('cancelled');
      world.run(30_000);
      expect(world.orders.filter(({ phase }) => phase !== 'cancel')).toEqual([]);
    },
  );

  test('a command that is selected is given up as well', () => {
    const world = field();
    world.askAs(AN, commandRequest('471-1', 'open'));
    world.run(500);
    const body = { why: 'accountChanged' };
    world.feed({ kind: 'people', action: 'sessionEnd', by: 'an', about: AN.session, body });
    expect(world.views.commands[0]?.state).toBe('cancelled');
    expect(world.orders.at(-1)?.phase).toBe('cancel');
  });
});

describe('an outcome nobody knows', () => {
  function unknown(): ScriptedField {
    const world = field();
    world.misbehaviour['471-2'] = { operateAnswer: 'unknown' };
    const { command } = world.askAs(AN, commandRequest('471-2', 'open'));
    world.run(500);
    world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
    world.run(500);
    world.loseRtu('RTU.471-2');
    world.run(60_000);
    expect(world.views.commands[0]?.state).toBe('unknown');
    return world;
  }

  test('two people who know where the device stands clear it with a reason', () => {
    const world = unknown();
    const command = world.views.commands[0]?.id ?? '';
    const body = {
      type: 'clearUnknown',
      command,
      seen: 'asBefore',
      reason: 'crew looked',
    } as const;
    world.askAs(AN, body);
    expect(world.views.commands[0]?.state).toBe('unknown');
    expect(world.askAs(BINH, agree(waiting(world))).status).toBe(202);
    expect(world.views.commands[0]).toMatchObject({ state: 'failed' });
    expect(world.state.activeCommands).toHaveLength(0);
    expect(world.askAs(AN, body).error?.code).toBe('RL-027');
  });

  test('once telemetry has settled it there is nothing left to approve', () => {
    const world = unknown();
    const command = world.views.commands[0]?.id ?? '';
    world.askAs(AN, { type: 'clearUnknown', command, seen: 'asWanted', reason: 'crew looked' });
    const approval = waiting(world);
    world.findRtu('RTU.471-2');
    world.run(60_000);
    expect(world.views.commands[0]?.state).toBe('failed');
    expect(world.askAs(BINH, agree(approval)).error?.code).toBe('RL-027');
  });
});

test('the record before the write names the request, both people, the reading and the end of its life', () => {
  const world = overload();
  const request = commandRequest('471-472-3', 'close', 'hospital on diesel');
  const { command } = world.askAs(AN, request);
  world.run(2_000);
  world.askAs(BINH, agree(waiting(world)));
  world.run(500);
  world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
  const written = world.journal.find(
    ({ about, body }) => about === command?.id && body['state'] === 'executing',
  );
  expect(written?.body).toMatchObject({
    idempotencyKey: request.idempotencyKey,
    user: AN.user,
    session: AN.session,
    secondUser: BINH.user,
    secondSession: BINH.session,
    equipment: '471-472-3',
    operation: 'close',
    topologyRevision: world.state.topologyRevision,
    seenPosition: 'open',
    seenQuality: 'good',
    token: world.state.configuration.token,
    expiresAt_ms: (written?.at_ms ?? 0) + world.state.configuration.requestLife_ms,
  });
  // The input that brought the last change of a position, and no later one.
  const revision = world.records.find(({ sequence }) => sequence === world.state.topologyRevision);
  expect(revision?.event.kind).toMatch(/^(start|telemetry)$/);
  expect(written?.body['seenAge_ms']).toBeLessThan(world.state.configuration.oldestReading_ms);
});
