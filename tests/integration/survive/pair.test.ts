import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GridFile, PointListFile } from '@relight/contract';
import { writePointListCsv } from '@relight/gateway';
import { startSimulators } from '../../../apps/cli/src/system/start-system.ts';
import { processesWith } from '../../kit/processes.ts';
import { DEMO_TOWN } from '../../kit/survival-rig.ts';
import { relight } from '../run-relight.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** `relight serve` as the person who keeps it running starts it; its words, and what it answers. */
interface Served {
  readonly name: string;
  readonly port: number;
  said: string;
  readonly child: ChildProcess;
}

let folder = '';
let stopField: () => Promise<void> = async () => {};
const pair: Served[] = [];
const at = (...parts: readonly string[]): string => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relight-pair-'));
  const simulators = await startSimulators({
    gridFile: DEMO_TOWN,
    pointsFile: at('list.json'),
    logFile: at('simulators.log'),
    seed: 1,
    speed: 10,
    signal: new AbortController().signal,
  });
  stopField = simulators.stop;
  // As an integrator keeps it.
  const list = PointListFile.parse(JSON.parse(readFileSync(at('list.json'), 'utf8')));
  writeFileSync(at('list.csv'), writePointListCsv(list));
});
afterAll(async () => {
  for (const { child } of pair) {
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    if (child.exitCode === null) await ended;
  }
  await stopField();
  rmSync(folder, { recursive: true, force: true });
});

const given = (name: string): readonly string[] => [
  ...['serve', 'demo-town', at('list.csv'), '--journal', at('journal')],
  ...['--config', at(`${name}.yaml`)],
];

async function serve(name: string, ...flags: readonly string[]): Promise<Served> {
  const port = await freePort();
  writeFileSync(at(`${name}.yaml`), `server: { port: ${port} }\n`);
  const child = spawn(join(ROOT, 'node_modules/.bin/relight'), [...given(name), ...flags], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const served: Served = { name, port, said: '', child };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (served.said += chunk.toString()));
  }
  pair.push(served);
  return served;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Names of those that answer for their health, with a field that is read. */
async function leaders(): Promise<readonly string[]> {
  const answers = await Promise.all(
    pair.map(async ({ name, port }) => {
      const url = `http://127.0.0.1:${port}/api/v1/health`;
      return (await fetch(url).catch(() => null))?.ok === true ? [name] : [];
    }),
  );
  return answers.flat();
}

function killCenterOf(name: string): void {
  const [pid] = processesWith('control-center/src/main.ts', at(`${name}.yaml`));
  if (pid === undefined) throw new Error(`the control centre of ${name} does not run`);
  process.kill(pid, 'SIGKILL');
}

const waits = 'Standby: waits until nobody leads';

test('one leads and the other waits; a third that would lead beside them is told how to wait', async () => {
  const first = await serve('first');
  await expect.poll(leaders).toEqual(['first']);
  const second = await serve('second', '--standby');
  await expect.poll(() => second.said).toContain(waits);
  expect(await leaders()).toEqual(['first']);
  writeFileSync(at('third.yaml'), `server: { port: ${await freePort()} }\n`);
  const third = await relight(...given('third'));
  expect(third.code).toBe(1);
  expect(third.stderr).toContain('RL-083');
  expect(third.stderr).toContain('start this one with --standby');
  expect(first.said).not.toContain('started again');
});

test('when the one that leads is killed, the other follows, and the first comes back behind it', async () => {
  for (let change = 0; change < 2; change++) {
    const [leader = ''] = await leaders();
    const other = pair.find(({ name }) => name !== leader);
    const before = pair.find(({ name }) => name === leader);
    const said = before?.said.length ?? 0;
    killCenterOf(leader);
    // Whoever is faster: the standby, or the one that is started anew. Nobody gives up.
    await expect.poll(() => before?.said.slice(said)).toContain('it is started again');
    await expect.poll(leaders).toHaveLength(1);
    await expect
      .poll(() => {
        const restarted = before?.said.slice(said) ?? '';
        return restarted.includes(waits) || restarted.includes('serving again');
      })
      .toBe(true);
    expect([before?.child.exitCode, other?.child.exitCode]).toEqual([null, null]);
  }
  // What is in force lies with the journal, in the form every reader knows.
  const grid = GridFile.parse(JSON.parse(readFileSync(at('journal', 'grid.json'), 'utf8')));
  const points = PointListFile.parse(
    JSON.parse(readFileSync(at('journal', 'points.json'), 'utf8')),
  );
  expect([grid.id, points.grid]).toEqual(['demo-town', 'demo-town']);
});
