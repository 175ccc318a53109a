import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ControlCenterReady, SimulatorReady } from '@relight/contract';
import type { CliError } from '../cli-error.ts';
import { CONTROL_CENTER_MAIN, SIMULATOR_MAIN } from '../places.ts';
import { startChildProcess } from './child-process.ts';
import type { ChildProcess } from './child-process.ts';
import { supervise, type WatchdogPlace } from './supervise.ts';

export interface SystemOptions {
  readonly gridFile: string;
  /** Points, journal and logs of this run. */
  readonly folder: string;
  readonly seed: number;
  /** Divides plant, motor and reclosing times; 1 is life. */
  readonly speed: number;
  readonly startHour_h?: number | undefined;
  readonly host?: string | undefined;
  readonly port: number;
  /** Built console to serve; none = no pages. */
  readonly consoleFolder?: Promise<string> | undefined;
  readonly configurationFile?: string | undefined;
  /** A watchdog looks after the control centre, and what dies is started again. */
  readonly watched?: WatchdogPlace;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Simulators and control centre, both serving. */
export interface RunningSystem {
  readonly simulators: SimulatorReady;
  readonly controlCenter: ControlCenterReady;
  /** Process id of the first control centre. */
  readonly controlCenterPid: number;
  /** Resolves when one of them ended unasked. */
  readonly died: Promise<CliError>;
  /** Control centre first, so that it does not see its field vanish. */
  readonly stop: () => Promise<void>;
}

/** Starts the field, then the control centre that watches it. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { folder, signal, progress } = options;
  mkdirSync(folder, { recursive: true });
  const simulators = await startSimulators({
    gridFile: options.gridFile,
    pointsFile: join(folder, 'points.json'),
    logFile: join(folder, 'simulators.log'),
    seed: options.seed,
    speed: options.speed,
    startHour_h: options.startHour_h,
    signal,
  });
  progress(`Field: ${simulators.ready.rtus} RTU simulators listen on Modbus TCP and OPC UA.`);
  try {
    if (options.watched !== undefined) return await watched(options, options.watched, simulators);
    const controlCenter = await startControlCenter(options, simulators.ready);
    progress('Control centre: serving.');
    return {
      simulators: simulators.ready,
      controlCenter: controlCenter.ready,
      controlCenterPid: controlCenter.pid,
      died: Promise.race([simulators.died, controlCenter.died]),
      stop: async () => {
        await controlCenter.stop();
        await simulators.stop();
      },
    };
  } catch (error) {
    await simulators.stop();
    throw error;
  }
}

/** The same, kept alive: a control centre that died comes back on the port it had. */
async function watched(
  options: SystemOptions,
  watchdog: WatchdogPlace,
  simulators: ChildProcess<SimulatorReady>,
): Promise<RunningSystem> {
  const supervised = await supervise({
    start: (address, before) => {
      const port = before === null ? options.port : Number(new URL(before.url).port);
      return startControlCenter({ ...options, port }, simulators.ready, address);
    },
    watchdog,
    logFile: join(options.folder, 'watchdog.log'),
    signal: options.signal,
    progress: options.progress,
  });
  const { first } = supervised;
  options.progress('Control centre: serving.');
  options.progress(`Watchdog: ${supervised.watchdog}/watchdog`);
  return {
    simulators: simulators.ready,
    controlCenter: first.ready,
    controlCenterPid: first.pid,
    died: Promise.race([simulators.died, supervised.died]),
    stop: async () => {
      await supervised.stop();
      await simulators.stop();
    },
  };
}

export interface SimulatorOptions {
  readonly gridFile: string;
  readonly pointsFile: string;
  readonly logFile: string;
  readonly seed: number;
  readonly speed: number;
  readonly startHour_h?: number | undefined;
  readonly scenarioFile?: string | undefined;
  readonly stationAccessFile?: string | undefined;
  readonly controlPort?: number | undefined;
  readonly signal: AbortSignal;
}

/** Starts the RTU simulators; their ready line names control API, token and point list. */
export async function startSimulators(
  options: SimulatorOptions,
): Promise<ChildProcess<SimulatorReady>> {
  return await startChildProcess({
    name: 'simulators',
    main: SIMULATOR_MAIN,
    args: [
      ...given('--grid', options.gridFile),
      ...given('--write-points', options.pointsFile),
      ...given('--seed', options.seed),
      ...given('--speed', options.speed),
      ...given('--hour', options.startHour_h),
      ...given('--scenario', options.scenarioFile),
      ...given('--station-access', options.stationAccessFile),
      ...given('--control-port', options.controlPort),
    ],
    ready: SimulatorReady,
    readyWithin_ms: 60_000,
    logFile: options.logFile,
    signal: options.signal,
  });
}

async function startControlCenter(
  options: SystemOptions,
  simulators: SimulatorReady,
  watchdog?: string,
): Promise<ChildProcess<ControlCenterReady>> {
  const consoleFolder = await options.consoleFolder;
  return await startChildProcess({
    name: 'control centre',
    main: CONTROL_CENTER_MAIN,
    args: [
      ...given('--grid', options.gridFile),
      ...given('--points', simulators.points),
      ...given('--journal', join(options.folder, 'journal')),
      ...given('--port', options.port),
      ...given('--simulation', simulators.control),
      ...given('--simulation-token', simulators.token),
      ...given('--speed', options.speed),
      ...given('--host', options.host),
      ...given('--console', consoleFolder),
      ...given('--config', options.configurationFile),
      ...given('--watchdog', watchdog),
    ],
    ready: ControlCenterReady,
    readyWithin_ms: 60_000,
    logFile: join(options.folder, 'control-center.log'),
    signal: options.signal,
  });
}

/** One word, since a random token may begin with a dash. */
function given(option: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`${option}=${value}`];
}
