import { expect, test } from 'vitest';
import { coldLoadFactor, estimateLoads, loadsWhenBack } from './load-estimate.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** Estimated load of one consumer in kW. */
function load(world: ScriptedField, id: string): number {
  const index = world.engine.network.index.load.get(id) ?? -1;
  return (estimateLoads(world.engine, world.state).activePower_W[index] ?? 0) / 1_000;
}

test('until a feeder was measured its loads have the values of the file', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(1_000);
  expect(['A1', 'A2', 'A3'].map((id) => load(world, id))).toEqual([500, 1000, 1500]);
});

test('the power at the head is shared out over the loads of its feeder by their file values', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.setValue('T.471', 'activePower_kW', 1_500);
  world.run(10_000);
  expect(['A1', 'A2', 'A3', 'B3'].map((id) => load(world, id))).toEqual([250, 500, 750, 1500]);
});

test('a reading that a trip follows within two seconds may show the fault and is not believed', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.setValue('T.471', 'activePower_kW', 0);
  world.run(1_500);
  world.placeFault('L3');
  world.run(30_000);
  expect(load(world, 'A3')).toBe(1_500);
});

test('right after load moved to another feeder its old reading is not spread over more loads', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.moveByHand('471-2', 'open');
  world.moveByHand('471-472-3', 'closed');
  world.setValue('T.472', 'activePower_kW', 3_000);
  world.run(4_000);
  expect(load(world, 'B1')).toBe(500);
  world.setValue('T.472', 'activePower_kW', 4_500);
  world.run(10_000);
  expect(['B1', 'A3'].map((id) => load(world, id))).toEqual([500, 1_500]);
});

test('what has been dark for long comes back heavier', () => {
  expect([60_000, 300_000, 3_599_999, 3_600_000].map(coldLoadFactor)).toEqual([1, 1.5, 1.5, 2]);
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.moveByHand('471-2', 'open');
  world.run(600_000);
  const index = world.engine.network.index.load.get('A3') ?? -1;
  const back = loadsWhenBack(world.engine, world.state, world.now);
  expect(back.activePower_W[index]).toBe(1_500_000 * 1.5);
});
