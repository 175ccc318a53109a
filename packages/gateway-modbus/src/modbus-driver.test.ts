import { RandomStream } from '@relight/foundation';
import { parsePointList } from '@relight/gateway';
import type { Driver, DriverEvent, PointReading } from '@relight/gateway';
import { afterEach, expect, test } from 'vitest';
import { realClock } from './testing/real-clock.ts';
import { createModbusDriver } from './modbus-driver.ts';
import { ModbusException, ModbusServer } from './testing/modbus-server.ts';
import type { RegisterBank } from './testing/modbus-server.ts';

const TIMEOUT_ms = 200;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

class Link {
  readonly driver: Driver;
  readonly server: ModbusServer;
  readonly events: DriverEvent[] = [];
  readonly newest = new Map<string, PointReading>();

  constructor(driver: Driver, server: ModbusServer) {
    this.driver = driver;
    this.server = server;
    driver.changes.subscribe((event) => {
      this.events.push(event);
      if (event.kind !== 'readings') return;
      for (const reading of event.readings) this.newest.set(reading.point, reading);
    });
  }

  get downs(): number {
    return this.events.filter((event) => event.kind === 'link' && !event.up).length;
  }

  get ups(): number {
    return this.events.filter((event) => event.kind === 'link' && event.up).length;
  }
}

