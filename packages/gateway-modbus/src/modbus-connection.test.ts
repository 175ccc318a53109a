import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { RandomStream } from '@relight/foundation';
import { afterEach, expect, test } from 'vitest';
import { realClock } from './testing/real-clock.ts';
import { ModbusConnection } from './modbus-connection.ts';
import { ModbusServer } from './testing/modbus-server.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A time-out for answers so long that whoever waits for it is seen to have waited. */
const PATIENT_ms = 50_000;
const BLOCK = { table: 'holdingRegister', first: 7, count: 2, data: [] } as const;

async function sevens(): Promise<ModbusServer> {
  const server = new ModbusServer({
    readRegister: (_table, address) => 10 * address,
    readBit: () => false,
    writeRegisters: () => {},
  });
  await server.open();
  ends.push(() => server.close());
  return server;
}

async function connectTo(port: number, timeout_ms: number): Promise<ModbusConnection> {
  const place = { host: '127.0.0.1', port, unitId: 1 };
  // The time-out is for answers; a busy machine may take longer than that to connect.
  for (let attempt = 1; ; attempt++) {
    const connection = await ModbusConnection.open(place, realClock, timeout_ms);
    if (typeof connection !== 'string') return connection;
    if (attempt === 20) throw new Error(connection);
  }
}

test('four hundred answers with a corrupt header break nothing and never become other values', async () => {
  const server = await sevens();
  const chance = new RandomStream(11, 'corrupt');
  server.tamper = (answer) => {
    const bytes = Buffer.from(answer);
    const at = chance.integer(0, 8);
    bytes[at] = (bytes[at] ?? 0) ^ chance.integer(1, 255);
    return bytes;
  };
  const outcomes = new Set<string>();
  for (let n = 0; n < 400; n++) {
    const connection = await connectTo(server.port, 25);
    const outcome = await connection.readBlock({ ...BLOCK });
    outcomes.add(outcome.kind);
    if (outcome.kind === 'answer') expect(outcome.value).toEqual([70, 80]);
    if (outcome.kind === 'lost') expect(connection.isOpen).toBe(false);
    connection.destroy();
    await connection.ended;
  }
  expect(outcomes.has('lost')).toBe(true);
});

test('a place where nobody listens is told in words', async () => {
  const server = await sevens();
  const port = server.port;
  await server.close();
  const nobody = await ModbusConnection.open(
    { host: '127.0.0.1', port, unitId: 1 },
    realClock,
    500,
  );
  expect(nobody).toMatch(/ECONNREFUSED/);
});

test('a peer that sends a reset in the middle of a request ends it at once', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const connection = await connectTo((server.address() as AddressInfo).port, PATIENT_ms);
  const start = performance.now();
  expect(await connection.readBlock({ ...BLOCK })).toMatchObject({ kind: 'lost' });
  expect(performance.now() - start).toBeLessThan(PATIENT_ms);
  expect(connection.isOpen).toBe(false);
});

test('a half-closed peer, one that only reads, is not waited for', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end());
    ends.push(async () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => server.close());
  const connection = await connectTo((server.address() as AddressInfo).port, PATIENT_ms);
  const start = performance.now();
  expect(await connection.readBlock({ ...BLOCK })).toMatchObject({ kind: 'lost' });
  expect(performance.now() - start).toBeLessThan(PATIENT_ms);
});

test('a request on a connection that has ended is lost, and nothing is sent', async () => {
  const server = await sevens();
  const connection = await connectTo(server.port, 200);
  connection.destroy();
  expect(await connection.writeRegister(2, 1)).toMatchObject({ kind: 'lost' });
  expect(server.requests).toEqual([]);
});

test("an answer held back for 256 requests is taken for nobody else's", async () => {
  const server = await sevens();
  let held: Buffer | null = null;
  let count = 0;
  server.tamper = (answer) => {
    count += 1;
    if (count === 1) {
      // Answered now, and once more 256 requests later, before the right answer.
      held = Buffer.from(answer);
      held.writeUInt16BE(9_999, 9);
    }
    return count === 257 && held !== null ? Buffer.concat([held, answer]) : answer;
  };
  const connection = await connectTo(server.port, 2_000);
  for (let n = 0; n < 300; n++) {
    expect(await connection.readBlock({ ...BLOCK })).toEqual({ kind: 'answer', value: [70, 80] });
  }
  expect(connection.strays).toBe(1);
  connection.destroy();
});
