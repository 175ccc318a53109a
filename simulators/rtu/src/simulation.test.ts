import type { PlacedFault, PlantTruth, WireRecord } from '@relight/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulation, type RunningSimulation } from './start-simulation.ts';
import { exceptionOf, ModbusMaster, NO_ANSWER } from './testing/modbus-master.ts';
import { smallStation } from './testing/small-station.ts';

const OPEN = 1;
const CLOSED = 2;

let simulation: RunningSimulation;
beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), speed: 20 });
});
afterAll(async () => {
  await simulation.stop();
});

async function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${simulation.control}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${simulation.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function withMaster<Outcome>(
  rtu: string,
  act: (master: ModbusMaster) => Promise<Outcome>,
): Promise<Outcome> {
  const master = new ModbusMaster(simulation.points, rtu);
  await master.connect();
  try {
    return await act(master);
  } finally {
    master.close();
  }
}

function lastWrites(count: number): readonly Partial<WireRecord>[] {
  return simulation
    .wire()
    .slice(-count)
    .map(({ rtu, kind, address, value, token }) => ({ rtu, kind, address, value, token }));
}

describe('a field RTU over Modbus TCP', () => {
  test('shows what the plant shows, with quality and source time', async () => {
    await withMaster('RTU-S2', async (master) => {
      expect(await master.read('S2', 'position')).toMatchObject({ value: CLOSED, quality: 0 });
      expect(await master.read('S2', 'voltagePresent')).toMatchObject({ value: 1, quality: 0 });
      expect(await master.read('FI-S2', 'faultIndicator')).toMatchObject({ value: 0, quality: 0 });
      const current = await master.read('S2', 'current_A');
      // 1,000 kW at 22 kV.
      expect(current.value).toBeGreaterThan(26);
      expect(current.value).toBeLessThan(27);
      expect(Math.abs(Date.now() - current.time_ms)).toBeLessThan(20_000);
      const power = await master.read('S2', 'activePower_kW');
      expect(Math.abs(Number(power.value) - 1_000)).toBeLessThan(5);
    });
  });

  test('has a clock that runs on, in one block with every status', async () => {
    await withMaster('RTU-R1', async (master) => {
      const clockOf = (words: readonly number[]): number =>
        words.slice(0, 4).reduce((sum, word) => sum * 65_536 + word, 0);
      const first = await master.readBlock(0, 107);
      expect(first[4]).toBe(CLOSED);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const second = await master.readBlock(0, 107);
      expect(clockOf(second) - clockOf(first)).toBeGreaterThanOrEqual(29);
      expect(Math.abs(Date.now() - clockOf(second))).toBeLessThan(20_000);
    });
  });

  test('opens and closes on an armed operate, and the wire log says so', async () => {
    await withMaster('RTU-S2', async (master) => {
      await master.arm(70_000);
      await master.operate(OPEN);
      await until(async () => (await master.read('S2', 'position')).value === OPEN);
      expect(lastWrites(2)).toEqual([
        { rtu: 'RTU-S2', kind: 'arm', address: '0', value: 70_000, token: 70_000 },
        { rtu: 'RTU-S2', kind: 'operate', address: '2', value: OPEN, token: 70_000 },
      ]);
      await master.arm(70_001);
      await master.operate(CLOSED);
      await until(async () => (await master.read('S2', 'position')).value === CLOSED);
    });
  });

  test('refuses an operate that is not armed, or armed by another master, and logs it', async () => {
    await withMaster('RTU-S2', async (master) => {
      expect(await exceptionOf(master.operate(OPEN))).toBe(3);
      expect(lastWrites(1)).toEqual([
        { rtu: 'RTU-S2', kind: 'operate', address: '2', value: OPEN, token: undefined },
      ]);
      await withMaster('RTU-S2', async (other) => {
        await other.arm(5);
        expect(await exceptionOf(master.arm(6))).toBe(6);
        expect(await exceptionOf(master.operate(OPEN))).toBe(3);
        await other.arm(0);
      });
      await master.arm(7);
      expect(await exceptionOf(master.operate(9))).toBe(3);
      // The arm is used up by the refusal.
      expect(await exceptionOf(master.operate(OPEN))).toBe(3);
      expect((await master.read('S2', 'position')).value).toBe(CLOSED);
    });
    const connections = new Set(simulation.wire().map((record) => record.connection));
    expect(connections.size).toBeGreaterThanOrEqual(3);
  });

  test('answers for unit 1 only, and has no coils', async () => {
    const master = new ModbusMaster(simulation.points, 'RTU-S2');
    await master.connect(2);
    expect(await exceptionOf(master.readBlock(0, 1))).toBe(11);
    master.close();
    await withMaster('RTU-S2', async (own) => {
      expect(await exceptionOf(own.readBlock(129, 2))).toBe(2);
    });
  });

  test('refuses on command, and does not move when stuck', async () => {
    await withMaster('RTU-S2', async (master) => {
      await control('POST', '/devices/S2/misbehaviour', { refuse: true });
      await master.arm(8);
      expect(await exceptionOf(master.operate(OPEN))).toBe(6);
      await control('POST', '/devices/S2/misbehaviour', { refuse: false, stuck: true });
      await master.arm(9);
      await master.operate(OPEN);
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect((await master.read('S2', 'position')).value).toBe(CLOSED);
      await control('POST', '/devices/S2/misbehaviour', { stuck: false });
    });
  });

  test('vanishes with its connections and comes back on the same port', async () => {
    await withMaster('RTU-S2', async (master) => {
      await control('POST', '/devices/S2/misbehaviour', { vanish: true });
      expect(await exceptionOf(master.readBlock(0, 4))).toBe(NO_ANSWER);
    });
    const again = withMaster('RTU-S2', (master) => master.readBlock(0, 4));
    expect(await exceptionOf(again)).toBe(NO_ANSWER);
    await control('POST', '/devices/S2/misbehaviour', { vanish: false });
    expect(await withMaster('RTU-S2', (master) => master.readBlock(0, 4))).toHaveLength(4);
  });

  test('tells trip, lockout and fault reactance of a fault, and the indicator its quality', async () => {
    const placed = await control('POST', '/faults', { equipment: 'L3' });
    expect(placed.status).toBe(200);
    const fault = (await placed.json()) as PlacedFault;
    expect(fault).toMatchObject({ equipment: 'L3', kind: 'permanent', cleared: false });
    await withMaster('RTU-R1', async (master) => {
      await until(async () => (await master.read('R1', 'lockout')).value === 1);
      expect((await master.read('R1', 'position')).value).toBe(OPEN);
      expect((await master.read('R1', 'protectionTrip')).value).toBe(1);
      expect([2, 5]).toContain((await master.read('R1', 'tripFunction')).value);
      const { value, time_ms } = await master.read('R1', 'faultReactance_ohm');
      // 1 ohm of L2 and half of L3.
      expect(Math.abs(Number(value) - 1.5)).toBeLessThan(0.18);
      expect(time_ms).toBeGreaterThanOrEqual(Math.floor(fault.at_ms));
    });
    await withMaster('RTU-S2', async (master) => {
      const shown = await master.read('FI-S2', 'faultIndicator');
      expect(shown).toMatchObject({ value: 1, quality: 0 });
      await control('POST', '/devices/FI-S2/misbehaviour', { indicator: 'invalid' });
      expect((await master.read('FI-S2', 'faultIndicator')).quality).toBe(0x80);
      await control('POST', '/devices/FI-S2/misbehaviour', { indicator: 'normal' });
    });
    const truth = (await (await control('GET', '/truth')).json()) as PlantTruth;
    expect(truth).toMatchObject({
      customersOut: 20,
      insideFaultCustomers: 10,
      restorableDarkCustomers: 10,
      unrestorableCustomers: 0,
      loops: 0,
      faultedEnergisedAfterTrip: false,
    });
    expect(truth.switches['R1']).toBe('open');
    expect((await control('DELETE', `/faults/${fault.id}`)).status).toBe(200);
    expect((await control('DELETE', `/faults/${fault.id}`)).status).toBe(404);
  });
});

describe('the control API', () => {
  test('wants the token of this start', async () => {
    const answer = await fetch(`${simulation.control}/truth`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'RL-020' });
  });

  test('names what is wrong with a request', async () => {
    const problem = async (method: string, path: string, body?: unknown) => {
      const answer = await control(method, path, body);
      const { code, message } = (await answer.json()) as { code: string; message: string };
      return [answer.status, code, message];
    };
    expect(await problem('POST', '/faults', { equipment: 'L99' })).toEqual([
      404,
      'RL-005',
      'no equipment "L99" in the grid',
    ]);
    const [status, code, message] = await problem('POST', '/faults', {
      equipment: 'L1',
      kind: 'x',
    });
    expect([status, code]).toEqual([400, 'RL-022']);
    expect(message).toContain('kind');
    expect((await problem('POST', '/faults', { equipment: 'L1', more: 1 }))[1]).toBe('RL-022');
    expect((await problem('POST', '/devices/X/misbehaviour', { stuck: true }))[0]).toBe(404);
    expect((await problem('GET', '/wire?since=-1'))[1]).toBe('RL-022');
    expect((await problem('GET', '/nothing'))[1]).toBe('RL-023');
  });

  test('tells writes from a number on', async () => {
    const count = simulation.wire().length;
    const answer = await control('GET', `/wire?since=${count - 1}`);
    const { records } = (await answer.json()) as { records: WireRecord[] };
    expect(records).toEqual(simulation.wire().slice(-1));
  });
});