/** A device with the registers 0 … 9, each holding its address times ten. */
async function link(
  points: readonly object[],
  bank: Partial<RegisterBank> = {},
  rtu: object = {},
): Promise<Link> {
  const server = new ModbusServer({
    readRegister: (_table, address) => 10 * address,
    readBit: () => false,
    writeRegisters: () => {},
    ...bank,
  });
  const port = await server.open();
  ends.push(() => server.close());
  const parsed = parsePointList({
    format: 'relight-points/1',
    grid: 'g',
    rtus: [
      {
        id: 'R1',
        protocol: 'modbus-tcp',
        host: '127.0.0.1',
        port,
        timeout_ms: TIMEOUT_ms,
        pollClasses: { fast: { period_ms: 20 } },
        ...rtu,
      },
    ],
    points: points.map((point, index) => ({
      id: `p${index}`,
      rtu: 'R1',
      equipment: `E${index}`,
      signal: 'current_A',
      table: 'holdingRegister',
      address: index,
      ...point,
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const [one] = parsed.value.rtus;
  if (one?.protocol !== 'modbus-tcp') throw new Error('no RTU');
  const chance = new RandomStream(1, 'test');
  const driver = createModbusDriver(one, parsed.value.points, { clock: realClock, chance });
  ends.push(() => driver.close());
  const made = new Link(driver, server);
  driver.connect();
  return made;
}

async function until(what: string, condition: () => boolean, limit_ms = 20_000): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > limit_ms) throw new Error(`${what}: not within ${limit_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('signed, long and floating values are read in the word order of the device', async () => {
  const words = [0xffff, 0x0001, 0x86a0, 0x86a0, 0x0001, 0x42c8, 0x0000, 0xffff, 0xfff6];
  const { newest } = await link(
    [
      { type: 'int16', address: 0 },
      { type: 'uint32', address: 1 },
      { type: 'uint32', address: 3, wordOrder: 'CDAB' },
      { type: 'float32', address: 5 },
      { type: 'int32', address: 7 },
    ],
    { readRegister: (_table, address) => words[address] ?? 0 },
  );
  await until('read', () => newest.size === 5);
  const values = [...newest.values()].map(({ value }) => value);
  expect(values).toEqual([-1, 100_000, 100_000, 100, -10]);
});

test('coils and discrete inputs are read as flags and single-bit positions', async () => {
  const { newest } = await link(
    [
      { table: 'coil', signal: 'lockout' },
      { table: 'discreteInput', signal: 'position', address: 9 },
    ],
    { readBit: (table, address) => table === 'coil' || address === 9 },
  );
  await until('read', () => newest.size === 2);
  expect(newest.get('p0')?.value).toBe(true);
  expect(newest.get('p1')?.value).toBe('closed');
});

test('an exception says nothing of other blocks; busy keeps the last value, wrong makes it invalid', async () => {
  let code = 0;
  const one = await link([{ address: 0 }, { address: 500 }, { address: 900 }], {
    readRegister(_table, address) {
      if (code !== 0 && address >= 900) throw new ModbusException(code);
      return address;
    },
  });
  await until('read', () => one.newest.size === 3);
  code = 6;
  await until('busy', () => one.newest.get('p2')?.quality === 'notTopical');
  expect(one.newest.get('p2')?.value).toBe(null);
  code = 3;
  await until('wrong', () => one.newest.get('p2')?.quality === 'invalid');
  expect(one.newest.get('p0')?.quality).toBe('good');
  expect(await one.driver.readAll()).toBe(false);
  code = 0;
  await until('good again', () => one.newest.get('p2')?.quality === 'good');
  expect(one.downs).toBe(0);
  expect(one.driver.health().errors).toBeGreaterThan(0);
});

test('a device that refuses the gaps between its registers is read without them', async () => {
  const one = await link([{ address: 0 }, { address: 20 }], {
    readRegister(_table, address) {
      if (address !== 0 && address !== 20) throw new ModbusException(2);
      return address;
    },
  });
  await until('both good', () => one.newest.size === 2);
  expect([...one.newest.values()].map(({ quality }) => quality)).toEqual(['good', 'good']);
  const asked = one.server.requests.slice(-2).map(({ address, count }) => [address, count]);
  expect(asked).toEqual([
    [0, 1],
    [20, 1],
  ]);
});

test('after a time-out the connection is gone, so that a late answer reaches nobody', async () => {
  // The client numbers its requests modulo 256: on the old connection a late answer could pass
  // for that of another request.
  const one = await link([{}]);
  await until('read', () => one.ups === 1);
  let silent = true;
  one.server.tamper = (answer) => {
    if (!silent) return answer;
    silent = false;
    return null;
  };
  await until('the old connection ends', () => one.server.ended === 1);
  expect(one.downs).toBe(1);
  await until('up again', () => one.ups === 2);
  expect(one.driver.health()).toMatchObject({ errors: 1, reconnects: 1 });
});

test('a device that answers everything twice is counted, and read right', async () => {
  let value = 0;
  const one = await link([{}], { readRegister: () => value });
  one.server.tamper = (answer) => Buffer.concat([answer, answer]);
  for (value = 1; value < 20; value++) {
    await until(`reads ${value}`, () => one.newest.get('p0')?.value === value);
  }
  const values = one.events.flatMap((event) =>
    event.kind === 'readings' ? event.readings.map((reading) => Number(reading.value)) : [],
  );
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(one.driver.health().strays).toBeGreaterThan(15);
  expect(one.downs).toBe(0);
});

test.each([
  ['a wrong unit', (answer: Buffer) => patched(answer, 6, 9)],
  ['a wrong function', (answer: Buffer) => patched(answer, 7, 4)],
  ['a wrong length', (answer: Buffer) => patched(answer, 8, 8)],
  ['a short frame', (answer: Buffer) => patched(answer.subarray(0, 8), 5, 2)],
])('an answer with %s is no value: the link is made anew', async (_, tamper) => {
  const one = await link([{}]);
  await until('read', () => one.ups === 1);
  let broken = true;
  one.server.tamper = (answer) => {
    if (!broken) return answer;
    broken = false;
    return tamper(answer);
  };
  await until('up again', () => one.ups === 2);
  expect(one.downs).toBe(1);
  expect(one.newest.get('p0')).toMatchObject({ value: 0, quality: 'good' });
  expect(one.driver.health().errors).toBeGreaterThan(0);
});

test('a device whose own clock stands still answers from a frozen picture: nothing is good', async () => {
  let running = true;
  let time = 1_800_000_000_000;
  const one = await link(
    [{ address: 5 }],
    {
      readRegister(_table, address) {
        if (address === 0 && running) time += 20;
        const word = [2 ** 48, 2 ** 32, 2 ** 16, 1][address];
        return word === undefined ? 50 : Math.floor(time / word) % 65_536;
      },
    },
    { clock: { table: 'holdingRegister', address: 0 } },
  );
  await until('read', () => one.newest.get('p0')?.quality === 'good');
  running = false;
  await until('not topical', () => one.newest.get('p0')?.quality === 'notTopical', 3_000);
  expect(one.newest.get('p0')?.value).toBe(50);
  running = true;
  await until('good again', () => one.newest.get('p0')?.quality === 'good');
  expect(one.downs).toBe(0);
});

test('there is never more than one request on the wire', async () => {
  let open = 0;
  let most = 0;
  const one = await link([{ address: 0 }, { address: 300 }, { address: 600 }]);
  one.server.onRequest = () => {
    open += 1;
    most = Math.max(most, open);
  };
  one.server.tamper = (answer) => {
    open -= 1;
    return answer;
  };
  await until('read', () => one.newest.size === 3);
  await Promise.all(Array.from({ length: 10 }, () => one.driver.readAll()));
  expect(most).toBe(1);
});

test('closing ends a driver that is waiting for a device that is not there', async () => {
  const one = await link([{}]);
  await until('up', () => one.ups === 1);
  await one.server.close();
  await until('down', () => one.downs >= 1);
  // If it waited for the device it would wait for ever, and the test with it.
  await one.driver.close();
  expect(one.ups).toBe(1);
});

function patched(answer: Buffer, at: number, value: number): Buffer {
  const bytes = Buffer.from(answer);
  bytes[at] = value;
  return bytes;
}
