/**
 * A thread full of Modbus devices for the benches: so many units behind a few ports, each with
 * `REGISTERS` input registers of which a tenth changes at every read.
 */
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** Transaction, protocol, length, unit, function, first, count. */
const REQUEST_BYTES = 12;
const CHANGING = 10;

function serve(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  let reads = 0;
  socket.setNoDelay();
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= REQUEST_BYTES) {
      reads += 1;
      socket.write(answer(rest, reads));
      rest = rest.subarray(REQUEST_BYTES);
    }
  });
}

function answer(request: Buffer, reads: number): Buffer {
  const [first, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
  const frame = Buffer.alloc(9 + 2 * count);
  request.copy(frame, 0, 0, 8);
  frame.writeUInt16BE(3 + 2 * count, 4);
  frame.writeUInt8(2 * count, 8);
  for (let i = 0; i < count; i++) {
    const register = first + i;
    const value = register % CHANGING === 0 ? register + reads : register;
    frame.writeUInt16BE(value % 65_536, 9 + 2 * i);
  }
  return frame;
}

const { ports } = workerData as { readonly ports: number };
const servers = Array.from({ length: ports }, () => createServer(serve));
const numbers = await Promise.all(
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
parentPort?.postMessage(numbers);
