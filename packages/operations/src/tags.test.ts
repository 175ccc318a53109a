import { describe, expect, test } from 'vitest';
import { checkGates } from './gates.ts';
import {
  agree,
  AN,
  BINH,
  CHI,
  commandRequest,
  dispatcher,
  earthRequest,
  tagRequest,
  waiting,
} from './testing/people.ts';
import type { ScriptedField } from './testing/scripted-field.ts';
import { field } from './testing/running-field.ts';

/** Names of the gates that are shut for a command An asks for. */
function shut(
  world: ScriptedField,
  equipment: string,
  operation: 'open' | 'close' | 'disableReclosing' | 'enableReclosing',
): readonly string[] {
  const at = { monotonic_ms: world.now, actor: AN };
  const gates = checkGates(world.engine, world.state, { equipment, operation }, at);
  return (gates ?? []).filter((gate) => !gate.ok).map((gate) => gate.name);
}

describe('do not operate', () => {
  test('a tagged device takes no command, either way, and nothing is sent', () => {
    const world = field();
    world.askAs(BINH, tagRequest('doNotOperate', '471-2'));
    expect(shut(world, '471-2', 'open')).toEqual(['tag']);
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    expect(shut(world, '471-2', 'close')).toContain('tag');
    expect(world.orders).toHaveLength(0);
  });

  test('a tag that lands while the device is selected stops the command at the write', () => {
    const world = field();
    const { command } = world.askAs(AN, commandRequest('471-2', 'open'));
    world.run(500);
    world.askAs(BINH, tagRequest('doNotOperate', '471-2'));
    world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
    world.run(500);
    expect(world.views.commands[0]?.state).toBe('rejected');
    expect(world.orders.map((order) => order.phase)).toEqual(['select', 'cancel']);
  });

  test('information shows only', () => {
    const world = field();
    world.askAs(BINH, tagRequest('information', '471-2'));
    expect(shut(world, '471-2', 'open')).toEqual([]);
  });

  test('a device tag on a section, and a crew on a device, are refused with what to do', () => {
    const world = field();
    for (const body of [tagRequest('doNotOperate', 'S.a3'), tagRequest('crewAtWork', '471-2')]) {
      expect(world.askAs(AN, body)).toMatchObject({ status: 422, error: { code: 'RL-071' } });
    }
    expect(world.askAs(AN, tagRequest('doNotOperate', 'nowhere'))).toMatchObject({ status: 404 });
  });
});

describe('crew at work', () => {
  test('no close energises the section, from either side, until the tag has gone', () => {
    const world = field();
    world.moveByHand('471-1', 'open');
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    const placed = world.askAs(BINH, tagRequest('crewAtWork', 'S.a3'));
    expect(shut(world, '471-1', 'close')).toEqual(['crew']);
    expect(shut(world, '471-472-3', 'close')).toEqual([]);
    world.askAs(BINH, { type: 'removeTag', tag: placed.accepted?.tag?.id ?? '' });
    expect(shut(world, '471-1', 'close')).toEqual([]);
  });

  test('tags stack: the section stays dead while one of two crews is there', () => {
    const world = field();
    world.moveByHand('471-1', 'open');
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    const first = world.askAs(BINH, tagRequest('crewAtWork', 'S.a3'));
    world.askAs(CHI, tagRequest('crewAtWork', 'S.a3'));
    world.askAs(BINH, { type: 'removeTag', tag: first.accepted?.tag?.id ?? '' });
    expect(shut(world, '471-1', 'close')).toEqual(['crew']);
  });

  test('an unknown position counts as closed towards the crew', () => {
    const world = field();
    world.moveByHand('471-1', 'open');
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    world.askAs(BINH, tagRequest('crewAtWork', 'S.a5'));
    expect(shut(world, '471-1', 'close')).toEqual([]);
    world.loseRtu('RTU.471-2');
    expect(shut(world, '471-1', 'close')).toContain('crew');
  });

  test('a crew on a section that is live is a top alarm, which goes when it is dead', () => {
    const world = field();
    world.askAs(BINH, tagRequest('crewAtWork', 'S.a5'));
    const alarm = () => world.views.alarms.find((each) => each.text.en.includes('IS LIVE'));
    expect(alarm()).toMatchObject({ priority: 1, state: 'unacknowledged' });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    expect(alarm()?.state).toBe('returnedUnacknowledged');
  });
});

