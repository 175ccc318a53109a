import { expect, test } from 'vitest';
import { normalPositions } from '@relight/topology';
import { agree, AN, BINH, tagRequest, waiting } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const OWN = { owner: 'an', ownerName: 'An', text: 'Đội 3', placedAt_ms: 0 };
const TAG = {
  id: 'T0-7',
  kind: 'crewAtWork' as const,
  equipment: 'S.gone',
  sections: ['S.gone'],
  ...OWN,
};
const EARTH = { id: 'E0-7', equipment: 'gone', label: 'TĐ-7', ...OWN };

/** Started on a grid file that no longer has what a tag and an earth sat on. */
function afterOtherGrid(): ScriptedField {
  const parts = twoFeeders();
  const empty = new ScriptedField(parts);
  const world = new ScriptedField(
    parts,
    {},
    {
      positions: normalPositions(empty.engine.network),
      carriedOver: {
        lastIncident: 0,
        keptDead: [],
        openCommands: [],
        tags: [TAG],
        earths: [EARTH],
      },
    },
  );
  world.run(500);
  return world;
}

const REMOVALS = [
  { type: 'removeTag', tag: TAG.id, reason: 'line was taken down' },
  { type: 'removeEarth', earth: EARTH.id, reason: 'line was taken down' },
] as const;

test('a hold whose place the grid file has lost is told, and goes only with two people, its owner among them or not', () => {
  const world = afterOtherGrid();
  const lost = () => world.views.alarms.filter(({ text }) => text.en.startsWith('NOT kept'));
  expect(lost().map(({ priority, state }) => [priority, state])).toEqual([
    [1, 'unacknowledged'],
    [1, 'unacknowledged'],
  ]);
  expect(world.views.summary.lostHolds).toEqual([
    {
      id: 'E0-7',
      kind: 'earth',
      equipment: 'gone',
      text: 'Đội 3',
      ownerName: 'An',
      placedAt_ms: 0,
    },
    {
      id: 'T0-7',
      kind: 'tag',
      equipment: 'S.gone',
      text: 'Đội 3',
      ownerName: 'An',
      placedAt_ms: 0,
    },
  ]);
  for (const removal of REMOVALS) {
    const { reason: _, ...bare } = removal;
    expect(world.askAs(AN, bare)).toMatchObject({ status: 403, error: { code: 'RL-062' } });
    const { approval } = world.askAs(AN, removal).accepted ?? {};
    expect(approval?.title.en).toContain('no longer in the grid file');
    expect(world.askAs(AN, removal).accepted?.approval?.id).toBe(approval?.id);
    const second = agree(waiting(world));
    expect(world.askAs(AN, second).status).toBe(403);
    expect(world.state.lostHolds.size).toBe(removal.type === 'removeTag' ? 2 : 1);
    expect(world.askAs(BINH, second).status).toBe(202);
  }
  expect(world.state.lostHolds.size).toBe(0);
  expect(world.views.summary.lostHolds).toBeUndefined();
  expect(
    world.journal.flatMap(({ kind, about, body }) =>
      body['lost'] === true ? [[kind, about, body['by']]] : [],
    ),
  ).toEqual([
    ['tag', TAG.id, ['an', 'binh']],
    ['earth', EARTH.id, ['an', 'binh']],
  ]);
  expect(lost().every(({ state }) => state === 'returnedUnacknowledged')).toBe(true);
  // Gone: there is nothing left to take away.
  for (const removal of REMOVALS) expect(world.askAs(AN, removal).status).toBe(404);
});

test('a hold whose place is there is taken away as ever', () => {
  const world = afterOtherGrid();
  const { tag } = world.askAs(AN, tagRequest('crewAtWork', 'S.a5')).accepted ?? {};
  expect(world.askAs(AN, { type: 'removeTag', tag: tag?.id ?? '' }).status).toBe(202);
});
