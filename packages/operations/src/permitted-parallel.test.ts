import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

function ordersOfClose(world: ScriptedField, equipment: string): readonly unknown[] {
  const { command } = world.command(equipment, 'close');
  world.run(500);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.run(500);
  return world.orders
    .filter((order) => order.equipment === equipment)
    .map((order) => [order.phase, order.parallel]);
}

test('a permitted parallel says so in its orders, so that the monitor can look for itself', () => {
  const world = new ScriptedField(twoFeeders({ parallelAllowed: true }));
  world.run(500);
  expect(ordersOfClose(world, '471-472-3')).toEqual([
    ['select', true],
    ['operate', true],
  ]);
});

test('a close onto a dead part is no parallel, also where one would be permitted', () => {
  const world = new ScriptedField(twoFeeders({ parallelAllowed: true }));
  world.run(500);
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(ordersOfClose(world, '471-472-3')).toEqual([
    ['select', undefined],
    ['operate', undefined],
  ]);
});

test('a generator that can island forbids a parallel that would be permitted without it', () => {
  const generators = [{ node: 'a4', canIsland: true }];
  const world = new ScriptedField(twoFeeders({ parallelAllowed: true, generators }));
  world.run(500);
  const { gates } = world.command('471-472-3', 'close');
  expect(gates?.find((gate) => gate.name === 'parallel')?.ok).toBe(false);
});
