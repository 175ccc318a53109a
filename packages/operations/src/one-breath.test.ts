import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

function alarmsOf(world: ScriptedField): string[] {
  return world.views.alarms.map((alarm) => alarm.text.en);
}

test('trip, reclose, trip and lockout told in one breath are a permanent fault, and nobody’s hand', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.holdBack();
  world.placeFault('L2');
  world.run(4_000);
  world.letThrough();
  world.runUntil(() => world.views.incidents.some((incident) => incident.closedAt_ms !== null));
  expect(world.incident).toMatchObject({ state: 'restored', automatic: true, customersDark: 200 });
  expect(alarmsOf(world).filter((text) => text.includes('without a command'))).toEqual([]);
});

test('trip and successful reclose told in one breath were momentary', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.holdBack();
  world.placeFault('L2', true);
  world.run(1_500);
  world.letThrough();
  world.run(world.configuration.lockoutWait_ms + 5_000);
  expect(world.incident.state).toBe('momentary');
  expect(alarmsOf(world).filter((text) => text.includes('without a command'))).toEqual([]);
  expect(world.orders).toHaveLength(0);
});