describe('who may take a tag away', () => {
  test('its owner at once; anybody else only with a reason and a second person', () => {
    const world = field();
    const { accepted } = world.askAs(AN, tagRequest('doNotOperate', '471-2'));
    const tag = accepted?.tag?.id ?? '';
    expect(world.askAs(BINH, { type: 'removeTag', tag })).toMatchObject({
      status: 403,
      error: { code: 'RL-062' },
    });
    const asked = world.askAs(BINH, { type: 'removeTag', tag, reason: 'An is off duty' });
    const approval = asked.accepted?.approval;
    expect(approval).toMatchObject({ state: 'waiting', what: 'removeTag', byName: 'Binh' });
    expect(world.views.tags).toHaveLength(1);
    expect(world.askAs(BINH, agree(waiting(world)))).toMatchObject({ status: 403 });
    expect(world.askAs(CHI, agree(waiting(world))).status).toBe(202);
    expect(world.views.tags).toHaveLength(0);
    expect(world.journal.findLast((each) => each.kind === 'tag')).toMatchObject({
      by: 'binh + chi',
      body: { state: 'removed', reason: 'An is off duty' },
    });
  });

  test('the owner may do so from another session', () => {
    const world = field();
    const { accepted } = world.askAs(AN, tagRequest('doNotOperate', '471-2'));
    const tag = accepted?.tag?.id ?? '';
    expect(world.askAs({ ...AN, session: 'later' }, { type: 'removeTag', tag }).status).toBe(202);
  });

  test('only who has a part in the area places one', () => {
    const world = field({ twoAreas: true });
    const far = dispatcher('Dung', ['U']);
    expect(world.askAs(far, tagRequest('doNotOperate', '471-2'))).toMatchObject({
      status: 403,
      error: { code: 'RL-073' },
    });
    expect(world.askAs(far, tagRequest('doNotOperate', '471-472-3')).status).toBe(202);
  });
});

describe('acknowledged only when durable', () => {
  test('the answer waits for the disk, the tag counts at once', () => {
    const world = field();
    world.feed({
      kind: 'request',
      requestId: 'tag-1',
      by: 'an',
      actor: AN,
      body: tagRequest('doNotOperate', '471-2'),
    });
    const answered = () => world.replies.some((reply) => reply.requestId === 'tag-1');
    expect(answered()).toBe(false);
    expect(shut(world, '471-2', 'open')).toEqual(['tag']);
    world.run(20);
    expect(answered()).toBe(true);
  });

  test('if the disk fails the person is told not to rely on it', () => {
    const world = field();
    world.feed({
      kind: 'request',
      requestId: 'tag-1',
      by: 'an',
      actor: AN,
      body: tagRequest('crewAtWork', 'S.a3'),
    });
    world.feed({ kind: 'journalFailed', reason: 'disk full' });
    expect(world.replies.at(-1)).toMatchObject({ status: 503, error: { code: 'RL-031' } });
    expect(world.askAs(AN, tagRequest('crewAtWork', 'S.a5'))).toMatchObject({ status: 503 });
  });

  test('a tag taken away forbids until its removal is on disk', () => {
    const world = field();
    const { accepted } = world.askAs(AN, tagRequest('doNotOperate', '471-2'));
    const tag = accepted?.tag?.id ?? '';
    const remove = (requestId: string) =>
      world.feed({
        kind: 'request',
        requestId,
        by: 'an',
        actor: AN,
        body: { type: 'removeTag', tag },
      });
    remove('gone-1');
    expect(shut(world, '471-2', 'open')).toEqual(['tag']);
    remove('gone-2');
    expect(world.replies.at(-1)).toMatchObject({ status: 409, error: { code: 'RL-027' } });
    world.run(20);
    expect(shut(world, '471-2', 'open')).toEqual([]);
    expect(world.replies.find((each) => each.requestId === 'gone-1')?.status).toBe(202);
  });

  test('the same key places one tag, another wish under it is a conflict', () => {
    const world = field();
    const body = tagRequest('doNotOperate', '471-2');
    const [one, two] = [world.askAs(AN, body), world.askAs(AN, body)];
    expect(two.accepted?.tag?.id).toBe(one.accepted?.tag?.id);
    expect(world.views.tags).toHaveLength(1);
    expect(world.askAs(AN, { ...body, equipment: '471-1' })).toMatchObject({ status: 409 });
    expect(world.askAs(BINH, body)).toMatchObject({ status: 409 });
  });
});

describe('portable earths and earthing switches', () => {
  test('a recorded earth forbids energising its section until it is removed', () => {
    const world = field();
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    const placed = world.askAs(AN, earthRequest('S.a5'));
    expect(shut(world, '471-2', 'close')).toEqual(['earth']);
    expect(world.views.earths[0]).toMatchObject({ section: 'S.a5', node: null, onLive: false });
    const earth = placed.accepted?.earth?.id ?? '';
    expect(world.askAs(BINH, { type: 'removeEarth', earth })).toMatchObject({ status: 403 });
    world.askAs(AN, { type: 'removeEarth', earth });
    expect(shut(world, '471-2', 'close')).toEqual([]);
  });

  test('an earth on a live node is a top alarm', () => {
    const world = field();
    world.askAs(AN, earthRequest('a6'));
    const alarm = world.views.alarms.find((each) => each.text.en.includes('IS LIVE'));
    expect(alarm).toMatchObject({ priority: 1, equipment: 'a6' });
    expect(world.views.earths[0]).toMatchObject({ node: 'a6', onLive: true });
  });

  test('interlock 10: an earthing switch reported closed earths, and is a top alarm when live', () => {
    const world = field({ earthingSwitches: [{ node: 'a6', reports: true }] });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    world.setValue('a6-76', 'position', 'open');
    expect(shut(world, '471-2', 'close')).toEqual([]);
    const next = field({ earthingSwitches: [{ node: 'a6', reports: true }] });
    next.setValue('a6-76', 'position', 'closed');
    const alarm = next.views.alarms.find((each) => each.text.en.includes('reports CLOSED'));
    expect(alarm?.priority).toBe(1);
    next.moveByHand('471-2', 'open');
    next.run(1_500);
    expect(shut(next, '471-2', 'close')).toEqual(['earth']);
  });

  test('an earthing switch that falls silent counts as earthed', () => {
    const world = field({ earthingSwitches: [{ node: 'a6', reports: true }] });
    world.setValue('a6-76', 'position', 'open');
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    world.setValue('a6-76', 'position', 'bad');
    expect(shut(world, '471-2', 'close')).toEqual(['earth']);
  });

  test('no earthing switch is commanded by the software', () => {
    const world = field({ earthingSwitches: [{ node: 'a6', reports: true }] });
    expect(world.askAs(AN, commandRequest('a6-76', 'close'))).toMatchObject({ status: 404 });
  });
});

