import { EVENT_RING } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { parsePointList } from '@relight/gateway';
import type { Driver, PointReading } from '@relight/gateway';
import { afterEach, expect, test } from 'vitest';
import { createModbusDriver } from './modbus-driver.ts';
import { ModbusException, ModbusServer } from './testing/modbus-server.ts';
import { realClock } from './testing/real-clock.ts';

const CAPACITY = 4;
const RING = 10;
const START_ms = 1_800_000_000_000;
const [OPEN, CLOSED] = [1, 2];

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/**
 * A device of its own making: input register 0 the position of a switch, 1–3 newest event and
 * incarnation; holding registers from 10 the ring, kept as the contract describes it.
 */
class Device {
  readonly holding = new Uint16Array(RING + EVENT_RING.header + CAPACITY * EVENT_RING.slot);
  position = CLOSED;
  newest = 0;
  incarnation = 1;
  readonly acknowledged: number[] = [];
  readonly server: ModbusServer;

  constructor() {
    this.server = new ModbusServer({
      readRegister: (table, address) => {
        const inputs = [this.position, 0, this.newest, this.incarnation];
        const value = table === 'inputRegister' ? inputs[address] : this.holding[address];
        if (value === undefined) throw new ModbusException(2);
        return value;
      },
      readBit: () => false,
      writeRegisters: (address, [high = 0, low = 0]) => {
        if (address !== RING + EVENT_RING.acknowledged) throw new ModbusException(2);
        this.acknowledged.push(high * 65_536 + low);
      },
    });
    this.#header();
  }

  enter(value: number, code = 7): void {
    this.newest += 1;
    const slot = RING + EVENT_RING.header + ((this.newest - 1) % CAPACITY) * EVENT_RING.slot;
    const time = START_ms + this.newest;
    const words = [0, this.newest, code, 0, 0, value, 0, 0, 0, 0];
    for (let i = 0; i < 4; i++) words[9 - i] = Math.floor(time / 65_536 ** i) % 65_536;
    this.holding.set(words, slot);
    this.#header();
  }

  restart(): void {
    this.incarnation += 1;
    this.newest = 0;
    this.#header();
  }

  #header(): void {
    const oldest = Math.max(1, this.newest - CAPACITY + 1);
    this.holding.set([0, this.newest, this.incarnation, 0, oldest, 0, 0, CAPACITY], RING);
  }
}

async function start(): Promise<{ device: Device; driver: Driver; told: PointReading[] }> {
  const device = new Device();
  const port = await device.server.open();
  ends.push(() => device.server.close());
  const parsed = parsePointList({
    format: 'relight-points/1',
    grid: 'g',
    rtus: [
      {
        id: 'R1',
        protocol: 'modbus-tcp',
        host: '127.0.0.1',
        port,
        timeout_ms: 300,
        pollClasses: { fast: { period_ms: 40 } },
        events: {
          address: RING,
          capacity: CAPACITY,
          newest: { table: 'inputRegister', address: 1 },
        },
      },
    ],
    points: [
      {
        id: 'S1.position',
        rtu: 'R1',
        equipment: 'S1',
        signal: 'position',
        table: 'inputRegister',
        address: 0,
        eventCode: 7,
      },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const [rtu] = parsed.value.rtus;
  if (rtu?.protocol !== 'modbus-tcp') throw new Error('no RTU');
  const driver = createModbusDriver(rtu, parsed.value.points, {
    clock: realClock,
    chance: new RandomStream(1, 'test'),
  });
  ends.push(() => driver.close());
  const told: PointReading[] = [];
  let up = false;
  driver.changes.subscribe((event) => {
    if (event.kind === 'link') up = event.up;
    if (event.kind === 'readings' && event.cause === 'spontaneous') told.push(...event.readings);
  });
  driver.connect();
  await until('the link is up', () => up);
  return { device, driver, told };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const short = (readings: readonly PointReading[]) =>
  readings.map(({ value, sourceTime_ms }) => [value, (sourceTime_ms ?? 0) - START_ms]);

test('a switch that opened and closed again between two polls is told so, with the times of the RTU', async () => {
  const { device, told } = await start();
  device.enter(OPEN);
  device.enter(0);
  device.enter(CLOSED);
  await until('the events', () => told.length >= 3);
  expect(short(told)).toEqual([
    ['open', 1],
    ['intermediate', 2],
    ['closed', 3],
  ]);
  await until('the acknowledgement', () => device.acknowledged.length > 0);
  expect(device.acknowledged).toEqual([3]);
  device.enter(OPEN);
  await until('one more', () => told.length >= 4);
  expect(short(told).slice(3)).toEqual([['open', 4]]);
});

test('events of the time without a connection come after it, each once', async () => {
  const { device, told } = await start();
  device.enter(OPEN);
  await until('the first', () => told.length === 1);
  device.server.reset();
  device.enter(CLOSED);
  device.enter(OPEN);
  await until('the others', () => told.length >= 3);
  expect(short(told)).toEqual([
    ['open', 1],
    ['closed', 2],
    ['open', 3],
  ]);
});

test('events that were overwritten unread are counted as lost, the others still come', async () => {
  const { device, driver, told } = await start();
  device.server.tamper = () => null;
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (let i = 0; i < 7; i++) device.enter(i % 2 === 0 ? OPEN : CLOSED);
  device.server.tamper = (answer) => answer;
  await until('what the ring holds', () => told.length >= 4);
  expect(short(told)).toEqual([
    ['closed', 4],
    ['open', 5],
    ['closed', 6],
    ['open', 7],
  ]);
  expect(driver.health().lostEvents).toBe(3);
});

test('after the RTU lost its memory the new events are read from the first', async () => {
  const { device, driver, told } = await start();
  device.enter(OPEN);
  device.enter(CLOSED);
  await until('both', () => told.length === 2);
  device.restart();
  device.enter(OPEN);
  await until('the new one', () => told.length === 3);
  expect(short(told)[2]).toEqual(['open', 1]);
  expect(driver.health().lostEvents).toBe(0);
});

test('an event of no point, or with a value that is none, is named and counted', async () => {
  const { device, driver, told } = await start();
  device.enter(OPEN, 99);
  device.enter(9);
  await until('both were read', () => driver.health().malformed >= 2);
  expect(driver.health().problem).toBe(
    'event 2 at holding register 28: point S1.position cannot have this value',
  );
  expect(told).toMatchObject([{ value: null, quality: 'invalid' }]);
});
