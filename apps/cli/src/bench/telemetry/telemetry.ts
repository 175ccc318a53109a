import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import { ControlCenterReady } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { startThread } from '@relight/threads';
import { CONTROL_CENTER_MAIN } from '../../places.ts';
import { findGridFile, readGrid } from '../../read-grid.ts';
import { startChildProcess } from '../../system/child-process.ts';
import type { ChildProcess } from '../../system/child-process.ts';
import type { Bench } from '../bench.ts';
import { percentile } from '../measurement.ts';
import { pause } from '../gateway/wall-clock.ts';
import { ConsoleLink } from './console-link.ts';
import { ANALOGS, farmPointList, flagLine, layOutFarm } from './farm-layout.ts';
import type { FarmRtu } from './farm-layout.ts';
import type { Burst, FarmStart, Turned } from './farm-worker.ts';

const GRID = 'binh-dinh';
const RTUS = 300;
/** Status changes of a whole province's storm, and the time they come in. */
const CHANGES = 10_000;
const BURST_S = 10;
/** Measurements flow so long before the burst, s. */
const CALM_S = 3;
/** An event that has not come so long after the burst is lost, s. */
const PATIENCE_S = 10;
/** What a command counts that is never verified, ms. */
const NEVER_ms = 15_000;
/** Candidates for the command that are asked about. */
const MOST_CANDIDATES = 60;

/**
 * The whole chain: Modbus RTUs on sockets, a control centre in a process of its own (gateway,
 * fold, journal), a console on its WebSocket. While every measurement of every RTU changes each
 * second, a storm of status changes comes, and somebody operates a switch in the middle of it.
 * A sample is the time from a change in the RTU until the console has it.
 */
