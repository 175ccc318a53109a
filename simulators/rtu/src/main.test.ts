import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PointListFile, SimulatorReady, type PlantTruth } from '@relight/contract';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** A process that loads an OPC UA server starts in a second, on a busy machine in ten or more; ms. */
const PATIENCE_ms = 120_000;

const GRID = fileURLToPath(new URL('../../../seeds/grids/demo-town.json', import.meta.url));

/** Runs the process in a temporary folder of its own until it ends. */
async function run(args: readonly string[], whenReady: (line: string, end: () => void) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'relight-simulator-test-'));
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
    if (output.endsWith('\n')) whenReady(output, () => child.stdin.end());
  });
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const left = await readdir(folder);
  await rm(folder, { recursive: true });
  return { code, output, errors, left };
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

test(
  'the process serves demo-town, plays its scenario, and goes with its standard input',
  { timeout: PATIENCE_ms },
  async () => {
    const scenarioFolder = await mkdtemp(join(tmpdir(), 'relight-scenario-'));
    const scenario = join(scenarioFolder, 'scenario.json');
    const points = join(scenarioFolder, 'points.json');
    const events = [{ at_s: 0, fault: { equipment: '471.L03' } }];
    await writeFile(scenario, JSON.stringify({ format: 'relight-scenario/1', events }));
    let truth: PlantTruth | undefined;
    let listening: boolean | undefined;
    const look = async (line: string): Promise<void> => {
      const ready = SimulatorReady.parse(JSON.parse(line));
      const list = PointListFile.parse(JSON.parse(await readFile(ready.points, 'utf8')));
      expect(list.rtus).toHaveLength(ready.rtus);
      listening = await isListening(list.rtus.find((rtu) => rtu.port !== undefined)?.port ?? 0);
      const headers = { authorization: `Bearer ${ready.token}` };
      for (let attempt = 0; attempt < 1_200 && !truth?.customersOut; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        truth = (await (await fetch(`${ready.control}/truth`, { headers })).json()) as PlantTruth;
      }
    };
    const { code, output, left } = await run(
      ['--grid', GRID, '--write-points', points, '--scenario', scenario, '--speed', '20'],
      (line, end) => void look(line).finally(end),
    );
    await rm(scenarioFolder, { recursive: true });
    expect(code).toBe(0);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(listening).toBe(true);
    expect(truth?.customersOut).toBeGreaterThan(0);
    // Keys and certificates went with it.
    expect(left).toEqual([]);
  },
);

test('wrong use ends with one clear line', { timeout: PATIENCE_ms }, async () => {
  const started = (): void => {
    throw new Error('it must not start');
  };
  const [missing, nowhere, speed] = await Promise.all([
    run(['--grid', GRID], started),
    run(['--grid', '/nowhere.json', '--write-points', 'p'], started),
    run(['--grid', GRID, '--write-points', 'p', '--speed', 'x'], started),
  ]);
  expect(missing.code).toBe(2);
  expect(missing.errors).toBe('RL-001 --grid FILE and --write-points FILE are needed\n');
  expect(nowhere.code).toBe(1);
  expect(nowhere.errors).toMatch(/^RL-002 cannot read \/nowhere\.json/);
  expect(speed.errors).toMatch(/^RL-001 --speed/);
});
