import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

function operated(world: ScriptedField): readonly string[] {
  return world.orders
    .filter((order) => order.phase === 'operate')
    .map((order) => `${order.operation} ${order.equipment}`);
}

/** Moves a device as a person does, from request to the reported position. */
function moveAsAn(world: ScriptedField, equipment: string): void {
  const { command, status } = world.command(equipment, 'open');
  expect(status).toBe(202);
  world.run(300);
  world.ask({ type: 'executeCommand', command: command?.id ?? '' });
  world.runUntil(
    () => world.views.switches.find((each) => each.id === equipment)?.position === 'open',
    60_000,
    20,
  );
}

/** A fault in the middle of 471; its plan waits for a person, or has begun. */
function planned(state: 'approval' | 'executing'): ScriptedField {
  const world = new ScriptedField(
    twoFeeders({ mode471: state === 'approval' ? 'advisory' : 'automatic' }),
  );
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === state, 60_000, 20);
  return world;
}

test("a dispatcher's own move on the helping feeder stops a plan at work, and a person is asked", () => {
  const world = planned('executing');
  expect(world.incident.plan?.steps.map((step) => step.switch)).toContain('471-472-3');
  moveAsAn(world, '472-1');
  const before = operated(world);
  world.run(120_000);
  expect(operated(world)).toEqual(before);
  expect(world.incident.state).toBe('approval');
  expect(world.incident.reasons.map((reason) => reason.en)).toContain(
    'LBS 472/1 was moved by An within the scope of the plan',
  );
});

test("a dispatcher's own move makes a held plan anew: it is not released as it was shown", () => {
  const world = planned('executing');
  world.decide('hold');
  world.runUntil(() => world.incident.state === 'held');
  const { planVersion } = world.incident;
  moveAsAn(world, '472-1');
  world.run(5_000);
  expect(world.incident.planVersion).toBeGreaterThan(planVersion);
  expect(world.incident.state).toBe('approval');
});

test('a border switch that falls back soon after it was read open: the next step is never sent', () => {
  const world = planned('executing');
  world.runUntil(() => world.incident.steps[0]?.state === 'verified', 60_000, 20);
  const [first] = world.incident.plan?.steps ?? [];
  expect(first?.action).toBe('open');
  const before = operated(world);
  world.run(world.configuration.standTime_ms - 100);
  world.moveByHand(first?.switch ?? '', 'closed');
  world.run(120_000);
  expect(operated(world)).toEqual(before);
  expect(world.incident.state).toBe('approval');
});

test('the moves of the plan itself do not stop it', () => {
  const world = planned('executing');
  world.runUntil(() => world.incident.state === 'restored');
  expect(world.incident.planVersion).toBe(1);
});
