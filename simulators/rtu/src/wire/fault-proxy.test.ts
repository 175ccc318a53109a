import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

let echo: Server;
let proxy: FaultProxy;
/** Sockets at the device. */
let served: Socket[];
const clients: Client[] = [];

class Client {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  pieces: number[] = [];
  ended = false;
  closed = false;
  wasReset = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (bytes) => {
      this.pieces.push(bytes.length);
      this.received = Buffer.concat([this.received, bytes]);
    });
    this.socket.on('end', () => (this.ended = true));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', (error) => {
      this.wasReset ||= 'code' in error && error.code === 'ECONNRESET';
    });
  }
}

beforeEach(async () => {
  served = [];
  echo = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const address = echo.address();
  proxy = new FaultProxy(() => (typeof address === 'object' ? (address?.port ?? 0) : 0), 7);
  await proxy.open();
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await proxy.close();
  for (const socket of served) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

async function client(): Promise<Client> {
  const made = new Client(proxy.port);
  clients.push(made);
  await until('connected through', () => served.length > 0 && !made.socket.connecting);
  return made;
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('a sound wire passes bytes and ends both ways', async () => {
  const one = await client();
  one.socket.write('phụ tải');
  await until('echoed', () => one.received.toString() === 'phụ tải');
  served[0]!.end();
  await until('ended', () => one.ended);
});

test('latency delays every piece and keeps their order', async () => {
  proxy.set({ latency_ms: 60 });
  const one = await client();
  const start = performance.now();
  for (let i = 0; i < 5; i++) one.socket.write(String(i));
  await until('echoed', () => one.received.length === 5);
  expect(performance.now() - start).toBeGreaterThan(115);
  expect(one.received.toString()).toBe('01234');
});

test('a black hole takes connections and bytes; what waited passes afterwards', async () => {
  const one = await client();
  proxy.set({ blackHole: true });
  one.socket.write('x');
  const two = new Client(proxy.port);
  clients.push(two);
  await until('accepted', () => !two.socket.connecting);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(one.received.length + two.received.length).toBe(0);
  expect(one.closed || two.closed).toBe(false);
  proxy.set({ blackHole: false });
  await until('passed', () => one.received.toString() === 'x');
});

test('a thin wire slices and slows', async () => {
  proxy.set({ slice: 3, limit_Bps: 500 });
  const one = await client();
  const start = performance.now();
  one.socket.write('abcdefghijklmnopqrstuvwxyz'.repeat(2));
  await until('echoed', () => one.received.length === 52);
  expect(performance.now() - start).toBeGreaterThan(100);
  expect(Math.max(...one.pieces)).toBeLessThan(52);
  expect(one.received.toString()).toBe('abcdefghijklmnopqrstuvwxyz'.repeat(2));
});

test('pieces are damaged, doubled and swapped as asked, by the seed', async () => {
  const one = await client();
  proxy.set({ duplicate: 1 });
  one.socket.write('ab');
  await until('four times', () => one.received.length === 8);
  expect(one.received.toString()).toBe('abababab');
  proxy.set({ duplicate: 0, corrupt: 1 });
  one.received = Buffer.alloc(0);
  one.socket.write(Buffer.alloc(100));
  await until('damaged', () => one.received.length === 100);
  expect(one.received.some((byte) => byte !== 0)).toBe(true);
  proxy.set({ corrupt: 0, reorder: 1, slice: 1, latency_ms: 30 });
  one.received = Buffer.alloc(0);
  one.socket.write('abcd');
  await until('swapped', () => one.received.length === 4);
  expect(one.received.toString()).not.toBe('abcd');
  expect([...one.received].toSorted((a, b) => a - b)).toEqual([...Buffer.from('abcd')]);
});

test('a reset cuts, an end ends, and a forgotten connection hears nothing at all', async () => {
  const one = await client();
  one.socket.write('x');
  await until('echoed', () => one.received.length === 1);
  proxy.reset();
  await until('cut', () => one.closed);
  expect(one.wasReset).toBe(true);
  const two = await client();
  proxy.end();
  await until('ended', () => two.ended);
  expect(two.wasReset).toBe(false);
  const three = await client();
  three.socket.write('x');
  await until('echoed', () => three.received.length === 1);
  proxy.forget();
  three.socket.write('y');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(three.received.toString()).toBe('x');
  expect(three.closed).toBe(false);
});