export const benchTelemetry: Bench = async (options, report) => {
  const gridName = options.grid ?? GRID;
  const { grid } = readGrid(gridName);
  const rtus = layOutFarm(grid, Math.min(RTUS, options.samples ?? RTUS));
  const folder = await mkdtemp(join(tmpdir(), 'relight-bench-'));
  const farm = startThread(new URL('./farm-worker.ts', import.meta.url), {
    rtus,
  } satisfies FarmStart);
  let centre: ChildProcess<ControlCenterReady> | null = null;
  let link: ConsoleLink | null = null;
  try {
    const ports = await told<readonly number[]>(farm, 'ports');
    const pointsFile = join(folder, 'points.json');
    await writeFile(pointsFile, JSON.stringify(farmPointList(grid, rtus, ports)));
    centre = await startChildProcess({
      name: 'control centre',
      main: CONTROL_CENTER_MAIN,
      args: [
        `--grid=${findGridFile(gridName)}`,
        `--points=${pointsFile}`,
        `--journal=${join(folder, 'journal')}`,
        '--port=0',
      ],
      ready: ControlCenterReady,
      readyWithin_ms: 60_000,
      logFile: join(folder, 'control-center.log'),
      signal: new AbortController().signal,
    });
    link = new ConsoleLink(centre.ready);
    await measure({ options, report, grid, rtus, farm, console: link });
  } finally {
    link?.close();
    await centre?.stop();
    await farm.terminate();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Chain {
  readonly options: Parameters<Bench>[0];
  readonly report: Parameters<Bench>[1];
  readonly grid: Grid;
  readonly rtus: readonly FarmRtu[];
  readonly farm: Worker;
  readonly console: ConsoleLink;
}

async function measure({ options, report, grid, rtus, farm, console }: Chain): Promise<void> {
  const up = (): number => [...console.links.values()].filter(({ state }) => state === 'up').length;
  while (up() < rtus.length && performance.now() < options.deadline) await pause(100);
  await pause(1_000 * CALM_S);
  const device = await operable(console, rtus);

  const lines = grid.lines.map(({ id }) => id);
  const seen = new Map<string, { readonly after_ms: number; readonly fromSocket_ms: number }>();
  let twice = 0;
  console.onEvent = ({ equipment, sourceTime_ms, receiveTime_ms }, now_ms) => {
    if (sourceTime_ms === null) return;
    const key = `${equipment} ${sourceTime_ms}`;
    if (seen.has(key)) twice += 1;
    seen.set(key, { after_ms: now_ms - sourceTime_ms, fromSocket_ms: now_ms - receiveTime_ms });
  };
  const share = rtus.length / RTUS;
  const left_s = (options.deadline - performance.now()) / 1_000 - PATIENCE_S / 2;
  const seconds = Math.max(2, Math.min(BURST_S, left_s));
  const burst: Burst = { changes: Math.round(CHANGES * share), seconds };
  const ended = told<readonly Turned[]>(farm, 'turned');
  const start = performance.now();
  const measurementsBefore = console.measurements;
  farm.postMessage(burst);
  const command_ms: (number | null)[] = [];
  if (device !== null) {
    // Away and back again, in the thick of it.
    await pause(150 * seconds);
    command_ms.push(await console.command(device.id, device.closed ? 'open' : 'close'));
    await pause(150 * seconds);
    command_ms.push(await console.command(device.id, device.closed ? 'close' : 'open'));
  }
  const turned = await ended;
  const measured_s = (performance.now() - start) / 1_000;
  const measurements = console.measurements - measurementsBefore;
  const keys = turned.map(([rtu, flag, at]) => `${flagLine(lines, rtu, flag)} ${at}`);
  const missing = (): number => keys.filter((key) => !seen.has(key)).length;
  const patience = performance.now() + 1_000 * PATIENCE_S;
  while (missing() > 0 && performance.now() < patience) await pause(50);

  const arrived = keys.flatMap((key) => seen.get(key) ?? []);
  const fromSocket = arrived.map(({ fromSocket_ms }) => fromSocket_ms);
  const links = [...console.links.values()];
  report({
    workload: `${rtus.length} RTUs on ${grid.id}, ${rtus.length * ANALOGS} new measurements a second, ${keys.length} status changes in ${seconds.toFixed(0)} s; sample: change in the RTU to console`,
    warmup: 0,
    samples_ms: arrived.map(({ after_ms }) => after_ms),
    ratios: {},
    figures: {
      socketToConsole_p50_ms: percentile(fromSocket, 0.5) ?? -1,
      socketToConsole_p99_ms: percentile(fromSocket, 0.99) ?? -1,
      eventsLost: missing(),
      eventsTwice: twice,
      streamGaps: console.gaps,
      measurementsPerSecond: measurements / measured_s,
      commandsVerified: command_ms.filter((one) => one !== null).length,
      slowestCommand_ms: Math.max(...command_ms.map((one) => one ?? NEVER_ms), 0),
      rtusUp: up(),
      latePolls: links.reduce((sum, { latePolls = 0 }) => sum + latePolls, 0),
      reconnects: links.reduce((sum, { reconnects }) => sum + reconnects, 0),
    },
    goals: [
      { what: 'status changes lost', goal: 0, of: 'eventsLost' },
      { what: 'change in the RTU to console, p99, ms', goal: 1_000, of: 'p99_ms' },
      { what: 'commands verified', goal: 2, of: 'commandsVerified', atLeast: true },
      { what: 'slowest command, ms', goal: 2_000, of: 'slowestCommand_ms' },
      { what: 'RTUs up', goal: rtus.length, of: 'rtusUp', atLeast: true },
    ],
  });
}

/** A switch that may be operated now; null if none of those asked about may. */
async function operable(
  console: ConsoleLink,
  rtus: readonly FarmRtu[],
): Promise<FarmRtu[number] | null> {
  for (const device of rtus.flat().slice(0, MOST_CANDIDATES)) {
    if (await console.isAllowed(device.id, device.closed ? 'open' : 'close')) return device;
  }
  return null;
}

/** The next message of the farm that has this field. */
function told<Value>(farm: Worker, field: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    farm.once('error', reject);
    const take = (message: Readonly<Record<string, Value>>): void => {
      const value = message[field];
      if (value === undefined) return;
      farm.off('message', take);
      resolve(value);
    };
    farm.on('message', take);
  });
}
