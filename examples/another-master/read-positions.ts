/**
 * A master station of a few lines that is not Relight: starts the RTU simulators, reads every
 * Modbus switch position with plain sockets and prints it.
 *
 *   node_modules/.bin/node examples/another-master/read-positions.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PointListFile, POSITION_CODES } from '@relight/contract';

const READ_INPUT_REGISTERS = 4;

/** One register, by Modbus TCP: seven bytes of header, function code, address, count. */
async function readInputRegister(
  host: string,
  port: number,
  unitId: number,
  address: number,
): Promise<number> {
  const socket = connect({ host, port, timeout: 2_000 });
  try {
    await once(socket, 'connect');
    const request = Buffer.alloc(12);
    request.writeUInt16BE(1, 0); // transaction
    request.writeUInt16BE(6, 4); // bytes that follow
    request.writeUInt8(unitId, 6);
    request.writeUInt8(READ_INPUT_REGISTERS, 7);
    request.writeUInt16BE(address, 8);
    request.writeUInt16BE(1, 10);
    socket.write(request);
    let answer = Buffer.alloc(0);
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer]);
      if (answer.length >= 11) break;
    }
    if (answer.readUInt8(7) !== READ_INPUT_REGISTERS) {
      throw new Error(`port ${port} answered exception ${answer.readUInt8(8)}`);
    }
    return answer.readUInt16BE(9);
  } finally {
    socket.destroy();
  }
}

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'relight-example-'));
const pointsFile = join(folder, 'points.json');
const relight = join(root, 'node_modules', '.bin', 'relight');
const simulators = spawn(
  relight,
  ['simulate', 'demo-town', '--write-points', pointsFile, '--json'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  await once(simulators.stdout, 'data'); // One line of JSON says that every RTU listens.
  const list = PointListFile.parse(JSON.parse(readFileSync(pointsFile, 'utf8')));
  for (const point of list.points.filter(({ signal }) => signal === 'position')) {
    const rtu = list.rtus.find(({ id }) => id === point.rtu);
    if (rtu?.protocol !== 'modbus-tcp') continue;
    const { host = '127.0.0.1', port = 502, unitId = 1 } = rtu;
    const code = await readInputRegister(host, port, unitId, point.address ?? 0);
    console.log(`${point.equipment.padEnd(12)} ${POSITION_CODES[code] ?? `code ${code}`}`);
  }
} finally {
  simulators.kill('SIGINT');
  await once(simulators, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
