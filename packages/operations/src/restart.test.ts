import type { CarriedOver } from '@relight/contract';
import { expect, test } from 'vitest';
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
