import { EVENT_RING } from '@relight/contract';
import type { Misbehaviour } from '@relight/contract';
import { operateSwitch } from '@relight/plant';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { REGISTERS } from './register-map.ts';
import { startSimulation, type RunningSimulation } from './start-simulation.ts';
import { RawMaster } from './testing/raw-master.ts';
import { smallStation } from './testing/small-station.ts';

const READ_POSITION = [4, 0, REGISTERS.statusValue, 0, 1];
const CLOSED = 2;

let simulation: RunningSimulation;
const masters: RawMaster[] = [];
beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), speed: 50 });
});
afterAll(() => simulation.stop());
afterEach(() => {
  for (const master of masters.splice(0)) master.close();
});

async function misbehave(device: string, wanted: Misbehaviour): Promise<Response> {
  return fetch(`${simulation.control}/devices/${device}/misbehaviour`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${simulation.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(wanted),
  });
}

async function master(rtu = 'RTU-S2', host?: string): Promise<RawMaster> {
  const port = simulation.points.rtus.find(({ id }) => id === rtu)?.port ?? 0;
  const connected = await RawMaster.connect(port, host);
  masters.push(connected);
  return connected;
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A 64-bit time, ms. */
const timeOf = (words: readonly number[]): number =>
  words.reduce((sum, word) => sum * 65_536 + word, 0);

/** Moves the switch S2 and waits until it stands. */
async function move(operation: 'open' | 'close'): Promise<void> {
  const plant = simulation.plant();
  const device = plant.devices.find(({ id }) => id === 'S2')!;
  operateSwitch(plant, device, operation);
  const wanted = operation === 'open' ? 'open' : 'closed';
  await until(`S2 is ${wanted}`, () => {
    simulation.plant();
    return device.position.value === wanted;
  });
}

/** Value, code and time of every event the ring holds, in order. */
async function ring(from: RawMaster): Promise<{ code: number; value: number; time_ms: number }[]> {
  const [, newest = 0, , , oldest = 0] = await from.registers(3, REGISTERS.ring, 8);
  const events = [];
  for (let number = oldest; number <= newest; number++) {
    const slot = (number - 1) % REGISTERS.ringCapacity;
    const address = REGISTERS.ring + EVENT_RING.header + slot * EVENT_RING.slot;
    const words = await from.registers(3, address, EVENT_RING.slot);
    expect(words.slice(0, 2)).toEqual([0, number]);
    events.push({ code: words[2]!, value: words[5]!, time_ms: timeOf(words.slice(6)) });
  }
  return events;
}

describe('an RTU told to misbehave', () => {
  test('frozen, answers with values and a clock that stand still', async () => {
    const one = await master();
    await misbehave('RTU-S2', { freeze: true });
    const first = await one.registers(4, 0, 5);
    await move('open');
    expect(await one.registers(4, 0, 5)).toEqual(first);
    expect(first[4]).toBe(CLOSED);
    await misbehave('RTU-S2', { freeze: false });
    expect((await one.registers(4, 0, 5))[4]).not.toBe(CLOSED);
    await move('close');
  });

  test('slow, answers every request in turn, but late', async () => {
    const one = await master();
    await misbehave('S2', { delay_ms: 120 });
    const start = performance.now();
    expect(await one.ask(READ_POSITION)).not.toBeNull();
    expect(performance.now() - start).toBeGreaterThan(110);
    await misbehave('S2', { delay_ms: 0 });
  });

  test('silent, or dropping its answers, says nothing and keeps the connection', async () => {
    const one = await master();
    for (const [on, off] of [
      [{ silent: true }, { silent: false }],
      [{ dropReplies: 1 }, { dropReplies: 0 }],
    ]) {
      await misbehave('S2', on!);
      expect(await one.ask(READ_POSITION, 150)).toBeNull();
      await misbehave('S2', off!);
      expect(await one.ask(READ_POSITION)).not.toBeNull();
    }
    expect(one.ended).toBe(false);
  });

  test('answers with any exception, another unit, another transaction, or damaged bytes', async () => {
    const one = await master();
    const right = (await one.ask(READ_POSITION))!;
    await misbehave('S2', { exception: 4 });
    expect([...(await one.ask(READ_POSITION))!.subarray(7)]).toEqual([0x84, 4]);
    await misbehave('S2', { exception: 0, wrongUnit: true });
    expect((await one.ask(READ_POSITION))![6]).toBe(2);
    await misbehave('S2', { wrongUnit: false, wrongTransaction: true });
    expect((await one.ask(READ_POSITION))![0]).toBe(1);
    await misbehave('S2', { wrongTransaction: false, corrupt: 1 });
    let damaged = 0;
    for (let i = 0; i < 10; i++) {
      const answer = await one.ask(READ_POSITION, 100);
      const expected = Buffer.from(right);
      expected[1] = answer?.[1] ?? 0;
      if (answer === null || !answer.equals(expected)) damaged += 1;
    }
    expect(damaged).toBeGreaterThanOrEqual(8);
    await misbehave('S2', { corrupt: 0 });
  });

  test('with a wrong clock, dates its values by it', async () => {
    const one = await master();
    await misbehave('S2', { clockSkew_ms: 3_600_000 });
    const ahead_ms = timeOf(await one.registers(4, REGISTERS.clock, 4)) - Date.now();
    expect(Math.abs(ahead_ms - 3_600_000)).toBeLessThan(20_000);
    await misbehave('S2', { clockSkew_ms: 0, timeStamps: 'none' });
    expect(timeOf(await one.registers(4, REGISTERS.statusTime, 4))).toBe(0);
    expect(timeOf(await one.registers(4, REGISTERS.clock, 4))).toBeGreaterThan(0);
    await misbehave('S2', { timeStamps: 'wrong' });
    const stamp = timeOf(await one.registers(4, REGISTERS.statusTime, 4));
    expect(Date.now() - stamp).toBeGreaterThan(60_000);
    expect(timeOf(await one.registers(4, REGISTERS.statusTime, 4))).toBe(stamp);
    await misbehave('S2', { timeStamps: 'right' });
  });

  test('cuts with a reset or an end, and takes new connections', async () => {
    const one = await master();
    await misbehave('S2', { cut: 'reset' });
    await until('the reset', () => one.ended);
    expect(one.wasReset).toBe(true);
    const two = await master();
    await misbehave('S2', { cut: 'end' });
    await until('the end', () => two.ended);
    expect(two.wasReset).toBe(false);
    expect(await (await master()).ask(READ_POSITION)).not.toBeNull();
  });

  test('half open, leaves a master with a dead connection and serves a new one', async () => {
    const one = await master();
    expect(await one.ask(READ_POSITION)).not.toBeNull();
    await misbehave('S2', { halfOpen: true });
    expect(await one.ask(READ_POSITION, 150)).toBeNull();
    expect(one.ended).toBe(false);
    expect(await (await master()).ask(READ_POSITION)).not.toBeNull();
  });

  test('restarted, is away for its time and may have lost its events', async () => {
    const before = await master();
    await move('open');
    await move('close');
    expect((await ring(before)).length).toBeGreaterThanOrEqual(4);
    await misbehave('S2', { restart: { down_ms: 200, losesEvents: true } });
    await expect(master()).rejects.toThrow('ECONNREFUSED');
    await until('it is back', () =>
      master().then(
        () => true,
        () => false,
      ),
    );
    const after = await master();
    expect(await ring(after)).toEqual([]);
    expect((await after.registers(3, REGISTERS.ring, 8))[2]).toBe(2);
  });

  test('moved to another address, is found there on the same port', async () => {
    await misbehave('S2', { host: '127.0.0.2' });
    await expect(master()).rejects.toThrow('ECONNREFUSED');
    expect(await (await master('RTU-S2', '127.0.0.2')).ask(READ_POSITION)).not.toBeNull();
    await misbehave('S2', { host: '127.0.0.1' });
    expect(await (await master()).ask(READ_POSITION)).not.toBeNull();
  });
});

test('the ring keeps every step of a switch with its time; it may double, swap or lose events', async () => {
  const one = await master();
  await misbehave('S2', { restart: { down_ms: 0, losesEvents: true } });
  await until('it is back', () =>
    master().then(
      () => true,
      () => false,
    ),
  );
  const again = await master();
  const positions = async (): Promise<number[]> =>
    (await ring(again)).filter(({ code }) => code === 0).map(({ value }) => value);
  await move('open');
  expect(await positions()).toEqual([0, 1]);
  const [moving, open] = (await ring(again)).filter(({ code }) => code === 0);
  expect(open!.time_ms).toBeGreaterThan(moving!.time_ms);
  await misbehave('S2', { events: 'duplicated' });
  await move('close');
  expect((await positions()).slice(2)).toEqual([0, 0, 2, 2]);
  await misbehave('S2', { events: 'lost' });
  await move('open');
  expect(await positions()).toHaveLength(6);
  await misbehave('S2', { events: 'reordered' });
  await move('close');
  await misbehave('S2', { events: 'normal' });
  const swapped = (await ring(again)).slice(-2);
  expect(swapped[0]!.time_ms).toBeGreaterThanOrEqual(swapped[1]!.time_ms);
  one.close();
});

test('a station refuses what only a Modbus device can do, and an impossible wish is named', async () => {
  const answer = await misbehave('RTU-S', { wrongUnit: true });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('wrongUnit') });
  const elsewhere = await misbehave('S2', { host: '8.8.8.8' });
  expect(elsewhere.status).toBe(400);
  expect(await elsewhere.json()).toMatchObject({ message: expect.stringContaining('host') });
});
