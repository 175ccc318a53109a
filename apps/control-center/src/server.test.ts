import type { AddressInfo } from 'node:net';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CommandRequest, Snapshot } from '@relight/contract';
import { Door } from './door.ts';
import { loopbackFront } from './front-address.ts';
import { RefusalLog } from './refusal-log.ts';
import { ROUTES, type RouteId } from './routes.ts';
import type { Answer, Call, Handlers } from './answer.ts';
import { buildServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { StreamHub } from './stream-hub.ts';

const EMPTY_SNAPSHOT: Omit<Snapshot, 'sequence'> = {
  type: 'snapshot',
  protocol: 1,
  serverTime_ms: 0,
  grid: 'g',
  user: 'u',
  simulation: false,
  switches: [],
  measurements: [],
  sections: [],
  feeders: [],
  incidents: [],
  alarms: [],
  events: [],
  commands: [],
  links: [],
  tags: [],
  earths: [],
  approvals: [],
  sheddingLists: [],
  modes: [],
  summary: {
    customers: 0,
    customersOut: 0,
    incidentsOpen: 0,
    rtus: 0,
    rtusUp: 0,
    automation: 'advisory',
  },
};

const now = () => ({ at_ms: Date.now(), monotonic_ms: performance.now() });
const LIMITS = { idleLock_min: 15, idleEnd_min: 60, sessionLife_h: 16 };
const told: string[] = [];
const tell = (action: string): void => void told.push(action);
const door = new Door({
  sessions: new Sessions(
    LIMITS,
    (session, why) => hub.end(session.id, 4401, why),
    (session) => hub.notify(session.id, { type: 'session', locked: true }),
  ),
  accounts: null,
  now,
  tell,
  onUnlock: () => {},
  watchdog: 'http://127.0.0.1:7499',
});
const hub = new StreamHub(
  (sequence, user) => ({ ...EMPTY_SNAPSHOT, sequence, user }),
  () => 0,
);
const calls: { id: RouteId; call: Call }[] = [];
const handlers = Object.fromEntries(
  Object.keys(ROUTES).map((id) => [
    id,
    (call: Call): Answer => {
      calls.push({ id: id as RouteId, call });
      return { status: 200, body: { ok: true } };
    },
  ]),
) as unknown as Handlers;
let base = '';
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const app = await buildServer({
    door,
    refusals: new RefusalLog(tell),
    requestsPerMinute: 2_000,
    monotonic_ms: () => performance.now(),
    hub,
    handlers,
    log: pino({ level: 'silent' }),
    consoleDirectory: null,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  door.opensAt(loopbackFront('127.0.0.1', port));
  base = `http://127.0.0.1:${port}`;
  stop = async () => {
    hub.close();
    await app.close();
  };
});
afterAll(() => stop());

const bearer = { authorization: `Bearer ${door.demoToken}` };

function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(`${base}/api/v1/health`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('every route but health, log-in and the interface document needs somebody', async () => {
  for (const route of Object.values(ROUTES)) {
    const path = route.path.replaceAll(/:(\w+)/g, 'X');
    const response = await fetch(`${base}/api/v1${path}`, { method: route.method });
    expect([route.id, response.status]).toEqual([
      route.id,
      route.right === null ? (route.id === 'logIn' ? 400 : 200) : 401,
    ]);
  }
});

test('another Host or Origin is turned away before anything is looked at', async () => {
  expect(await statusWithHost('evil.example')).toBe(403);
  const response = await fetch(`${base}/api/v1/grid`, {
    headers: { ...bearer, origin: 'http://evil.example' },
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: 'RL-021' });
});

/** Opens the printed address as a browser does. */
async function browser(): Promise<{ cookie: string; csrf: string }> {
  const opened = await fetch(`${base}/?token=${door.demoToken}`, { redirect: 'manual' });
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
  expect(opened.headers.get('set-cookie')).toContain('HttpOnly; SameSite=Strict');
  const csrf = door.sessions.all().at(-1)?.csrf ?? '';
  return { cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '', csrf };
}

test('the printed address leaves a cookie; a change also needs our page and its CSRF token', async () => {
  const { cookie, csrf } = await browser();
  expect((await fetch(`${base}/api/v1/grid`, { headers: { cookie } })).status).toBe(200);
  const change = async (headers: Record<string, string>): Promise<[number, unknown]> => {
    const url = `${base}/api/v1/alarms/A1/acknowledge`;
    const answer = await fetch(url, { method: 'POST', headers: { cookie, ...headers } });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  expect(await change({})).toEqual([403, 'RL-021']);
  expect(await change({ origin: base })).toEqual([403, 'RL-044']);
  expect(await change({ origin: base, 'x-relight-csrf': `${csrf}x` })).toEqual([403, 'RL-044']);
  expect(await change({ 'x-relight-csrf': csrf })).toEqual([403, 'RL-021']);
  expect(await change({ origin: base, 'x-relight-csrf': csrf })).toEqual([200, undefined]);
  expect((await fetch(`${base}/?token=wrong`, { redirect: 'manual' })).status).toBe(401);
});

test('a recorded request is worth nothing after the log-out, and the streams of the session end', async () => {
  const { cookie, csrf } = await browser();
  const session = door.sessions.all().at(-1);
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/stream`, {
    headers: { cookie, origin: base },
  });
  await new Promise((resolve) => socket.on('message', resolve));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const recorded = { method: 'POST', headers: { cookie, origin: base, 'x-relight-csrf': csrf } };
  expect((await fetch(`${base}/api/v1/alarms/A1/acknowledge`, recorded)).status).toBe(200);
  door.sessions.end(session?.id ?? '', 'loggedOut');
  expect((await fetch(`${base}/api/v1/alarms/A1/acknowledge`, recorded)).status).toBe(401);
  expect(await closed).toBe(4401);
});

test('a locked session goes on looking and does nothing', async () => {
  const { cookie, csrf } = await browser();
  const session = door.sessions.all().at(-1);
  if (session === undefined) throw new Error('no session');
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/stream`, {
    headers: { cookie, origin: base },
  });
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => {
    heard.push((JSON.parse(data.toString()) as { type: string }).type);
  });
  await expect.poll(() => heard).toContain('snapshot');
  door.sessions.lock(session);
  await expect.poll(() => heard).toContain('session');
  const headers = { cookie, origin: base, 'x-relight-csrf': csrf };
  const status = async (method: string, path: string): Promise<number> =>
    (await fetch(`${base}/api/v1${path}`, { method, headers })).status;
  expect(await status('GET', '/snapshot')).toBe(200);
  expect(await status('POST', '/alarms/A1/acknowledge')).toBe(423);
  expect(await status('POST', '/commands/C1/execute')).toBe(423);
  hub.push({ links: [link('RTU-9', 'up')] });
  await expect.poll(() => heard).toContain('delta');
  socket.close();
});

test('more requests in a minute than allowed are turned away with the time to wait, for that session alone', async () => {
  const { cookie } = await browser();
  const other = await browser();
  let turned: Response | null = null;
  for (let i = 0; i < 2_100 && turned === null; i += 50) {
    const all = await Promise.all(
      Array.from({ length: 50 }, () => fetch(`${base}/api/v1/health`, { headers: { cookie } })),
    );
    turned = all.find(({ status }) => status === 429) ?? null;
    await Promise.all(all.filter((each) => each !== turned).map((each) => each.text()));
  }
  expect(await turned?.json()).toMatchObject({ code: 'RL-045' });
  expect(Number(turned?.headers.get('retry-after'))).toBeGreaterThan(0);
  const fine = await fetch(`${base}/api/v1/health`, { headers: { cookie: other.cookie } });
  expect(fine.status).toBe(200);
});

test('a body with a field too many, too few or of the wrong kind is refused with its path', async () => {
  const post = async (body: unknown): Promise<[number, string]> => {
    const response = await fetch(`${base}/api/v1/commands`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return [response.status, JSON.stringify(await response.json())];
  };
  const good: CommandRequest = {
    idempotencyKey: '12345678',
    equipment: 'PT.471',
    operation: 'open',
  };
  expect((await post(good))[0]).toBe(200);
  expect(await post({ ...good, force: true })).toEqual([400, expect.stringContaining('force')]);
  expect(await post({ ...good, operation: 'explode' })).toEqual([
    400,
    expect.stringContaining('operation'),
  ]);
  expect((await post({ operation: 'open' }))[1]).toContain('equipment');
  expect((await post('{'))[0]).toBe(400);
  expect((await post('x'.repeat(100_000)))[0]).toBeGreaterThanOrEqual(400);
});

test('the stream begins with a snapshot and numbers its deltas without a gap', async () => {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/stream`, { headers: bearer });
  const heard: { type: string; sequence: number; links?: unknown[] }[] = [];
  const two = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      heard.push(JSON.parse(data.toString()) as (typeof heard)[number]);
      if (heard.length === 1) {
        // The same link twice between two flushes goes out once, in its last state.
        hub.push({ links: [link('RTU-1', 'down'), link('RTU-1', 'up')] });
        setTimeout(() => hub.push({ links: [link('RTU-2', 'up')] }), 150);
      }
      if (heard.length === 3) resolve();
    });
  });
  await two;
  socket.close();
  const first = heard[0]?.sequence ?? Number.NaN;
  expect(heard.map(({ type, sequence }) => [type, sequence - first])).toEqual([
    ['snapshot', 0],
    ['delta', 1],
    ['delta', 2],
  ]);
  expect(heard[1]?.links).toEqual([link('RTU-1', 'up')]);
});

test('the stream is closed to a page from elsewhere and to whoever has no token', async () => {
  const refused = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/stream`, { headers });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => resolve(101));
      socket.on('error', () => {});
    });
  expect(await refused({})).toBe(401);
  expect(await refused({ ...bearer, origin: 'http://evil.example' })).toBe(403);
});

function link(rtu: string, state: 'up' | 'down') {
  return {
    rtu,
    state,
    since_ms: 0,
    roundTrip_ms: null,
    lastSuccess_ms: null,
    errors: 0,
    reconnects: 0,
  };
}

test('a stranger who resets the stream while it is being refused does not end the control centre', async () => {
  const { host, port } = new URL(base);
  const upgrade =
    `GET /api/v1/stream HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\n` +
    'Connection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n';
  for (let i = 0; i < 20; i++) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(upgrade + 'x'.repeat(200_000));
        setTimeout(() => socket.resetAndDestroy(), i % 5);
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }
  expect((await fetch(`${base}/api/v1/health`)).status).toBe(200);
});
