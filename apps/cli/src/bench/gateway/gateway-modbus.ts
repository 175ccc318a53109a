import { performance } from 'node:perf_hooks';
import { createMemoryBus } from '@relight/bus';
import type { LinkHealth } from '@relight/contract';
import { assert, RandomStream } from '@relight/foundation';
import { createGateway, parsePointList } from '@relight/gateway';
import type { PointList } from '@relight/gateway';
import { createModbusDriver } from '@relight/gateway-modbus';
import { startThread } from '@relight/threads';
import type { Bench } from '../bench.ts';
import { noCommands } from './no-commands.ts';
import { pause, wallClock } from './wall-clock.ts';

const RTUS = 1_000;
const REGISTERS = 60;
const UNITS_PER_PORT = 250;
const PERIOD_ms = 1_000;
/** How long is measured, once every RTU was read. */
const MEASURED_S = 15;

/**
 * One gateway thread reads many Modbus RTUs each second; the devices have a thread of their own.
 * The share of a core is the utilisation of the gateway thread's event loop, kernel time included.
 */
export const benchGatewayModbus: Bench = async (options, report) => {
  const rtus = Math.min(RTUS, options.samples ?? RTUS);
  const ports = Math.ceil(rtus / UNITS_PER_PORT);
  const farm = startThread(new URL('./modbus-farm-worker.ts', import.meta.url), { ports });
  const numbers = await new Promise<readonly number[]>((resolve, reject) => {
    farm.once('message', resolve);
    farm.once('error', reject);
  });
  const pointList = listOf(rtus, numbers);
  const { gateway: bus, control } = createMemoryBus();
  let links: readonly LinkHealth[] = [];
  let updates = 0;
  control.subscribe((message) => {
    if (message.type === 'links') links = message.links;
    if (message.type === 'telemetry') updates += message.updates.length;
  });
  const drivers = pointList.rtus.map((rtu) => {
    assert(rtu.protocol === 'modbus-tcp', `${rtu.id} speaks Modbus`);
    const points = pointList.points.filter((point) => point.rtu === rtu.id);
    const chance = new RandomStream(options.seed, rtu.id);
    return createModbusDriver(rtu, points, { clock: wallClock, chance });
  });
  const gateway = createGateway({
    pointList,
    drivers,
    clock: wallClock,
    bus,
    commandStore: noCommands,
  });
  gateway.start();
  const up = (): number => links.filter(({ state }) => state === 'up').length;
  while (up() < rtus && performance.now() < options.deadline) await pause(100);

  const total = (of: 'latePolls' | 'errors' | 'reconnects'): number =>
    links.reduce((sum, link) => sum + (link[of] ?? 0), 0);
  const [late, errors, before] = [total('latePolls'), total('errors'), updates];
  const start = performance.now();
  const utilisation = performance.eventLoopUtilization();
  const samples_ms: number[] = [];
  const end = Math.min(start + 1_000 * MEASURED_S, options.deadline);
  do {
    await pause(PERIOD_ms);
    for (const { roundTrip_ms } of links) if (roundTrip_ms !== null) samples_ms.push(roundTrip_ms);
  } while (performance.now() < end);
  const seconds = (performance.now() - start) / 1_000;
  report({
    workload: `${rtus} Modbus RTUs, ${REGISTERS} registers each, every second, from one gateway thread; sample: round trip of a read`,
    warmup: rtus,
    samples_ms,
    ratios: {},
    figures: {
      shareOfCore: performance.eventLoopUtilization(utilisation).utilization,
      rtusUp: up(),
      latePolls: total('latePolls') - late,
      errors: total('errors') - errors,
      updatesPerSecond: (updates - before) / seconds,
      memory_MB: process.memoryUsage().rss / 2 ** 20,
    },
    goals: [
      { what: 'share of a core, gateway thread', goal: 1, of: 'shareOfCore' },
      { what: 'polls more than a period late', goal: 0, of: 'latePolls' },
      { what: 'RTUs up', goal: rtus, of: 'rtusUp', atLeast: true },
    ],
  });
  await gateway.stop();
  await farm.terminate();
};

function listOf(rtus: number, ports: readonly number[]): PointList {
  const ids = Array.from({ length: rtus }, (_, order) => `RTU-${order}`);
  const parsed = parsePointList({
    format: 'relight-points/1',
    grid: 'bench',
    rtus: ids.map((id, order) => ({
      id,
      protocol: 'modbus-tcp',
      host: '127.0.0.1',
      port: ports[Math.floor(order / UNITS_PER_PORT)],
      unitId: 1 + (order % UNITS_PER_PORT),
      pollClasses: { fast: { period_ms: PERIOD_ms } },
    })),
    points: ids.flatMap((rtu) =>
      Array.from({ length: REGISTERS }, (_, address) => ({
        id: `${rtu}.${address}`,
        rtu,
        equipment: `${rtu}.${address}`,
        signal: 'current_A',
        table: 'inputRegister',
        address,
        maxAge_ms: 3_000,
      })),
    ),
  });
  assert(parsed.ok, 'the list of the bench is right');
  return parsed.value;
}
