import { connect, createServer } from 'node:net';
import type { PointListFile } from '@relight/contract';
import jsmodbus from 'jsmodbus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulation } from '../../simulators/rtu/src/index.ts';
import type { RunningSimulation } from '../../simulators/rtu/src/index.ts';
import { findFreePorts } from '../../simulators/rtu/src/free-ports.ts';
import { smallStation } from '../../simulators/rtu/src/testing/small-station.ts';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';
import { debianPeers } from './debian-peers.ts';
import type { DebianPeers } from './debian-peers.ts';

const [OPEN, CLOSED] = [1, 2];
const POSITION = 4;

let simulation: RunningSimulation;
let port: number;
const debian: DebianPeers | string = await debianPeers();
beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), speed: 50 });
  port = simulation.points.rtus.find(({ id }) => id === 'RTU-S2')?.port ?? 0;
});
afterAll(async () => {
  await simulation.stop();
  if (typeof debian !== 'string') await debian.remove();
});

const stands = (wanted: string): Promise<number> =>
  until(`S2 is ${wanted}`, 20_000, () => simulation.position('S2') === wanted);

test('a jsmodbus master reads a simulated RTU and operates its switch', async () => {
  const socket = connect({ port, host: '127.0.0.1' });
  const master = new jsmodbus.client.TCP(socket, 1, 2_000);
  try {
    await new Promise((resolve) => socket.once('connect', resolve));
    const read = async (): Promise<number | undefined> => {
      const { response } = await master.readInputRegisters(POSITION, 1);
      return response.body.valuesAsArray[0];
    };
    expect(await read()).toBe(CLOSED);
    const { response } = await master.readDiscreteInputs(0, 9);
    expect(response.body.valuesAsArray.slice(0, 9)).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1]);
    await master.writeMultipleRegisters(0, [0, 77]);
    await master.writeSingleRegister(2, OPEN);
    await stands('open');
    expect(await read()).toBe(OPEN);
    // Not armed again: refused, and nothing moves.
    await expect(master.writeSingleRegister(2, CLOSED)).rejects.toBeDefined();
    await master.writeMultipleRegisters(0, [0, 78]);
    await master.writeSingleRegister(2, CLOSED);
    await stands('closed');
  } finally {
    socket.destroy();
  }
});

/** The load break switch `L1`: position, local/remote and current in input registers 0 to 3. */
function oneSwitch(port: number): PointListFile {
  const point = { rtu: 'R', equipment: 'L1', table: 'inputRegister' } as const;
  const command = { arm: 0, operate: 2 };
  const pollClasses = { fast: { period_ms: 100 } };
  return {
    format: 'relight-points/1',
    grid: 'peers',
    rtus: [{ id: 'R', protocol: 'modbus-tcp', host: '127.0.0.1', port, pollClasses }],
    points: [
      { ...point, id: 'L1.position', signal: 'position', address: 0, command },
      { ...point, id: 'L1.localRemote', signal: 'localRemote', address: 1 },
      { ...point, id: 'L1.current_A', signal: 'current_A', address: 2, type: 'float32' },
    ],
  };
}

/** Closes `L1` from open, and waits until the device shows it. */
async function closeL1(rig: GatewayRig, token: number): Promise<void> {
  const order = {
    commandId: 'C1',
    equipment: 'L1',
    operation: 'close',
    token,
    expiresAt_ms: Date.now() + 60_000,
    seenSequence: rig.newest.get('L1.position')?.sequence ?? null,
    seenPosition: 'open',
  } as const;
  for (const phase of ['select', 'operate'] as const) {
    rig.control.publish({ type: 'control', order: { ...order, phase } });
    await until(phase, 20_000, () => rig.reports.at(-1)?.phase === phase);
  }
  expect(rig.reports.at(-1)).toMatchObject({ outcome: 'acknowledged' });
  await until('closed', 20_000, () => rig.newest.get('L1.position')?.value === 'closed');
}

test('a gateway reads a jsmodbus server and operates through it', async () => {
  const input = Buffer.alloc(20);
  const holding = Buffer.alloc(20);
  input.writeUInt16BE(OPEN, 0);
  input.writeUInt16BE(1, 2);
  input.writeFloatBE(101.5, 4);
  const sockets = createServer();
  const server = new jsmodbus.server.TCP(sockets, { holding, input });
  const written: string[] = [];
  server.on('postWriteSingleRegister', () => {
    written.push(`operate ${holding.readUInt16BE(4)} with ${holding.readUInt32BE(0)}`);
    input.writeUInt16BE(holding.readUInt16BE(4) === 2 ? CLOSED : OPEN, 0);
  });
  await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve));
  const address = sockets.address();
  const list = oneSwitch(typeof address === 'object' ? (address?.port ?? 0) : 0);
  const rig = await GatewayRig.start(list);
  try {
    await rig.ready();
    expect(rig.newest.get('L1.position')?.value).toBe('open');
    expect(rig.newest.get('L1.current_A')?.value).toBe(101.5);
    await closeL1(rig, 70_001);
    expect(written).toEqual(['operate 2 with 70001']);
  } finally {
    await rig.stop();
    await new Promise((resolve) => sockets.close(resolve));
  }
});

