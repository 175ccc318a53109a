import type { Snapshot } from '@relight/contract';
import { OPERATION_CODES } from '@relight/gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause_ms, SurvivalRig } from '../../kit/survival-rig.ts';

// A plan closes a tie onto a fault that nobody could know of: judged by the wire log and the plant.

const TIE = '474-478-91';
/** Behind the faulted part of 474, in what the tie takes over; dark when its fault comes. */
const HIDDEN = '474.L08';

let rig: SurvivalRig;
beforeAll(async () => {
  // A busy machine reads late: what is waited for here is a state, and never a time.
  const patient = ['GUARD_TIME_MS=200000', 'MOTOR_FEEDBACK_MS=300000', 'EVIDENCE_WINDOW_MS=30000'];
  const under = ['env', ...patient.map((setting) => `RELIGHT_CORE_${setting}`)];
  rig = await SurvivalRig.start({ speed: 10, under });
});
afterAll(() => rig.stop());

/** Writes that move a switch, in the order in which they arrived. */
async function moves(): Promise<string[]> {
  return (await rig.operates()).flatMap(({ value, switch: id }) => {
    if (value === OPERATION_CODES.open) return [`open ${id}`];
    return value === OPERATION_CODES.close ? [`close ${id}`] : [];
  });
}

test('a tie that was closed onto a fault is opened on a dead line, the feeder that helped comes back, and it stops', async () => {
  const before = await rig.snapshot();
  for (const { id, mode } of before.feeders) {
    if (mode !== 'automatic') await rig.ask('PUT', `/feeders/${id}/mode`, { mode: 'automatic' });
  }
  await rig.simulation.placeFault({ equipment: '474.L03', kind: 'permanent' });
  // Not while it recloses: then both faults would be fed, and found, at once.
  await rig.until('the feeder has locked out', 60_000, ({ incidents }) =>
    incidents.some(({ state }) => state !== 'reclosing'),
  );
  await rig.simulation.placeFault({ equipment: HIDDEN, kind: 'permanent' });
  let last: unknown;
  const hasStopped = ({ incidents }: Snapshot): boolean => {
    last = incidents.map(({ state, tripped, reasons }) => ({ state, tripped, reasons }));
    return incidents.some(
      ({ state, tripped, reasons }) =>
        tripped.length > 1 &&
        (state === 'approval' || state === 'noPlan') &&
        reasons.some(({ en }) => en.includes('it stops and asks a person')),
    );
  };
  const asks = await rig
    .until('it has stopped and asks', 180_000, hasStopped)
    .catch(async (cause: unknown) => {
      const seen = JSON.stringify({ last, moves: await moves() });
      throw new Error(`it has not stopped: ${seen}`, { cause });
    });
  const helper = asks.incidents.flatMap(({ tripped }) => tripped).find((id) => id !== 'PT.474');
  const written = await moves();
  // Closed, opened again, and only then the device that tripped; after it nothing.
  const first = written.indexOf(`close ${TIE}`);
  expect(first).toBeGreaterThan(-1);
  expect(written.slice(first)).toEqual([`close ${TIE}`, `open ${TIE}`, `close ${helper}`]);
  const { switches, faultedEnergisedAfterTrip } = await rig.truth();
  expect(switches[TIE]).toBe('open');
  expect(switches[helper ?? '']).toBe('closed');
  expect(faultedEnergisedAfterTrip).toBe(false);
  const told = asks.incidents.flatMap(({ reasons }) => reasons.map(({ vi }) => vi)).join(' ');
  expect(told).toContain('phần vừa chuyển giữ không điện');
  await pause_ms(5_000);
  expect(await moves()).toEqual(written);
});
