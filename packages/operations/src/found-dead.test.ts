import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** A control centre that has not read some of its RTUs yet. */
function halfRead(unread: readonly string[]): ScriptedField {
  const { engine } = new ScriptedField(twoFeeders());
  return new ScriptedField(twoFeeders(), {}, { positions: engine.normalPositions, unread });
}

function alarmTexts(world: ScriptedField): readonly string[] {
  return world.views.alarms.map((alarm) => alarm.text.en);
}

test('a trip before the whole feeder has been read is one outage, and nothing in it "was dead when first seen"', () => {
  const world = halfRead(['RTU.471-1', 'RTU.471-2']);
  world.run(500);
  world.placeFault('L1');
  world.run(300);
  world.findRtu('RTU.471-1');
  world.findRtu('RTU.471-2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  expect(alarmTexts(world).join()).not.toContain('first seen');
  expect(world.incident).toMatchObject({ customersOut: 600, customersRestored: 500 });
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('what is read dead for a moment while the rest of the picture comes in is no alarm', () => {
  const world = halfRead(['RTU.T']);
  world.run(500);
  world.findRtu('RTU.T');
  world.run(10_000);
  expect(alarmTexts(world).join()).not.toContain('first seen');
});
