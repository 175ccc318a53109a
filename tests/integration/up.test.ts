import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLineOf, family, isRunning } from '../kit/processes.ts';
import { relightJson } from './run-relight.ts';

const ROOT = join(import.meta.dirname, '..', '..');

async function start(command: string, ...args: string[]): Promise<[ChildProcess, string]> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  for await (const chunk of child.stdout) {
    stdout += String(chunk);
    const url = /^Console: (\S+)$/m.exec(stdout)?.[1];
    if (url !== undefined) return [child, url];
  }
  throw new Error(`ended without serving: ${stderr}`);
}

test('npm start serves the console, and an interrupt stops every process with exit code 0', async () => {
  const [npm, url] = await start('npm', 'start', '--', '--port', '0');
  const processes = family(npm.pid ?? 0);
  expect(processes.length).toBeGreaterThanOrEqual(4); // npm, launcher, relight, two more
  // The printed address turns its token into a cookie, as it does in a browser.
  const login = await fetch(url, { redirect: 'manual' });
  const cookie = login.headers.getSetCookie().map((each) => each.split(';')[0]);
  const page = await fetch(new URL('/', url), { headers: { cookie: cookie.join('; ') } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<div id=');
  const stranger = await fetch(`${new URL(url).origin}/api/v1/snapshot`);
  expect(stranger.status).toBe(401);

  const ended = once(npm, 'exit');
  npm.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(processes.filter(isRunning)).toEqual([]);

  // The run left all that a replay needs.
  const runs = readdirSync(join(ROOT, '.relight', 'runs'));
  const run = runs.find((name) => processes.some((pid) => name.endsWith(`-${pid}`))) ?? '';
  const replayed = await relightJson<{ same: boolean }>('replay', join('.relight', 'runs', run));
  expect(replayed).toMatchObject({ code: 0, document: { same: true } });
});

test('when the simulators die, relight says so, stops the rest and exits 1', async () => {
  const [relight, url] = await start('node_modules/.bin/relight', 'up', '--port', '0');
  await expect
    .poll(async () => (await fetch(new URL('/api/v1/health', url))).status, { timeout: 60_000 })
    .toBe(200);
  const processes = family(relight.pid ?? 0);
  const simulators = processes.find((pid) => commandLineOf(pid).includes('simulators/rtu'));
  let stderr = '';
  relight.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(relight, 'exit');
  process.kill(simulators ?? 0, 'SIGKILL');
  expect(await ended).toEqual([1, null]);
  expect(stderr).toContain('RL-013: the simulators ended unexpectedly (SIGKILL)');
  expect(processes.filter(isRunning)).toEqual([]);
});

test('a relight that is killed outright takes simulators and control centre with it', async () => {
  const [relight] = await start('node_modules/.bin/relight', 'up', '--port', '0');
  const processes = family(relight.pid ?? 0);
  expect(processes.length).toBeGreaterThanOrEqual(3);
  relight.kill('SIGKILL');
  await expect.poll(() => processes.filter(isRunning), { timeout: 30_000 }).toEqual([]);
});

test('an interrupt in the middle of the start leaves nothing behind and exits 0', async () => {
  const relight = spawn('node_modules/.bin/relight', ['up', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(relight, 'exit');
  await once(relight.stderr, 'data'); // The first word of progress: simulators are starting.
  await expect.poll(() => family(relight.pid ?? 0).length, { timeout: 30_000 }).toBeGreaterThan(1);
  const processes = family(relight.pid ?? 0);
  relight.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(processes.filter(isRunning)).toEqual([]);
});
