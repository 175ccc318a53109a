import { describe, expect, test } from 'vitest';
import { agree, AN, BINH, CHI, commandRequest, newKey, waiting } from './testing/people.ts';
import { field } from './testing/running-field.ts';

describe('bulk guard', () => {
  const opens = ['471-1', '471-2', '472-1', '472-2'];

  test('the fourth unplanned open by one person within 60 s waits, and every console is told', () => {
    const world = field();
    for (const each of opens) {
      expect(world.askAs(AN, commandRequest(each, 'open')).status).toBe(202);
    }
    world.run(500);
    expect(world.views.commands.map((each) => each.state)).toEqual([
      'selected',
      'selected',
      'selected',
      'requested',
    ]);
    expect(waiting(world).equipment).toEqual(['472-2']);
    expect(world.views.alarms.find((each) => each.text.en.includes('4 devices'))?.priority).toBe(1);
    world.askAs(BINH, agree(waiting(world)));
    world.run(500);
    expect(world.views.commands.at(-1)?.state).toBe('selected');
  });

  test('after a minute the count begins anew, and each person has their own', () => {
    const world = field();
    for (const each of opens.slice(0, 3)) world.askAs(AN, commandRequest(each, 'open'));
    expect(world.askAs(BINH, commandRequest('472-2', 'open')).command?.approval).toBeNull();
    world.run(61_000);
    expect(world.askAs(AN, commandRequest('471-1', 'open')).command?.approval).toBeNull();
  });

  test('a shedding list that two people agreed to is exempt, until it is withdrawn', () => {
    const world = field();
    const { accepted } = world.askAs(AN, {
      type: 'prepareShedding',
      idempotencyKey: newKey(),
      name: 'Stage 1',
      equipment: opens,
    });
    expect(accepted?.sheddingList?.state).toBe('waiting');
    expect(world.askAs(AN, agree(waiting(world))).status).toBe(403);
    expect(world.askAs(BINH, agree(waiting(world))).status).toBe(202);
    for (const each of opens) {
      expect(world.askAs(CHI, commandRequest(each, 'open')).command?.approval).toBeNull();
    }
    const list = accepted?.sheddingList?.id ?? '';
    expect(world.askAs(CHI, { type: 'withdrawShedding', list }).status).toBe(202);
    expect(world.views.sheddingLists).toHaveLength(0);
  });
});
