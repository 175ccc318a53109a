import type { Actor } from '@relight/contract';
import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const NOTE = 'compared with the paper log and the crews by radio';

const person = (user: string, session: string): Actor => ({
  user,
  name: user,
  session,
  roles: ['shiftLead'],
  areas: null,
});

/** A control centre that starts on a journal restored from a backup. */
function restored(): ScriptedField {
  const normal = new ScriptedField(twoFeeders());
  const world = new ScriptedField(
    twoFeeders(),
    {},
    { positions: normal.positions, restoredFrom_ms: 1_799_000_000_000 },
  );
  world.run(10_000);
  return world;
}

test('after a restore from backup no person commands anything, and is told why', () => {
  const world = restored();
  const answer = world.command('471-1', 'open');
  expect(answer.status).toBe(422);
  expect(answer.gates?.find((gate) => gate.name === 'control')).toMatchObject({ ok: false });
  expect(world.views.summary.controlLock).toMatchObject({ backup_ms: 1_799_000_000_000 });
});

test('after a restore no plan is carried out either', () => {
  const world = restored();
  world.placeFault('L2');
  world.run(120_000);
  expect(world.orders).toHaveLength(0);
});

test('one person alone does not lift the lock, nor the same person again or in the same session', () => {
  const world = restored();
  const ask = { type: 'reconcileTags', note: NOTE } as const;
  expect(world.askAs(person('binh', 's1'), ask).status).toBe(202);
  expect(world.askAs(person('binh', 's2'), ask)).toMatchObject({
    status: 409,
    error: { code: 'RL-062' },
  });
  expect(world.askAs(person('lan', 's1'), ask).status).toBe(409);
  expect(world.views.summary.controlLock?.declared).toMatchObject({ by: 'binh', note: NOTE });
  expect(world.command('471-1', 'open').status).toBe(422);
});

test('two people lift the lock, by name in the journal, and control is back', () => {
  const world = restored();
  const ask = { type: 'reconcileTags', note: NOTE } as const;
  world.askAs(person('binh', 's1'), ask);
  expect(world.askAs(person('lan', 's2'), ask).status).toBe(202);
  expect(world.views.summary.controlLock).toBeNull();
  expect(world.command('471-1', 'open').status).toBe(202);
  const lifted = world.journal.findLast((each) => each.kind === 'controlLock');
  expect(lifted).toMatchObject({ by: 'lan', body: { lock: null, declared: { by: 'binh' } } });
});

test('nothing can be reconciled where control is not locked', () => {
  const world = new ScriptedField(twoFeeders());
  expect(world.ask({ type: 'reconcileTags', note: NOTE }).error?.code).toBe('RL-027');
});

test('where the grid file has changed under a crew, control stays locked until the tags are reconciled', () => {
  const start = (gridHash: string, kind: 'crewAtWork' | 'information') =>
    new ScriptedField(
      twoFeeders(),
      {},
      {
        positions: new ScriptedField(twoFeeders()).positions,
        carriedOver: {
          lastIncident: 0,
          keptDead: [],
          openCommands: [],
          gridHash,
          tags: [
            {
              id: 'T1',
              kind,
              equipment: 'S.a5',
              sections: ['S.a5'],
              text: '',
              owner: 'an',
              ownerName: 'An',
              placedAt_ms: 0,
            },
          ],
        },
      },
    ).views.summary.controlLock;
  expect(start('of another grid', 'crewAtWork')?.because.en).toContain('grid file has changed');
  expect(start('g', 'crewAtWork')).toBeNull();
  expect(start('of another grid', 'information')).toBeNull();
});
