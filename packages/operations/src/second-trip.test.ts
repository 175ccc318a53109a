import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** A fault in the middle of 471, carried out until the switch is closed and its guard time over. */
function restoredUpTo(equipment: string): ScriptedField {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  world.placeFault('L2');
  world.run(100);
  world.runUntil(() => {
    const at = world.incident.plan?.steps.findIndex((step) => step.switch === equipment) ?? -1;
    return world.incident.steps[at]?.state === 'verified';
  });
  world.run(world.configuration.guardTime_ms + 1);
  return world;
}

function stateOf(world: ScriptedField, name: string): string | undefined {
  return world.views.sections.find((section) => section.name === name)?.state;
}

test('a second fault on the part a tie has taken over is looked for where it hangs now', () => {
  const world = restoredUpTo('471-472-3');
  expect(world.isLive('a6')).toBe(true);
  world.placeFault('L3');
  world.run(60_000);
  expect(world.incident.tripped).toEqual(['T.471', 'T.472']);
  expect(world.incident.suspects[0]?.name).toBe('471 S3');
  expect(stateOf(world, '471 S3')).toBe('faulted');
  expect(world.incident.plan?.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'open 471-472-3',
    'close T.472',
  ]);
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('a second trip during a plan leaves the first faulted section dead and asks a person', () => {
  const world = restoredUpTo('T.471');
  world.placeFault('L1');
  world.run(60_000);
  expect(world.incident.suspects[0]?.name).toBe('471 S1');
  expect(stateOf(world, '471 S1')).toBe('faulted');
  expect(stateOf(world, '471 S2')).toBe('faulted');
  expect(world.incident.automatic).toBe(false);
  expect(world.incident.reasons.some((reason) => reason.en.startsWith('another trip'))).toBe(true);
  const gates = world.command('471-2', 'close').gates ?? [];
  expect(gates.filter((gate) => !gate.ok).map((gate) => gate.name)).toContain('fault');
});

test('what indicators showed of the first fault is no evidence for the second', () => {
  const world = restoredUpTo('T.471');
  world.placeFault('L1');
  world.run(60_000);
  const counted = world.incident.evidence.filter(
    (each) => each.value === true && each.quality === 'good' && each.signal === 'faultIndicator',
  );
  expect(counted.map((each) => each.equipment)).not.toContain('FI.471-1');
});
