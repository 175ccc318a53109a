import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@relight/foundation';
import type { Clock, Instant } from '@relight/foundation';
import { parsePointList } from '@relight/gateway';
import type { Driver, PointReading } from '@relight/gateway';
import { createModbusDriver } from '@relight/gateway-modbus';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { ModbusServer } from '../../packages/gateway-modbus/src/testing/modbus-server.ts';
import { opcUaSwitchServer } from '../../packages/gateway-opcua/src/testing/opcua-switch-server.ts';
import { FaultProxy } from '../../simulators/rtu/src/index.ts';

export interface FuzzResult {
  /** Damaged frames (Modbus) or pieces of the stream (OPC UA). */
  readonly frames: number;
  readonly reconnects: number;
  readonly malformed: number;
  /** Readings of the sound RTU beside the others that were not what it said, and its broken links. */
  readonly disturbed: number;
  /** The first disturbance in words; empty if there was none. */
  readonly how: string;
  /** Heap at the end minus heap after the first tenth, MB. */
  readonly heapGrowth_MB: number;
}

/** Time runs so much faster for the drivers, so that back-off and time-outs do not take hours. */
const HASTE = 50;

const hastyClock: Clock = {
  now: () => Date.now() as Instant,
  monotonic: () => (performance.now() * HASTE) as Instant,
  at: (due, task) => {
    const timer = setTimeout(task, Math.max(0, due / HASTE - performance.now()));
    return () => clearTimeout(timer);
  },
};

/** So many Modbus RTUs are damaged at the same time. */
const FUZZED = 20;

/**
 * Modbus answers, damaged in every way a wire or a bad device can: bytes changed, cut off, made
 * longer, doubled, mixed with garbage, a length that lies. Beside them one RTU answers right.
 */
export async function fuzzModbus(options: { frames: number; seed: number }): Promise<FuzzResult> {
  const chance = new RandomStream(options.seed, 'fuzz modbus');
  let frames = 0;
  const server = async (tampers: boolean): Promise<ModbusServer> => {
    const made = new ModbusServer({
      readRegister: (_table, address) => 10 * address,
      readBit: () => false,
      writeRegisters: () => {},
    });
    if (tampers) {
      made.tamper = (answer) => {
        frames += 1;
        return damaged(answer, chance);
      };
    }
    await made.open();
    return made;
  };
  const bad = await Promise.all(Array.from({ length: FUZZED }, () => server(true)));
  const sound = await server(false);
  const drivers = [...bad, sound].map(({ port }, order) =>
    modbusDriver(port, order, order < FUZZED),
  );
  return run(
    options.frames,
    drivers,
    () => frames,
    async () => {
      await Promise.all([...bad, sound].map((one) => one.close()));
    },
  );
}

function modbusDriver(port: number, order: number, hurried: boolean): Driver {
  const list = parsePointList({
    format: 'relight-points/1',
    grid: 'fuzz',
    rtus: [
      {
        id: 'R',
        protocol: 'modbus-tcp',
        host: '127.0.0.1',
        port,
        // In the time of the drivers; a sound device may be kept waiting by a busy machine.
        timeout_ms: hurried ? 1_000 : 60_000,
        pollClasses: { fast: { period_ms: 50 } },
      },
    ],
    points: [0, 1, 2, 3].map((address) => ({
      id: `p${address}`,
      rtu: 'R',
      equipment: `E${address}`,
      signal: 'current_A',
      table: 'inputRegister',
      address,
    })),
  });
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  const [rtu] = list.value.rtus;
  if (rtu?.protocol !== 'modbus-tcp') throw new Error('no Modbus RTU');
  const dependencies = { clock: hastyClock, chance: new RandomStream(order, 'fuzz') };
  return createModbusDriver(rtu, list.value.points, dependencies);
}

function damaged(answer: Buffer, chance: RandomStream): Buffer {
  const bytes = Buffer.from(answer);
  const garbage = (most: number): Buffer =>
    Buffer.from(Array.from({ length: chance.integer(1, most) }, () => chance.integer(0, 255)));
  switch (chance.integer(0, 6)) {
    case 0:
      for (let n = chance.integer(1, 8); n > 0; n--) {
        bytes[chance.integer(0, bytes.length - 1)] = chance.integer(0, 255);
      }
      return bytes;
    case 1:
      return bytes.subarray(0, chance.integer(1, bytes.length - 1));
    case 2:
      return Buffer.concat([bytes, garbage(600)]);
    case 3:
      return garbage(300);
    case 4:
      bytes.writeUInt16BE(chance.integer(0, 65_535), 4);
      return bytes;
    case 5:
      // Function, byte count and data of its own making under a right header.
      return Buffer.concat([bytes.subarray(0, 7), garbage(bytes.length - 7)]);
    default:
      return Buffer.concat([bytes, bytes]);
  }
}

