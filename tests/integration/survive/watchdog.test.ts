import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { DownMessage, HealthView, WatchdogView } from '@relight/contract';
import { startSystem, type RunningSystem } from '../../../apps/cli/src/system/start-system.ts';
import { processesWith } from '../../kit/processes.ts';
import { DEMO_TOWN } from '../../kit/survival-rig.ts';

let folder = '';
let system: RunningSystem;
const said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relight-watchdog-'));
  system = await startSystem({
    gridFile: DEMO_TOWN,
    folder,
    seed: 1,
    speed: 1,
    port: 0,
    watched: true,
    progress: (text) => said.push(text),
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

const watchdog = (): string => /Watchdog: (\S+)/.exec(said.join('\n'))?.[1] ?? '';
async function watched() {
  const answer = await fetch(watchdog());
  return WatchdogView.parse(await answer.json()).controlCenter;
}
const origin = (): string => new URL(system.controlCenter.url).origin;
function pidOfCenter(): number {
  const [pid] = processesWith('control-center/src/main.ts', folder);
  if (pid === undefined) throw new Error('the control centre does not run');
  return pid;
}

test('while all is well every console hears so each second, from the part that makes the alarms', async () => {
  const { token } = system.controlCenter;
  const socket = new WebSocket(`${origin().replace(/^http/, 'ws')}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const beats: boolean[] = [];
  socket.on('message', (data: Buffer) => {
    const message = DownMessage.parse(JSON.parse(data.toString()));
    if (message.type === 'heartbeat') beats.push(message.alarmsWork);
  });
  await expect.poll(() => beats.length).toBeGreaterThanOrEqual(3);
  socket.close();
  expect(beats).toContain(true);
  await expect.poll(async () => (await watched()).state).toBe('working');
});

test('the alarm process killed: the watchdog says so, and it is back on the same port', async () => {
  process.kill(pidOfCenter(), 'SIGKILL');
  await expect.poll(async () => (await watched()).restarts).toBe(1);
  await expect.poll(async () => (await watched()).state).toBe('working');
  const health = HealthView.parse(await (await fetch(`${origin()}/api/v1/health`)).json());
  expect(health.parts).toHaveProperty('cycle');
  expect(said.join('\n')).toContain('started again');
});

test('the alarm process hangs: the watchdog says so within 5 s, ends it, and it is started anew', async () => {
  const since = performance.now();
  process.kill(pidOfCenter(), 'SIGSTOP');
  await expect.poll(async () => (await watched()).state, { interval: 100 }).toBe('stalled');
  // Within 5 s on a machine of its own; here several suites share two cores.
  expect(performance.now() - since).toBeLessThan(10_000);
  expect((await watched()).because?.en).toContain('no alarm is made');
  await expect.poll(async () => (await watched()).restarts).toBe(2);
  await expect.poll(async () => (await watched()).state).toBe('working');
});

test('the watchdog killed: it is back at its address, and the control centre hears it again', async () => {
  const { execFileSync } = await import('node:child_process');
  const own = ['-P', String(process.pid), '-f', 'watchdog-process.ts'];
  const pid = Number(execFileSync('pgrep', own).toString().trim().split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(async () => {
      const found = await watched().catch(() => null);
      return found?.state;
    })
    .toBe('working');
  expect(Number(execFileSync('pgrep', own).toString().trim())).not.toBe(pid);
  const health = HealthView.parse(await (await fetch(`${origin()}/api/v1/health`)).json());
  expect(health.parts['watchdog']).toBeLessThan(5_000);
});
