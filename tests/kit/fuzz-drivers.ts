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
  /** Longest that this process computed without a pause after the first tenth, ms of CPU. */
  readonly blocked_ms: number;
  /** Heap at the end minus heap after the first tenth, MB. */
  readonly heapGrowth_MB: number;
}

/**
 * Time runs so much faster for the drivers, so that back-off and time-outs do not take hours; at
 * stations not as fast, because a subscription has to have time for its signs of life.
 */
const HASTE = 50;
const STATION_HASTE = 10;

function fasterBy(haste: number): Clock {
  return {
    now: () => Date.now() as Instant,
    monotonic: () => (performance.now() * haste) as Instant,
    at: (due, task) => {
      const timer = setTimeout(task, Math.max(0, due / haste - performance.now()));
      return () => clearTimeout(timer);
    },
  };
}

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
        // In the time of the driver.
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
  // The sound one has patience: a machine that stands still for a second is no disturbance.
  const clock = fasterBy(hurried ? HASTE : 1);
  const dependencies = { clock, chance: new RandomStream(order, 'fuzz') };
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

/** So many OPC UA connections are damaged at the same time. */
const FUZZED_STATIONS = 24;
/** While a link is made, few pieces are damaged, but anywhere, or it would never stand. */
const ANYWHERE = { corrupt: 0.04, spared: 0 };
/** While it stands, nearly all are damaged behind their header, so that every answer is read. */
const INSIDE = { corrupt: 0.9, spared: 32 };
/** Points the server does not have: they make its answers long. */
const ABSENT_POINTS = 150;

/**
 * OPC UA connections whose bytes are damaged on the wire in both directions, while they connect,
 * log in, read without a pause and are told of changes. Beside them a sound connection to another
 * server.
 */
export async function fuzzOpcUa(options: { frames: number; seed: number }): Promise<FuzzResult> {
  const folder = await mkdtemp(join(tmpdir(), 'relight-fuzz-'));
  const [server, quiet] = [await opcUaSwitchServer(), await opcUaSwitchServer()];
  const wires = Array.from(
    { length: FUZZED_STATIONS },
    (_, order) => new FaultProxy(() => server.port, options.seed + order),
  );
  const straight = new FaultProxy(() => quiet.port);
  await Promise.all([...wires, straight].map((wire) => wire.open()));
  const drivers = [...wires, straight].map(({ port }, order) => {
    return opcUaDriver(port, order, order < FUZZED_STATIONS, folder);
  });
  for (const [order, wire] of wires.entries()) {
    wire.set(ANYWHERE);
    drivers[order]?.changes.subscribe((event) => {
      if (event.kind !== 'link') return;
      wire.set(event.up ? INSIDE : ANYWHERE);
    });
  }
  let current = 0;
  const changing = setInterval(() => {
    current += 1;
    server.set('current_A', 1_000 + current);
  }, 20);
  let isOver = false;
  const reading = drivers.slice(0, -1).map(async (driver) => {
    while (!isOver) {
      const isRead = await driver.readAll();
      await new Promise((resolve) => setTimeout(resolve, isRead ? 0 : 5));
    }
  });
  return run(
    options.frames,
    drivers,
    () => wires.reduce((sum, { damaged: pieces }) => sum + pieces, 0),
    async () => {
      clearInterval(changing);
      isOver = true;
      await Promise.all(reading);
      await Promise.all([...wires, straight].map((wire) => wire.close()));
      await Promise.all([server.close(), quiet.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  );
}

function opcUaDriver(port: number, order: number, hurried: boolean, pkiFolder: string): Driver {
  const list = parsePointList({
    format: 'relight-points/1',
    grid: 'fuzz',
    rtus: [
      {
        id: 'R',
        protocol: 'opcua',
        endpoint: `opc.tcp://127.0.0.1:${port}`,
        timeout_ms: hurried ? 2_000 : 250_000,
      },
    ],
    points: [
      ...['position', 'localRemote', 'current_A'].map((signal) => ({
        id: signal,
        rtu: 'R',
        equipment: 'L1',
        signal,
        nodeId: `ns=1;s=L1.${signal}`,
      })),
      ...Array.from({ length: hurried ? ABSENT_POINTS : 0 }, (_, k) => ({
        id: `absent ${k}`,
        rtu: 'R',
        equipment: `absent ${k}`,
        signal: 'current_A',
        nodeId: `ns=1;s=absent ${k}`,
      })),
    ],
  });
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  const [rtu] = list.value.rtus;
  if (rtu?.protocol !== 'opcua') throw new Error('no OPC UA server');
  // The sound one has patience: a machine that gives this process no time is no disturbance.
  const clock = fasterBy(hurried ? STATION_HASTE : 0.25);
  const dependencies = { clock, chance: new RandomStream(order, 'fuzz'), pkiFolder };
  return createOpcUaDriver(rtu, list.value.points, dependencies);
}

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
  let cpu = process.cpuUsage();
  let blocked_ms = 0;
  let stuckSince = performance.now();
  let before = 0;
  const fuzzed = drivers.slice(0, -1);
  // However few the frames: a link must have broken and come back, and the sound RTU been read, or
  // nothing was shown.
  const hasComeBack = (): boolean => fuzzed.some((driver) => driver.health().reconnects > 0);
  while (count() < wanted || !hasComeBack() || first.size === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    if (heap !== null) blocked_ms = Math.max(blocked_ms, (user + system) / 1_000);
    if (heap === null && count() >= wanted / 10) heap = process.memoryUsage().heapUsed;
    if (count() > before) stuckSince = performance.now();
    before = count();
    if (performance.now() - stuckSince > 60_000)
      throw new Error(`stands still at ${before} frames`);
  }
  // Closing takes every link down; that is no disturbance.
  const until = { disturbed, how };
  const healths = fuzzed.map((driver) => driver.health());
  const heapGrowth = process.memoryUsage().heapUsed - (heap ?? 0);
  await Promise.all(drivers.map((driver) => driver.close()));
  await end();
  if (first.size === 0) throw new Error('the sound RTU was never read');
  return {
    frames: count(),
    reconnects: healths.reduce((sum, { reconnects }) => sum + reconnects, 0),
    malformed: healths.reduce((sum, { malformed }) => sum + malformed, 0),
    ...until,
    blocked_ms,
    heapGrowth_MB: heapGrowth / 2 ** 20,
  };
}
