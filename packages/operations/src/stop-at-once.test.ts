import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

function operates(world: ScriptedField): string[] {
  return world.orders
    .filter((order) => order.phase === 'operate')
    .map((order) => `${order.operation} ${order.equipment}`);
}

/** Until the plan's command for the switch is executing and its record is not on disk yet. */
function untilBeingWritten(world: ScriptedField, equipment: string): void {
  world.runUntil(
    () =>
      world.views.commands.some(
        (command) => command.equipment === equipment && command.state === 'executing',
      ),
    60_000,
    5,
  );
  expect(operates(world).some((each) => each.endsWith(` ${equipment}`))).toBe(false);
}

test('an abort takes back a step whose record is still being written: the switch never moves', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  untilBeingWritten(world, '471-1');
  expect(world.decide('abort').status).toBe(202);
  world.run(60_000);
  expect(operates(world)).toEqual([]);
  expect(world.views.commands.map((command) => command.state)).toEqual(['cancelled']);
  expect(world.orders.at(-1)?.phase).toBe('cancel');
});

test('an abort recalls, once, an operate order that is on its way to the device', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => operates(world).length === 1, 60_000, 5);
  world.decide('abort');
  expect(world.orders.slice(-2).map((order) => order.phase)).toEqual(['operate', 'cancel']);
  world.run(60_000);
  expect(world.orders.filter((order) => order.phase === 'cancel')).toHaveLength(1);
  expect(operates(world)).toHaveLength(1);
});

test('disabling a feeder stops a plan that a person has released, before its next step', () => {
  const world = new ScriptedField(twoFeeders({ mode471: 'advisory' }));
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.some((incident) => incident.state === 'approval'));
  world.decide('approveAll');
  untilBeingWritten(world, '471-2');
  expect(operates(world)).toEqual(['open 471-1']);
  world.ask({ type: 'setMode', feeder: 'F471', mode: 'disabled' });
  world.run(120_000);
  expect(operates(world)).toEqual(['open 471-1']);
  expect(world.incident).toMatchObject({ state: 'noPlan', plan: null });
});

test('disabling a helping feeder stops the plan too: what it was to help stays dark', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  untilBeingWritten(world, '471-2');
  world.ask({ type: 'setMode', feeder: 'F472', mode: 'disabled' });
  world.run(120_000);
  expect(operates(world)).not.toContain('close 471-472-3');
  expect(world.isLive('a6')).toBe(false);
});
