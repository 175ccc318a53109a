import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** 471 has tripped and reclosed once; nothing is known yet of how that ended. */
function reclosed(): ScriptedField {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2', true);
  world.run(1_500);
  expect(world.incident.state).toBe('reclosing');
  expect(world.isLive('a1')).toBe(true);
  return world;
}

test('a reclosed breaker that opens again and says why too late still leads to a plan', () => {
  const world = reclosed();
  world.moveByHand('T.471', 'open');
  world.run(1_500);
  world.setValue('T.471', 'protectionTrip', true);
  world.setValue('T.471', 'tripFunction', '51');
  world.setValue('T.471', 'lockout', true);
  world.run(5_000);
  expect(world.incident.state).not.toBe('reclosing');
  expect(world.incident.plan).not.toBeNull();
});

test('a reclosed breaker that opens again and never says why is not waited for for ever', () => {
  const world = reclosed();
  world.moveByHand('T.471', 'open');
  world.run(world.configuration.lockoutWait_ms + 10_000);
  expect(world.incident.state).not.toBe('reclosing');
  expect(world.orders).toHaveLength(0);
  expect(world.incident.reasons.map((reason) => reason.en).join('; ')).toContain(
    'opened again after reclosing',
  );
});
