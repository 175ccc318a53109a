import type { IncidentView, Snapshot } from '@relight/contract';
import { expect } from 'vitest';
import { SurvivalRig } from './survival-rig.ts';

/** A busy machine reads late: what is waited for here is a state, and never a time. */
const PATIENT = ['env', 'RELIGHT_CORE_MOTOR_FEEDBACK_MS=300000'];
export const LIMIT_ms = 240_000;
/** The insulator was changed, no conductor cut. */
export const REPAIRED = { repair: { conductorsJoined: false } };

/** A fault behind the recloser of 474 is isolated, everybody else has supply, and it is repaired. */
export async function repairedTown(): Promise<SurvivalRig> {
  const world = await SurvivalRig.start({ speed: 10, under: PATIENT });
  for (const { id, mode } of (await world.snapshot()).feeders) {
    if (mode !== 'automatic') await world.ask('PUT', `/feeders/${id}/mode`, { mode: 'automatic' });
  }
  const fault = await world.simulation.placeFault({ equipment: '474.L08', kind: 'permanent' });
  await at(world, 'the rest has supply', ({ state }) => state === 'restored');
  await world.simulation.repairFault(fault.id);
  return world;
}

/** Waits until the only incident is so. */
export async function at(
  world: SurvivalRig,
  what: string,
  condition: (incident: IncidentView) => boolean,
): Promise<IncidentView> {
  let last: unknown;
  const found = await world
    .until(what, LIMIT_ms, ({ incidents }: Snapshot) => {
      const [incident] = incidents;
      last = incident && { state: incident.state, reasons: incident.reasons };
      return incident !== undefined && condition(incident);
    })
    .catch((cause: unknown) => {
      throw new Error(`${what}: ${JSON.stringify(last)}`, { cause });
    });
  return found.incidents[0]!;
}

/** Asks for the way back and waits for its plan. */
export async function planned(world: SurvivalRig, mayInterrupt: boolean): Promise<IncidentView> {
  const { id } = await at(world, 'it is offered', ({ wayBack }) => wayBack?.offered === true);
  const asked = await world.ask('POST', `/incidents/${id}/way-back`, {
    reason: 'đã thay sứ',
    mayInterrupt,
  });
  expect(asked).toMatchObject({ status: 202 });
  return at(world, 'the plan waits', ({ state }) => state === 'approval');
}

export async function decide(
  world: SurvivalRig,
  decision: string,
  more: object = {},
): Promise<void> {
  const { incidents } = await world.snapshot();
  const [incident] = incidents;
  const answer = await world.ask('POST', `/incidents/${incident?.id}/decision`, {
    decision,
    planVersion: incident?.planVersion,
    planHash: incident?.planHash,
    ...more,
  });
  expect(answer).toMatchObject({ status: 202 });
}

/** Approves what is laid before a person, as often as it is made anew, until everything is back. */
export async function carriedOut(world: SurvivalRig): Promise<void> {
  for (;;) {
    const { state } = await at(world, 'it goes on', (incident) =>
      ['approval', 'returned', 'noPlan'].includes(incident.state),
    );
    if (state === 'returned') return;
    expect(state).toBe('approval');
    await decide(world, 'approveAll');
    await at(world, 'it is at work', (incident) => incident.state !== 'approval');
  }
}

/** Everything stands as it does normally, everybody has supply, and the fault was never energised. */
export async function expectNormal(world: SurvivalRig): Promise<void> {
  const truth = await world.truth();
  const { switches } = await world.snapshot();
  const off = switches.filter(
    ({ id, normal, position }) => !normal || position !== (truth.switches[id] ?? position),
  );
  expect(off.map(({ id }) => id)).toEqual([]);
  expect(truth.faultedEnergisedAfterTrip).toBe(false);
  expect(truth.customersOut).toBe(0);
  expect(truth.restorableDarkCustomers + truth.unrestorableCustomers).toBe(0);
}
