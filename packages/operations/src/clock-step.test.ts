import { describe, expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const HOUR_ms = 3_600_000;

describe.each([HOUR_ms, -HOUR_ms])('the wall clock steps by %i ms', (step_ms) => {
  function selected(): { world: ScriptedField; id: string } {
    const world = new ScriptedField(twoFeeders());
    world.run(500);
    const id = world.command('471-2', 'open').command?.id ?? '';
    world.run(500);
    expect(world.views.commands[0]?.state).toBe('selected');
    return { world, id };
  }

  function operates(world: ScriptedField): number {
    return world.orders.filter(({ phase }) => phase === 'operate').length;
  }

  test('a selected command is not over for that, and is carried out', () => {
    const { world, id } = selected();
    world.stepWall(step_ms);
    world.run(20_000);
    expect(world.views.commands[0]?.state).toBe('selected');
    world.ask({ type: 'executeCommand', command: id });
    world.run(10_000);
    expect(world.views.commands[0]?.state).toBe('verified');
    expect(operates(world)).toBe(1);
  });

  test('a selected command that nobody executes is over when its time is, and never written', () => {
    const { world, id } = selected();
    world.stepWall(step_ms);
    world.run(31_000);
    expect(world.views.commands[0]?.state).toBe('expired');
    world.ask({ type: 'executeCommand', command: id });
    world.run(10_000);
    expect(operates(world)).toBe(0);
  });

  test('nothing turns stale, and the journal goes by its numbers', () => {
    const { world } = selected();
    world.stepWall(step_ms);
    world.run(3_000);
    expect(world.views.switches.map(({ quality }) => quality)).not.toContain('notTopical');
    world.command('472-1', 'open');
    world.run(500);
    const numbers = world.journal.map(({ sequence }) => sequence);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(world.views.alarms.filter(({ priority }) => priority === 1)).toEqual([]);
  });
});
