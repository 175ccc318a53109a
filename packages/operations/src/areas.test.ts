import type { Actor } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { agree, commandRequest, dispatcher, tagRequest, waiting } from './testing/people.ts';
import { field } from './testing/running-field.ts';

describe('interlock 8: areas', () => {
  const north = dispatcher('Nam', ['T']);
  const south = dispatcher('Son', ['U']);

  test('nobody operates in a foreign area', () => {
    const refused = field({ twoAreas: true }).askAs(north, commandRequest('472-1', 'open'));
    expect(refused.error?.message).toContain('TBA U');
  });

  test('a tie between two areas needs both', () => {
    const world = field({ twoAreas: true });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    world.askAs(north, commandRequest('471-472-3', 'close'));
    const approval = waiting(world);
    expect(world.askAs(dispatcher('Nga', ['T']), agree(approval))).toMatchObject({ status: 422 });
    expect(world.askAs(south, agree(approval)).status).toBe(202);
    world.run(500);
    expect(world.views.commands[0]?.state).toBe('selected');
  });

  test('a plan that closes a tie between two areas goes once a person of each has released it', () => {
    const world = field({ twoAreas: true, mode471: 'advisory' });
    world.run(10_000);
    world.placeFault('L1');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'approval', 60_000);
    const release = (who: Actor) => {
      const { id, planVersion, planHash } = world.incident;
      const plan = { planVersion, planHash };
      return world.askAs(who, { type: 'decide', incident: id, decision: 'approveAll', ...plan });
    };
    expect(release(north).status).toBe(202);
    expect(release(north).status).toBe(202);
    expect(release(dispatcher('Nga', ['T'])).status).toBe(202);
    world.run(5_000);
    expect(world.incident.state).toBe('approval');
    expect(world.incident.reasons.map(({ en }) => en).join()).toContain('TBA U must agree too');
    expect(world.orders).toHaveLength(0);
    expect(release(south).status).toBe(202);
    world.runUntil(() => world.incident.state === 'restored', 60_000);
    expect(world.isLive('a6')).toBe(true);
  });

  test('a person lifts no blocks in a foreign area', () => {
    const world = field({ twoAreas: true, mode471: 'advisory' });
    world.run(10_000);
    world.placeFault('L1');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'approval', 60_000);
    const { id, planVersion, planHash } = world.incident;
    const plan = { planVersion, planHash };
    expect(
      world.askAs(south, { type: 'decide', incident: id, decision: 'liftBlocks', ...plan }),
    ).toMatchObject({ status: 403, error: { code: 'RL-073' } });
  });

  test('nobody cancels a command in a foreign area, but whoever asked for it does', () => {
    const world = field({ twoAreas: true });
    const { command } = world.askAs(north, commandRequest('471-2', 'open'));
    const id = command?.id ?? '';
    const cancel = { type: 'cancelCommand', command: id } as const;
    expect(world.askAs(south, cancel)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
    expect(world.askAs(north, cancel).command?.state).toBe('cancelled');
  });

  test('nobody turns down, or asks to take away, what lies in a foreign area', () => {
    const world = field({ twoAreas: true });
    const { tag } = world.askAs(north, tagRequest('crewAtWork', 'S.a5')).accepted ?? {};
    const remove = { type: 'removeTag', tag: tag?.id ?? '', reason: 'crew is back' } as const;
    expect(world.askAs(south, remove)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
    const { approval } =
      world.askAs({ ...north, user: 'dung', name: 'Dung' }, remove).accepted ?? {};
    const no = { type: 'refuse', approval: approval?.id ?? '', reason: 'not mine' } as const;
    expect(world.askAs(south, no)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
    expect(world.askAs(south, agree(waiting(world)))).toMatchObject({
      status: 403,
      error: { code: 'RL-073' },
    });
    expect(world.views.tags).toHaveLength(1);
  });

  test('one person who answers for both areas needs no second one', () => {
    const world = field({ twoAreas: true });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    world.askAs(dispatcher('Lan', ['T', 'U']), commandRequest('471-472-3', 'close'));
    world.run(500);
    expect(world.views.commands[0]?.state).toBe('selected');
  });
});