/**
 * An OPC UA connection whose bytes are damaged on the wire in both directions, while it connects,
 * logs in, reads and is told of changes. Beside it a sound connection to another server.
 */
export async function fuzzOpcUa(options: { frames: number; seed: number }): Promise<FuzzResult> {
  const folder = await mkdtemp(join(tmpdir(), 'relight-fuzz-'));
  const [server, quiet] = [await opcUaSwitchServer(), await opcUaSwitchServer()];
  const wire = new FaultProxy(() => server.port, options.seed);
  const straight = new FaultProxy(() => quiet.port);
  await Promise.all([wire.open(), straight.open()]);
  wire.set({ corrupt: 0.1, slice: 256 });
  const drivers = [wire, straight].map(({ port }, order) => opcUaDriver(port, order, folder));
  let current = 0;
  const changing = setInterval(() => {
    current += 1;
    server.set('current_A', 1_000 + current);
  }, 20);
  return run(
    options.frames,
    drivers,
    () => wire.damaged,
    async () => {
      clearInterval(changing);
      await Promise.all([wire.close(), straight.close()]);
      await Promise.all([server.close(), quiet.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  );
}

function opcUaDriver(port: number, order: number, pkiFolder: string): Driver {
  const list = parsePointList({
    format: 'relight-points/1',
    grid: 'fuzz',
    rtus: [
      {
        id: 'R',
        protocol: 'opcua',
        endpoint: `opc.tcp://127.0.0.1:${port}`,
        timeout_ms: order === 0 ? 10_000 : 250_000,
      },
    ],
    points: ['position', 'localRemote', 'current_A'].map((signal) => ({
      id: signal,
      rtu: 'R',
      equipment: 'L1',
      signal,
      nodeId: `ns=1;s=L1.${signal}`,
    })),
  });
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  const [rtu] = list.value.rtus;
  if (rtu?.protocol !== 'opcua') throw new Error('no OPC UA server');
  // The watch for signs of life counts real time at the sound one, or haste would look like silence.
  const clock = order === 0 ? hastyClock : realTime;
  const dependencies = { clock, chance: new RandomStream(order, 'fuzz'), pkiFolder };
  return createOpcUaDriver(rtu, list.value.points, dependencies);
}

const realTime: Clock = {
  now: () => Date.now() as Instant,
  monotonic: () => performance.now() as Instant,
  at: (due, task) => {
    const timer = setTimeout(task, Math.max(0, due - performance.now()));
    return () => clearTimeout(timer);
  },
};

/** The last driver is the sound one. */
async function run(
  wanted: number,
  drivers: readonly Driver[],
  count: () => number,
  end: () => Promise<void>,
): Promise<FuzzResult> {
  const sound = drivers.at(-1);
  const first = new Map<string, PointReading['value']>();
  let disturbed = 0;
  let how = '';
  const disturb = (what: string): void => {
    disturbed += 1;
    if (how === '') how = `${what} after ${count()} frames`;
  };
  let isUp = false;
  sound?.changes.subscribe((event) => {
    if (event.kind === 'link') {
      if (isUp && !event.up) disturb(`link down, ${event.reason},`);
      isUp = event.up;
    }
    if (event.kind !== 'readings') return;
    for (const { point, value, quality } of event.readings) {
      if (!first.has(point)) first.set(point, value);
      if (quality !== 'good' || value !== first.get(point)) {
        disturb(`${point} ${String(value)} ${quality}`);
      }
    }
  });
  for (const driver of drivers) driver.connect();
  let heap: number | null = null;
  let stuckSince = performance.now();
  let before = 0;
  while (count() < wanted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (heap === null && count() >= wanted / 10) heap = process.memoryUsage().heapUsed;
    if (count() > before) stuckSince = performance.now();
    before = count();
    if (performance.now() - stuckSince > 60_000)
      throw new Error(`stands still at ${before} frames`);
  }
  // Closing takes every link down; that is no disturbance.
  const until = { disturbed, how };
  const healths = drivers.slice(0, -1).map((driver) => driver.health());
  const heapGrowth = process.memoryUsage().heapUsed - (heap ?? 0);
  await Promise.all(drivers.map((driver) => driver.close()));
  await end();
  if (first.size === 0) throw new Error('the sound RTU was never read');
  return {
    frames: count(),
    reconnects: healths.reduce((sum, { reconnects }) => sum + reconnects, 0),
    malformed: healths.reduce((sum, { malformed }) => sum + malformed, 0),
    ...until,
    heapGrowth_MB: heapGrowth / 2 ** 20,
  };
}
