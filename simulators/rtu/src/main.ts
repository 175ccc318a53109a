import { Console } from 'node:console';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkShape, parseJsonText, type ErrorCode, type SimulatorReady } from '@relight/contract';
import { parseGridText } from '@relight/grid';
import type { Grid } from '@relight/grid';
import { z } from 'zod';
import type { StationAccess } from './opcua/station-server.ts';
import { ScenarioFile, unknownInScenario } from './scenario.ts';
import { startSimulation, type RunningSimulation } from './start-simulation.ts';

/**
 * The field as a process: RTU simulators on real sockets, driven by one plant.
 *
 *   main.ts --grid FILE --write-points FILE [--seed N] [--speed N] [--hour H] [--shots N]
 *           [--scenario FILE] [--control-port N] [--station-access FILE]
 *
 * Prints one line of JSON (`SimulatorReady`) on standard output once everything listens, logs to
 * standard error, and ends on SIGTERM, SIGINT or when its standard input closes. Exit code 0
 * after a clean end, 1 if it cannot run, 2 on wrong use.
 */
class UsageError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError('RL-002', `cannot read ${path}: ${reason}`);
  }
}

async function loadGrid(path: string): Promise<Grid> {
  const parsed = parseGridText(await readText(path));
  if (parsed.ok) return parsed.value.grid;
  throw new UsageError('RL-004', `${path}: ${listIssues(parsed.error)}`);
}

/** Who is let into the stations; `trustedCertificates` is a folder, relative to the file. */
const StationAccessFile = z.strictObject({
  user: z.string().min(1),
  password: z.string().min(1),
  trustedCertificates: z.string().min(1).optional(),
});

async function loadAccess(path: string): Promise<StationAccess> {
  const json = parseJsonText(await readText(path));
  if (!json.ok) throw new UsageError('RL-003', `${path}: ${listIssues([json.error])}`);
  const { value, issues } = checkShape(StationAccessFile, json.value);
  if (value === null) throw new UsageError('RL-012', `${path}: ${listIssues(issues)}`);
  const { trustedCertificates, ...login } = value;
  if (trustedCertificates === undefined) return login;
  const folder = resolve(dirname(path), trustedCertificates);
  await readdir(folder).catch(() => {
    throw new UsageError('RL-002', `cannot read ${folder}: trustedCertificates of ${path}`);
  });
  return { ...login, trustedCertificates: folder };
}

async function loadScenario(path: string, grid: Grid): Promise<ScenarioFile> {
  const json = parseJsonText(await readText(path));
  if (!json.ok) throw new UsageError('RL-003', `${path}: ${listIssues([json.error])}`);
  const { value, issues } = checkShape(ScenarioFile, json.value);
  const found = value === null ? issues : unknownInScenario(value, grid);
  if (value === null || found.length > 0) {
    throw new UsageError('RL-032', `${path}: ${listIssues(found)}`);
  }
  return value;
}

function listIssues(issues: readonly { readonly path: string; readonly message: string }[]) {
  return issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

function numberOption(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value >= least) return value;
  throw new UsageError('RL-001', `--${name}: expected a number from ${least}, got "${text}"`);
}

const OPTIONS = {
  grid: { type: 'string' },
  'write-points': { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  hour: { type: 'string' },
  shots: { type: 'string' },
  scenario: { type: 'string' },
  'control-port': { type: 'string' },
  'station-access': { type: 'string' },
} as const;

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError('RL-001', error instanceof Error ? error.message : String(error));
  }
}

async function run(): Promise<{ simulation: RunningSimulation; pointsPath: string }> {
  const options = readOptions();
  const { grid: gridPath, 'write-points': pointsPath } = options;
  if (gridPath === undefined || pointsPath === undefined) {
    throw new UsageError('RL-001', '--grid FILE and --write-points FILE are needed');
  }
  const optional = <Key extends string>(key: Key, value: number | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [Name in Key]?: number };
  const grid = await loadGrid(gridPath);
  const simulation = await startSimulation({
    grid,
    ...optional('seed', numberOption('seed', options.seed, 0)),
    ...optional('speed', numberOption('speed', options.speed, 0.01)),
    ...optional('hour', numberOption('hour', options.hour, 0)),
    ...optional('recloseShots', numberOption('shots', options.shots, 0)),
    ...optional('controlPort', numberOption('control-port', options['control-port'], 0)),
    ...(options.scenario === undefined
      ? {}
      : { scenario: await loadScenario(options.scenario, grid) }),
    ...(options['station-access'] === undefined
      ? {}
      : { stationAccess: await loadAccess(options['station-access']) }),
  });
  await writeFile(pointsPath, `${JSON.stringify(simulation.points, null, 1)}\n`);
  return { simulation, pointsPath };
}

function describeError(error: unknown): string {
  if (error instanceof UsageError) return `${error.code} ${error.message}`;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `RL-010 ${error.message}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Standard output belongs to the one line; what libraries have to say goes to standard error.
globalThis.console = new Console(process.stderr);

let stopping: Promise<void> | undefined;
const running = run();

function end(): void {
  stopping ??= running
    .then(({ simulation }) => simulation.stop())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('close', end);
process.stdin.on('end', end);
process.stdin.resume();

try {
  const { simulation, pointsPath } = await running;
  const ready: SimulatorReady = {
    ready: true,
    control: simulation.control,
    token: simulation.token,
    points: pointsPath,
    rtus: simulation.rtus,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(error instanceof UsageError && error.code === 'RL-001' ? 2 : 1);
}
