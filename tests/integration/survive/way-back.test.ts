import type { IncidentView, Snapshot } from '@relight/contract';
import { OPERATION_CODES } from '@relight/gateway';
import { afterEach, expect, test } from 'vitest';
import { SurvivalRig } from '../../kit/survival-rig.ts';

// From the fault to the normal state on real sockets: judged by the wire log and the plant.

/** A busy machine reads late: what is waited for here is a state, and never a time. */
const PATIENT = ['env', 'RELIGHT_CORE_MOTOR_FEEDBACK_MS=300000'];
const LIMIT_ms = 240_000;
/** The insulator was changed, no conductor cut. */
const REPAIRED = { repair: { conductorsJoined: false } };

let rig: SurvivalRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

/** A fault behind the recloser of 474 is isolated, everybody else has supply, and it is repaired. */
async function repaired(): Promise<SurvivalRig> {
  const world = await SurvivalRig.start({ speed: 10, under: PATIENT });
  rig = world;
  for (const { id, mode } of (await world.snapshot()).feeders) {
    if (mode !== 'automatic') await world.ask('PUT', `/feeders/${id}/mode`, { mode: 'automatic' });
  }
  const fault = await world.simulation.placeFault({ equipment: '474.L08', kind: 'permanent' });
  await at(world, 'the rest has supply', ({ state }) => state === 'restored');
  await world.simulation.repairFault(fault.id);
  return world;
}

/** Waits until the only incident is so. */
async function at(
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
async function planned(world: SurvivalRig, mayInterrupt: boolean): Promise<IncidentView> {
  const { id } = await at(world, 'it is offered', ({ wayBack }) => wayBack?.offered === true);
  const asked = await world.ask('POST', `/incidents/${id}/way-back`, {
    reason: 'đã thay sứ',
    mayInterrupt,
  });
  expect(asked.status, JSON.stringify(asked.body)).toBe(202);
  return at(world, 'the plan waits', ({ state }) => state === 'approval');
}

async function decide(world: SurvivalRig, decision: string, more: object = {}): Promise<void> {
  const { incidents } = await world.snapshot();
  const [incident] = incidents;
  const { status, body } = await world.ask('POST', `/incidents/${incident?.id}/decision`, {
    decision,
    planVersion: incident?.planVersion,
    planHash: incident?.planHash,
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(202);
}

/** Approves what is laid before a person, as often as it is made anew, until everything is back. */
async function carriedOut(world: SurvivalRig): Promise<void> {
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
async function expectNormal(world: SurvivalRig): Promise<void> {
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

test('fault, isolation, repair, lift, way back: the recloser energises the repaired part, and everything is normal again', async () => {
  const world = await repaired();
  const waiting = await at(world, 'the way back is shown', ({ wayBack }) => wayBack !== undefined);
  expect(waiting.wayBack?.missing.map(({ kind }) => kind)).toEqual(['blocks']);
  const early = await world.ask('POST', `/incidents/${waiting.id}/way-back`, {
    reason: 'đã thay sứ',
    mayInterrupt: false,
  });
  expect(early).toMatchObject({ status: 409, body: { code: 'RL-076' } });
  await decide(world, 'liftBlocks', REPAIRED);
  const { plan } = await planned(world, true);
  expect(plan?.steps.length).toBeGreaterThan(0);
  const before = (await world.operates()).length;
  await carriedOut(world);
  await expectNormal(world);
  const done = (await world.operates()).slice(before).flatMap(({ value, switch: id }) => {
    const operation = Object.entries(OPERATION_CODES).find(([, code]) => code === value)?.[0];
    return operation === undefined ? [] : [`${operation} ${id}`];
  });
  const moves = done.filter((each) => /^(open|close) /.test(each));
  expect(moves).toEqual((plan?.steps ?? []).map((step) => `${step.action} ${step.switch}`));
});

test('killed in the middle of the way back: nothing is resumed, nothing goes out twice, and a person asks again', async () => {
  const world = await repaired();
  await decide(world, 'liftBlocks', REPAIRED);
  await planned(world, true);
  const before = (await world.operates()).length;
  await decide(world, 'approveAll');
  await expect
    .poll(async () => (await world.operates()).length, { timeout: LIMIT_ms, interval: 50 })
    .toBeGreaterThan(before);
  await world.kill();
  const written = await world.operates();
  await world.startCenter();
  const { wayBack, state } = await at(
    world,
    'it is offered again',
    (incident) => incident.wayBack?.offered === true,
  );
  expect([state, wayBack?.asked]).toEqual(['aborted', null]);
  expect(await world.operates()).toEqual(written);
  await planned(world, true);
  await carriedOut(world);
  await expectNormal(world);
});
