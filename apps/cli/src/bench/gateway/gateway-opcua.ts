import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createMemoryBus } from '@relight/bus';
import type { LinkHealth } from '@relight/contract';
import { assert, RandomStream } from '@relight/foundation';
import { createGateway, parsePointList } from '@relight/gateway';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { startThread } from '@relight/threads';
import type { Bench } from '../bench.ts';
import { noCommands } from './no-commands.ts';
import { pause, wallClock } from './wall-clock.ts';

const ITEMS = 20_000;
const CHANGES_PER_SECOND = 5_000;
const MEASURED_S = 12;

/**
 * One gateway thread subscribes to every variable of one OPC UA server, which has a thread of its
 * own and writes its clock into them in turn. A sample is the time from there to the bus.
 */
export const benchGatewayOpcUa: Bench = async (options, report) => {
  const items = Math.min(ITEMS, options.samples ?? ITEMS);
  const pkiFolder = await mkdtemp(join(tmpdir(), 'relight-bench-'));
  const farm = startThread(
    new URL('./opcua-farm-worker.ts', import.meta.url),
    {
      variables: items,
      changesPerSecond: CHANGES_PER_SECOND,
      pkiFolder: join(pkiFolder, 'server'),
    },
    { stdout: true },
  );
  let written = 0;
  const port = await new Promise<number>((resolve, reject) => {
    farm.on('message', (message: { readonly port?: number; readonly written?: number }) => {
      written = message.written ?? written;
      if (message.port !== undefined) resolve(message.port);
    });
    farm.once('error', reject);
  });
  const parsed = parsePointList({
    format: 'relight-points/1',
    grid: 'bench',
    rtus: [
      { id: 'S', protocol: 'opcua', endpoint: `opc.tcp://127.0.0.1:${port}`, timeout_ms: 4_000 },
    ],
    points: Array.from({ length: items }, (_, order) => ({
      id: `p${order}`,
      rtu: 'S',
      equipment: `E${order}`,
      signal: 'current_A',
      nodeId: `ns=1;s=${order}`,
    })),
  });
  assert(parsed.ok && parsed.value.rtus[0]?.protocol === 'opcua', 'the list of the bench is right');
  const { gateway: bus, control } = createMemoryBus();
  let links: readonly LinkHealth[] = [];
  let updates = 0;
  let samples_ms: number[] | null = null;
  control.subscribe((message) => {
    if (message.type === 'links') links = message.links;
    if (message.type !== 'telemetry') return;
    updates += message.updates.length;
    const now = Date.now();
    for (const { value } of message.updates) samples_ms?.push(now - Number(value));
  });
  const driver = createOpcUaDriver(parsed.value.rtus[0], parsed.value.points, {
    clock: wallClock,
    chance: new RandomStream(options.seed, 'S'),
    pkiFolder,
  });
  const gateway = createGateway({
    pointList: parsed.value,
    drivers: [driver],
    clock: wallClock,
    bus,
    commandStore: noCommands,
  });
  gateway.start();
  while (links[0]?.state !== 'up' && performance.now() < options.deadline) await pause(100);
  await pause(1_000);
  const [updatesBefore, writtenBefore] = [updates, written];
  const start = performance.now();
  const utilisation = performance.eventLoopUtilization();
  samples_ms = [];
  await pause(Math.max(500, Math.min(1_000 * MEASURED_S, options.deadline - start)));
  const seconds = (performance.now() - start) / 1_000;
  report({
    workload: `${items} monitored items of one OPC UA server, ${CHANGES_PER_SECOND} changes a second; sample: server to bus`,
    warmup: items,
    samples_ms,
    ratios: {},
    figures: {
      shareOfCore: performance.eventLoopUtilization(utilisation).utilization,
      updatesPerSecond: (updates - updatesBefore) / seconds,
      arrived_share: (updates - updatesBefore) / Math.max(1, written - writtenBefore),
      reconnects: links[0]?.reconnects ?? 0,
      memory_MB: process.memoryUsage().rss / 2 ** 20,
    },
    goals: [
      { what: 'share of a core, gateway thread', goal: 1, of: 'shareOfCore' },
      { what: 'changes that arrived', goal: 0.98, of: 'arrived_share', atLeast: true },
      { what: 'server to bus, p99, ms', goal: 1_000, of: 'p99_ms' },
    ],
  });
  await gateway.stop();
  await farm.terminate();
  await rm(pkiFolder, { recursive: true, force: true });
};
