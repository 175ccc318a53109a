import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/**
 * The tie of the two feeders is told to close for a parallel that is permitted there; nobody
 * knows what came of it and it still reads open. Then a fault on the last line of 471.
 */
function faultAtTie(closeUnderWay: boolean): ScriptedField {
  const world = new ScriptedField(twoFeeders({ parallelAllowed: true }));
  world.run(500);
  if (closeUnderWay) {
    world.misbehaviour['471-472-3'] = { operateAnswer: 'unknown' };
    const { command } = world.command('471-472-3', 'close');
    world.run(500);
    world.ask({ type: 'executeCommand', command: command?.id ?? '' });
    world.run(500);
    expect(world.views.commands.map(({ state }) => state)).toEqual(['unknown']);
  }
  world.placeFault('L3');
  world.run(20_000);
  expect(world.switchView('471-472-3').position).toBe('open');
  return world;
}

function opened(world: ScriptedField): readonly string[] {
  const steps = world.incident.plan?.steps ?? [];
  return steps.filter(({ action }) => action === 'open').map((step) => step.switch);
}

test('a tie that reads open is no firm border while a close of it may still arrive', () => {
  const world = faultAtTie(true);
  // What may be live behind the tie would have to be switched off as well: that is for a person.
  expect(world.incident.state).toBe('approval');
  expect(opened(world)).toEqual(['472-2', '471-2']);
  expect(world.incident.reasons.map(({ en }) => en).join(' ')).toContain('LBS 471/472-3');
  expect(world.incident.reasons.map(({ en }) => en).join(' ')).toContain('customers lose supply');
  expect(world.orders.filter((order) => order.equipment !== '471-472-3')).toHaveLength(0);
  // Read again after all its time: it did not move, and now it is a border like any other.
  world.run(40_000);
  expect(opened(world)).toEqual(['471-2']);
});

test('a tie that reads open is a firm border where nothing is on its way', () => {
  const world = faultAtTie(false);
  expect(opened(world)).toEqual(['471-2']);
});
