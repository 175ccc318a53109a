import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/**
 * A fault on the first line of 471. The RTU of 471-1 answers no poll; after lockout one message
 * of its indicator comes in: nothing has passed. What does the incident make of it?
 */
function qualityOf(sourceTimeBeforeLockout_ms: number | null): string | undefined {
  const world = new ScriptedField(twoFeeders({ mode471: 'advisory' }));
  world.run(10_000);
  world.freeze('RTU.471-1');
  world.placeFault('L1');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'evidence', 60_000, 20);
  world.run(50);
  world.feed({
    kind: 'telemetry',
    updates: [
      {
        point: 'FI.471-1.faultIndicator',
        value: false,
        quality: 'good',
        sourceTime_ms:
          sourceTimeBeforeLockout_ms === null ? null : world.wall_ms - sourceTimeBeforeLockout_ms,
        receiveTime_ms: world.wall_ms,
        sequence: 1_000_000,
      },
    ],
  });
  world.run(10_000);
  return world.incident.evidence.find((each) => each.equipment === 'FI.471-1')?.quality;
}

test('"nothing passed" that was read before the fault is no evidence, however late it comes', () => {
  expect(qualityOf(20_000)).toBe('notTopical');
});

test('"nothing passed" counts where the device itself dates it after lockout', () => {
  expect(qualityOf(0)).toBe('good');
});

test('"nothing passed" counts from its receipt where the protocol carries no time', () => {
  expect(qualityOf(null)).toBe('good');
});
