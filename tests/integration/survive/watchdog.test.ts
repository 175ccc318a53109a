import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { DownMessage, HealthView, SessionView, WatchdogView } from '@relight/contract';
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
    watched: { port: 0, host: '127.0.0.1' },
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

/** Opens the printed address as a browser does; its session, and what the page may talk to. */
async function openedByBrowser(): Promise<{ session: SessionView; policy: string }> {
  const first = await fetch(system.controlCenter.url, { redirect: 'manual' });
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = await fetch(`${origin()}/api/v1/session`, { headers: { cookie } });
  const policy = answer.headers.get('content-security-policy') ?? '';
  return { session: SessionView.parse(await answer.json()), policy };
}

test('a console is told where the watchdog is, may ask it, and nobody else’s page may', async () => {
  const { session, policy } = await openedByBrowser();
  expect(`${session.watchdog}/watchdog`).toBe(watchdog());
  expect(policy).toContain(`connect-src 'self' ${session.watchdog};`);
  const shownTo = async (page: string): Promise<string | null> => {
    const answer = await fetch(watchdog(), { headers: { origin: page } });
    return answer.headers.get('access-control-allow-origin');
  };
  expect(await shownTo(origin())).toBe(origin());
  const byName = origin().replace('127.0.0.1', 'localhost');
  expect(await shownTo(byName)).toBe(byName);
  expect(await shownTo('http://evil.example')).toBeNull();
  expect(await shownTo('null')).toBeNull();
});

test('the alarm process killed: the stream of the watchdog says so, and it is back on the same port', async () => {
  const heard: WatchdogView['controlCenter'][] = [];
  const stop = new AbortController();
  const { session } = await openedByBrowser();
  const stream = await fetch(`${session.watchdog}/watchdog/events`, {
    headers: { origin: origin() },
    signal: stop.signal,
  });
  expect(stream.headers.get('access-control-allow-origin')).toBe(origin());
  const reading = (async () => {
    for await (const piece of stream.body ?? []) {
      for (const [, data = ''] of Buffer.from(piece)
        .toString()
        .matchAll(/^data: (.*)$/gm)) {
        heard.push(WatchdogView.parse(JSON.parse(data)).controlCenter);
      }
    }
  })().catch(() => {});
  const now = (): string => `${heard.at(-1)?.state} after ${heard.at(-1)?.restarts} restarts`;
  await expect.poll(now).toBe('working after 0 restarts');
  process.kill(pidOfCenter(), 'SIGKILL');
  await expect.poll(now).toBe('working after 1 restarts');
  expect(heard.some(({ state }) => state !== 'working')).toBe(true);
  stop.abort();
  await reading;
  const health = HealthView.parse(await (await fetch(`${origin()}/api/v1/health`)).json());
  expect(health.parts).toHaveProperty('cycle');
  expect(said.join('\n')).toContain('started again');
});

test('the alarm process hangs: the watchdog says so within 5 s, ends it, and it is started anew', async () => {
  const { restarts } = await watched();
  const since = performance.now();
  process.kill(pidOfCenter(), 'SIGSTOP');
  await expect.poll(async () => (await watched()).state, { interval: 100 }).toBe('stalled');
  // Within 5 s on a machine of its own; here several suites share two cores.
  expect(performance.now() - since).toBeLessThan(10_000);
  expect((await watched()).because?.en).toContain('no alarm is made');
  await expect.poll(async () => (await watched()).restarts).toBe(restarts + 1);
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