const PYMODBUS = `
import sys
from pymodbus.client import ModbusTcpClient
client = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]))
client.connect()
print('position', client.read_input_registers(4, 1, slave=1).registers[0])
print('unarmed', client.write_register(2, 1, slave=1).exception_code)
client.write_registers(0, [1, 5], slave=1)
print('armed', client.read_holding_registers(0, 2, slave=1).registers)
print('operated', client.write_register(2, int(sys.argv[2]), slave=1).isError())
print('beyond', client.read_input_registers(129, 2, slave=1).exception_code)
client.close()
`;

test('a pymodbus master reads, arms and operates a simulated RTU', async ({ skip }) => {
  if (typeof debian === 'string') return skip(debian);
  const { output } = await debian.run('python3', '-c', PYMODBUS, String(port), String(OPEN));
  const wanted = ['position 2', 'unarmed 3', 'armed [1, 5]', 'operated False', 'beyond 2'];
  expect(output.split('\n').filter((line) => line !== '')).toEqual(wanted);
  await stands('open');
  simulation.operate('S2', 'close');
  await stands('closed');
  return undefined;
});

const PYMODBUS_SERVER = `
import asyncio, struct, sys
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer
high, low = struct.unpack('>HH', struct.pack('>f', 101.5))
inputs = ModbusSequentialDataBlock(1, [1, 1, high, low] + [0] * 20)
class Operating(ModbusSequentialDataBlock):
    def setValues(self, address, values):
        super().setValues(address, values)
        if address == 3: inputs.setValues(1, [values[0]])
holdings = Operating(1, [0] * 20)
context = ModbusServerContext(slaves=ModbusSlaveContext(ir=inputs, hr=holdings), single=True)
async def main():
    print('starting')
    await StartAsyncTcpServer(context=context, address=('127.0.0.1', int(sys.argv[1])))
asyncio.run(main())
`;

test('a gateway reads a pymodbus server and operates through it', async ({ skip }) => {
  if (typeof debian === 'string') return skip(debian);
  const [free = 0] = await findFreePorts(1);
  const server = await debian.serve(PYMODBUS_SERVER, String(free));
  const rig = await GatewayRig.start(oneSwitch(free));
  try {
    await rig.ready();
    expect(rig.newest.get('L1.position')?.value).toBe('open');
    expect(rig.newest.get('L1.current_A')?.value).toBe(101.5);
    await closeL1(rig, 70_002);
    // What mbpoll reads there is what our gateway wrote.
    const place = ['-m', 'tcp', '-p', String(free), '-a', '1', '-0', '-1'];
    const read = await debian.run('mbpoll', ...place, '-t', '4', '-r', '0', '-c', '3', '127.0.0.1');
    expect(read.output).toMatch(/\[0\]:\s+1\n\[1\]:\s+4466\n\[2\]:\s+2/);
  } finally {
    await rig.stop();
    await server.end();
  }
  return undefined;
});

test('mbpoll reads a simulated RTU and is refused what it did not arm', async ({ skip }) => {
  if (typeof debian === 'string') return skip(debian);
  const at = (...more: readonly string[]): readonly string[] =>
    ['-m', 'tcp', '-p', String(port), '-a', '1', '-0', '-1'].concat(more);
  const read = await debian.run('mbpoll', ...at('-t', '3', '-r', '4', '-c', '1', '127.0.0.1'));
  expect(read.output).toMatch(/\[4\]:\s+2/);
  const armed = await debian.run('mbpoll', ...at('-t', '4', '-r', '0', '127.0.0.1', '0', '9'));
  expect(armed.output).toMatch(/Written 2 references/);
  const operated = await debian.run('mbpoll', ...at('-t', '4', '-r', '2', '127.0.0.1', '1'));
  expect(operated.output).toMatch(/Illegal data value/);
  expect(simulation.position('S2')).toBe('closed');
  const write = simulation.wire().at(-1);
  expect(write).toMatchObject({ kind: 'operate', address: '2', value: 1 });
  return undefined;
});
