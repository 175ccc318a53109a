/**
 * A thread full of Modbus RTUs for the telemetry bench. On `{ changes, seconds }` it turns so many
 * flags in so much time, evenly over all RTUs, and then tells which ones and when.
 */
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { FarmDevice } from './farm-device.ts';
import { FLAGS, UNITS_PER_PORT } from './farm-layout.ts';
import type { FarmRtu } from './farm-layout.ts';

export interface FarmStart {
  readonly rtus: readonly FarmRtu[];
}
export interface Burst {
  readonly changes: number;
  readonly seconds: number;
}
/** One turned flag: RTU, flag, and the time the device dated it with. */
export type Turned = readonly [rtu: number, flag: number, time_ms: number];

/** Header and the shortest request. */
const SHORTEST = 8;
/** Changes are made this often, ms. */
const TICK_ms = 10;

const { rtus } = workerData as FarmStart;
const devices = rtus.map((switches) => new FarmDevice(switches));

function serve(socket: Socket, port: number): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay();
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= SHORTEST) {
      const length = 6 + rest.readUInt16BE(4);
      if (rest.length < length) break;
      const device = devices[port * UNITS_PER_PORT + rest.readUInt8(6) - 1];
      if (device !== undefined) socket.write(answer(device, rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  });
}

function answer(device: FarmDevice, request: Buffer): Buffer {
  const code = request.readUInt8(7);
  const [first, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
  if (code === 3 || code === 4) {
    const words = code === 3 ? device.readHoldings(first, count) : device.readInputs(first, count);
    if (words.length < count) return refuse(request, 2);
    const frame = Buffer.alloc(9 + 2 * count);
    request.copy(frame, 0, 0, 8);
    frame.writeUInt16BE(3 + 2 * count, 4);
    frame.writeUInt8(2 * count, 8);
    words.forEach((word, i) => frame.writeUInt16BE(word, 9 + 2 * i));
    return frame;
  }
  const isPair = code === 16 && count === 2;
  const exception = isPair
    ? device.writeTwo(first, request.readUInt16BE(13), request.readUInt16BE(15))
    : code === 6
      ? device.writeOne(first, count)
      : 1;
  if (exception !== 0) return refuse(request, exception);
  const echo = Buffer.from(request.subarray(0, 12));
  echo.writeUInt16BE(6, 4);
  return echo;
}

function refuse(request: Buffer, exception: number): Buffer {
  const frame = Buffer.from(request.subarray(0, 9));
  frame.writeUInt16BE(3, 4);
  frame.writeUInt8(request.readUInt8(7) | 0x80, 7);
  frame.writeUInt8(exception, 8);
  return frame;
}

const servers = Array.from({ length: Math.ceil(rtus.length / UNITS_PER_PORT) }, (_, port) =>
  createServer((socket) => serve(socket, port)),
);
const ports = await Promise.all(
  servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      }),
  ),
);
parentPort?.on('message', ({ changes, seconds }: Burst) => {
  const start = performance.now();
  const turned: Turned[] = [];
  const timer = setInterval(() => {
    const share = Math.min(1, (performance.now() - start) / (1_000 * seconds));
    while (turned.length < Math.floor(share * changes)) {
      const rtu = turned.length % devices.length;
      const flag = Math.floor(turned.length / devices.length) % FLAGS;
      turned.push([rtu, flag, devices[rtu]?.turn(flag) ?? 0]);
    }
    if (share < 1) return;
    clearInterval(timer);
    parentPort?.postMessage({ turned });
  }, TICK_ms);
});
parentPort?.postMessage({ ports });
