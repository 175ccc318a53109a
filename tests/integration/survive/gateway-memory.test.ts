import type { ControlOrder, ControlReport, WireRecord } from '@relight/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSimulation } from '../../../simulators/rtu/src/index.ts';
import type { RunningSimulation } from '../../../simulators/rtu/src/index.ts';
import { smallStation } from '../../../simulators/rtu/src/testing/small-station.ts';
import { until } from '../../../packages/gateway/src/testing/until.ts';
import { GatewayRig } from '../../kit/gateway-rig.ts';

// What the gateway alone answers for: tokens, lives of orders and clocks, judged by the wire log.

const FIELD = 'S2';
const BREAKER = 'S.471';
const HOUR_ms = 3_600_000;

let simulation: RunningSimulation;
let rig: GatewayRig;
let number = 0;
/** The newest token of any control centre; each leader has its own, and a later one a higher. */
let newestToken = 0;
const nextToken = (): number => (newestToken += 1);
/** What a test has selected; whatever it leaves so is given free after it. */
const held: ControlOrder[] = [];

beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), speed: 50 });
  rig = await GatewayRig.start(simulation.points);
});
// However the machine stood still, or a test before this one ended.
beforeEach(() => rig.ready());
afterEach(async () => {
  for (const order of held.splice(0)) await send(order, 'cancel');
});
afterAll(async () => {
  await rig.stop();
  await simulation.stop();
});

/** An order of a control centre that sees what the gateway sees, and shares its clock. */
function orderFor(equipment: string, token: number, life_ms = 20_000): ControlOrder {
  const seen = rig.newest.get(`${equipment}.position`);
  number += 1;
  return {
    commandId: `C${number}`,
    phase: 'select',
    equipment,
    operation: seen?.value === 'open' ? 'close' : 'open',
    token,
    expiresAt_ms: rig.now() + life_ms,
    seenSequence: seen?.sequence ?? null,
    seenPosition: String(seen?.value),
  };
}

async function send(order: ControlOrder, phase: ControlOrder['phase']): Promise<ControlReport> {
  const before = rig.reports.length;
  rig.control.publish({ type: 'control', order: { ...order, phase } });
  await until(`the report of ${phase}`, 20_000, () => rig.reports.length > before);
  const report = rig.reports.at(-1);
  if (report === undefined) throw new Error('no report');
  if (report.outcome === 'selected') held.push(order);
  return report;
}

function operates(): readonly WireRecord[] {
  return simulation.wire(0).filter(({ kind }) => kind === 'operate');
}

async function carriedOut(order: ControlOrder): Promise<void> {
  expect(await send(order, 'select')).toMatchObject({ outcome: 'selected' });
  expect(await send(order, 'operate')).toMatchObject({ outcome: 'acknowledged' });
  const wanted = order.operation === 'open' ? 'open' : 'closed';
  const point = `${order.equipment}.position`;
  await until('it has moved', 20_000, () => rig.newest.get(point)?.value === wanted);
}

test('a leader that slept past its lease: what it selected before is not written, nor anything else with its token', async () => {
  const mine = nextToken();
  const sleeping = orderFor(FIELD, mine);
  expect(await send(sleeping, 'select')).toMatchObject({ outcome: 'selected' });
  await carriedOut(orderFor(BREAKER, nextToken())); // The standby has taken over.
  const written = operates().length;
  const old = { outcome: 'refused', refusedBy: 'gateway', reason: 'the token is old' };
  expect(await send(sleeping, 'operate')).toMatchObject(old);
  for (const equipment of [FIELD, BREAKER]) {
    expect(await send(orderFor(equipment, mine), 'select')).toMatchObject(old);
  }
  expect(operates()).toHaveLength(written);
  expect(operates().filter(({ token }) => token === mine)).toEqual([]);
});

test('a gateway that was started anew still knows the newest token', async () => {
  const [old, token] = [nextToken(), nextToken()];
  await carriedOut(orderFor(BREAKER, token));
  const written = operates().length;
  await rig.restart();
  await rig.ready();
  for (const equipment of [FIELD, BREAKER]) {
    expect(await send(orderFor(equipment, old), 'select')).toMatchObject({
      outcome: 'refused',
      reason: 'the token is old',
    });
  }
  expect(operates()).toHaveLength(written);
  await carriedOut(orderFor(FIELD, token));
  expect(operates().slice(written)).toMatchObject([{ switch: FIELD, token }]);
});

test.each([HOUR_ms, -HOUR_ms])(
  'the clock of the server steps by %i ms: a command selected before is neither over too early nor alive too long',
  async (step_ms) => {
    const written = operates().length;
    const token = nextToken();
    const quick = orderFor(FIELD, token);
    expect(await send(quick, 'select')).toMatchObject({ outcome: 'selected' });
    const slow = orderFor(BREAKER, token, 3_000);
    expect(await send(slow, 'select')).toMatchObject({ outcome: 'selected' });
    const selected = performance.now();
    rig.stepWall(step_ms);
    expect(await send(quick, 'operate')).toMatchObject({ outcome: 'acknowledged' });
    await until('its life is over', 10_000, () => performance.now() - selected > 3_100);
    expect(await send(slow, 'operate')).toMatchObject({ outcome: 'expired' });
    expect(operates().slice(written)).toMatchObject([{ switch: FIELD }]);
    // Every reading is good, and its numbers go on rising whatever the stamps say.
    await rig.ready();
    const readings = rig.history.filter(({ point }) => point === `${FIELD}.position`);
    const numbers = readings.map(({ sequence }) => sequence);
    expect(numbers.length).toBeGreaterThan(2);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  },
);

test('the clock of an RTU steps by an hour either way: flagged as skew, and its commands live as long as others', async () => {
  const skew = (): number => rig.links.get('RTU-S2')?.skew_ms ?? Number.NaN;
  for (const clockSkew_ms of [HOUR_ms, -HOUR_ms]) {
    const off_ms = clockSkew_ms - (rig.now() - Date.now());
    const answer = await fetch(`${simulation.control}/devices/${FIELD}/misbehaviour`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulation.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ clockSkew_ms }),
    });
    expect(answer.status).toBe(200);
    await until('the skew', 20_000, () => Math.abs(skew() - off_ms) < 2_000);
    const written = operates().length;
    const token = nextToken();
    await carriedOut(orderFor(FIELD, token));
    expect(operates().slice(written)).toMatchObject([{ switch: FIELD, token }]);
  }
});