/** A close of 471-2 that the gateway has and has not answered yet. */
function closeOnItsWay(
  world: ScriptedField,
  misbehaviour: ScriptedField['misbehaviour'][string] = { mute: true },
) {
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  world.misbehaviour['471-2'] = misbehaviour;
  const { command } = world.askAs(AN, commandRequest('471-2', 'close'));
  world.run(300);
  world.askAs(AN, { type: 'executeCommand', command: command?.id ?? '' });
  world.run(300);
  return command;
}

test('a crew put on a section while a close of it waits at the gateway: the order is taken back', () => {
  const world = field();
  const command = closeOnItsWay(world);
  expect(world.orders.at(-1)).toMatchObject({ operation: 'close', phase: 'operate' });
  world.feed({
    kind: 'request',
    requestId: 'crew',
    by: BINH.user,
    actor: BINH,
    body: tagRequest('crewAtWork', 'S.a5'),
  });
  expect(world.orders.at(-1)).toMatchObject({ commandId: command?.id, phase: 'cancel' });
  expect(world.orders.filter(({ phase }) => phase === 'cancel')).toHaveLength(1);
});

describe('a crew is told that its tag stands', () => {
  /** Asks for the tag while a close towards the section is under way. */
  function tagged(misbehaviour: ScriptedField['misbehaviour'][string]) {
    const world = field();
    const command = closeOnItsWay(world, misbehaviour);
    const body = tagRequest('crewAtWork', 'S.a5');
    const request = (requestId: string) =>
      world.feed({ kind: 'request', requestId, by: BINH.user, actor: BINH, body });
    const answer = (requestId: string) =>
      world.replies.find((reply) => reply.requestId === requestId);
    const stateOf = () => world.views.commands.find((each) => each.id === command?.id)?.state;
    request('crew');
    world.run(500);
    return { world, request, answer, stateOf };
  }

  test('only when the gateway has answered to the close that the tag forbids', () => {
    const { world, answer, stateOf } = tagged({ mute: true });
    expect(stateOf()).toBe('executing');
    expect(answer('crew')).toBeUndefined();
    world.runUntil(() => stateOf() === 'unknown');
    world.run(20);
    expect(answer('crew')?.status).toBe(202);
    expect(world.views.alarms.some(({ text }) => text.en.includes('OUTCOME UNKNOWN'))).toBe(true);
  });

  test('only when the device that was already moving has come to rest', () => {
    const { world, answer, stateOf } = tagged({ stuck: true });
    expect(stateOf()).toBe('acknowledged');
    expect(answer('crew')).toBeUndefined();
    world.runUntil(() => stateOf() === 'failed');
    world.run(20);
    expect(answer('crew')?.status).toBe(202);
  });

  test('and no sooner if the same request is sent again', () => {
    const { world, request, answer } = tagged({ mute: true });
    request('again');
    world.run(500);
    expect(answer('again')).toBeUndefined();
    world.run(60_000);
    expect(answer('again')?.accepted?.tag?.id).toBe(answer('crew')?.accepted?.tag?.id);
  });
});

test('a tag elsewhere takes no order back', () => {
  const world = field();
  closeOnItsWay(world);
  world.askAs(BINH, tagRequest('doNotOperate', '472-2'));
  expect(world.orders.some(({ phase }) => phase === 'cancel')).toBe(false);
});

test('no permitted parallel onto a crew or an earth behind a hand switch that nobody reported open', () => {
  const gatesShut = (hold: ReturnType<typeof earthRequest | typeof tagRequest>) => {
    const world = field({ byHand: ['471-2'], parallelAllowed: true });
    world.moveByHand('471-2', 'open');
    expect(shut(world, '471-472-3', 'close')).toEqual([]);
    world.askAs(BINH, hold);
    return shut(world, '471-472-3', 'close');
  };
  expect(gatesShut(tagRequest('crewAtWork', 'S.a5'))).toContain('crew');
  expect(gatesShut(earthRequest('S.a5'))).toContain('earth');
});
