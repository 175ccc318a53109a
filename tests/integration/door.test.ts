import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ORIGIN,
  PASSWORD,
  PROXY_HEADERS,
  startRig,
  type Answered,
  type Person,
  type Rig,
} from '../kit/control-center-rig.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const JSON_BODY = { 'content-type': 'application/json', origin: ORIGIN };

let rig: Rig;
beforeAll(async () => {
  // Six seconds without a hand lock a session: long enough for a slow machine to do its part.
  rig = await startRig({ idleLock_min: 0.1 });
  for (const user of ['lan', 'minh', 'vinh']) rig.addPerson(user, ['dispatcher'], ['PT']);
  rig.addPerson('meter', ['integration']);
});
afterAll(() => rig.stop());

interface Stream {
  readonly heard: Record<string, unknown>[];
  readonly closed: Promise<{ readonly code: number; readonly at_ms: number }>;
  readonly close: () => void;
}

/** A stream as a browser opens it; ready once the snapshot has come. */
async function openStream(headers: Readonly<Record<string, string>>): Promise<Stream> {
  const socket = new WebSocket(`ws://127.0.0.1:${rig.port}/api/v1/stream`, {
    headers: { ...PROXY_HEADERS, ...headers },
  });
  const heard: Record<string, unknown>[] = [];
  const closed = new Promise<{ code: number; at_ms: number }>((resolve) => {
    socket.on('close', (code) => resolve({ code, at_ms: performance.now() }));
  });
  socket.on('message', (data: Buffer) => {
    heard.push(JSON.parse(data.toString()) as Record<string, unknown>);
  });
  socket.on('error', () => {});
  await expect.poll(() => heard.map(({ type }) => type)).toContain('snapshot');
  return { heard, closed, close: () => socket.close() };
}

/** Runs the installed command line with a first line for its standard input. */
function relight(input: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules/.bin/relight'), args, { cwd: ROOT });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('close', (code) => resolve({ code, said }));
    child.stdin.end(input);
  });
}

function tryPassword(user: string, password: string, from: string): Promise<Answered> {
  return rig.ask('/api/v1/session', {
    method: 'POST',
    headers: { ...JSON_BODY, 'x-forwarded-for': from },
    body: JSON.stringify({ user, password }),
  });
}

function command({ headers }: Person, key: string): Promise<Answered> {
  return rig.ask('/api/v1/commands', {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    body: JSON.stringify({ idempotencyKey: key, equipment: 'PT.471', operation: 'open' }),
  });
}

const people = (action: string) =>
  rig.journal().filter(({ kind, body }) => kind === 'people' && body['action'] === action);

test('after five wrong passwords the next try waits, from that place alone, and never for good', async () => {
  const wrong: number[] = [];
  for (let i = 0; i < 6; i++)
    wrong.push((await tryPassword('lan', 'wrong', '198.51.100.9')).status);
  expect(wrong).toEqual([401, 401, 401, 401, 401, 429]);
  const waiting = await tryPassword('lan', PASSWORD, '198.51.100.9');
  expect([waiting.status, waiting.json?.['code']]).toEqual([429, 'RL-041']);
  expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
  expect((await tryPassword('lan', PASSWORD, '192.0.2.1')).status).toBe(200);
  await expect
    .poll(async () => (await tryPassword('lan', PASSWORD, '198.51.100.9')).status)
    .toBe(200);
});

test('a flood of made-up names neither keeps anybody out nor fills the journal', async () => {
  // Nobody is in the field: its links tell the journal of themselves at their own time.
  const ofPeople = (): number => rig.journal().filter(({ kind }) => kind === 'people').length;
  const before = ofPeople();
  const flood = Array.from({ length: 200 }, (_, i) =>
    tryPassword(`nobody${i}`, 'x', '203.0.113.5'),
  );
  const lan = await tryPassword('lan', PASSWORD, '192.0.2.8');
  expect(lan.status).toBe(200);
  expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(
    new Set([401, 429]),
  );
  expect(ofPeople() - before).toBeLessThan(20);
});

test('an unknown name is told the same as a wrong password', async () => {
  const [unknown, wrong] = [
    await tryPassword('nobody', 'wrong', '192.0.2.2'),
    await tryPassword('lan', 'wrong', '192.0.2.2'),
  ];
  expect(unknown.text).toBe(wrong.text);
});

test('the cookie is for this host, TLS and our pages only, and no answer may be framed or kept', async () => {
  const answer = await tryPassword('lan', PASSWORD, '192.0.2.3');
  expect(answer.headers['set-cookie']?.[0]).toMatch(
    /^__Host-relight=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  );
  expect(answer.headers['content-security-policy']).toContain("connect-src 'self';");
  expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.text).not.toContain(PASSWORD);
});

test('a request recorded before the log-out is worth nothing after it', async () => {
  const minh = await rig.logIn('minh');
  expect((await command(minh, 'recorded-1')).status).not.toBe(401);
  await rig.ask('/api/v1/session', { method: 'DELETE', headers: minh.headers });
  const again = await command(minh, 'recorded-1');
  expect([again.status, again.json?.['code']]).toEqual([401, 'RL-020']);
});

test('an account disabled from the command line loses its stream within a second', async () => {
  const vinh = await rig.logIn('vinh');
  const stream = await openStream(vinh.headers);
  const done = await relight('', 'user', 'disable', 'vinh', '--journal', rig.directory);
  expect(done.code, done.said).toBe(0);
  const disabled_ms = performance.now();
  const { code, at_ms } = await stream.closed;
  expect(code).toBe(4401);
  // Under a second from the end of the program on a machine of its own; here four more for a busy one.
  expect(at_ms - disabled_ms).toBeLessThan(1_000 + 4_000);
  expect((await command(vinh, 'disabled-1')).status).toBe(401);
  await expect.poll(() => people('account').map(({ body }) => body['what'])).toContain('disable');
});

test('another role ends the sessions of the account, and the next log-in has the new rights', async () => {
  await relight('', 'user', 'enable', 'vinh', '--journal', rig.directory);
  const stream = await openStream((await rig.logIn('vinh')).headers);
  rig.accounts.setRoles('vinh', ['viewer'], null, { by: 'os:test', at_ms: Date.now() });
  expect((await stream.closed).code).toBe(4401);
  const now = await rig.logIn('vinh');
  const refused = await command(now, 'viewer-01');
  expect([refused.status, refused.json?.['code']]).toEqual([403, 'RL-042']);
});

test('a token of a program opens the stream until it is revoked', async () => {
  const author = { by: 'os:test', at_ms: Date.now() };
  const token = rig.accounts.addToken('meter', 60_000, author);
  if (!token.ok) throw new Error(token.error.reason);
  const headers = { authorization: `Bearer ${token.value.secret}` };
  const stream = await openStream(headers);
  rig.accounts.revokeToken(token.value.id, author);
  expect((await stream.closed).code).toBe(4401);
  expect((await rig.ask('/api/v1/snapshot', { headers })).status).toBe(401);
});

test('an administrator looks after accounts and tokens from his own page, and operates nothing', async () => {
  const root = await rig.logIn('root');
  const ask = async (method: string, path: string, body?: unknown): Promise<Answered> =>
    rig.ask(`/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : JSON_BODY), ...root.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const quy = { user: 'quy', name: 'Đặng Quý', roles: ['dispatcher'], areas: ['QN'] };
  expect((await ask('POST', '/accounts', { ...quy, password: 'relight1' })).status).toBe(422);
  const nowhere = { ...quy, areas: ['QN', 'Quy Nhơn'], password: PASSWORD };
  expect((await ask('POST', '/accounts', nowhere)).json).toMatchObject({
    code: 'RL-046',
    message: 'no substation Quy Nhơn; there are PT, QN',
  });
  const made = await ask('POST', '/accounts', { ...quy, password: PASSWORD });
  expect(made.json).toMatchObject({ user: 'quy', roles: ['dispatcher'], disabled: false });
  const stream = await openStream((await rig.logIn('quy')).headers);
  expect((await ask('PUT', '/accounts/quy/roles', { roles: ['viewer'], areas: null })).status).toBe(
    200,
  );
  expect((await stream.closed).code).toBe(4401);
  const program = { user: 'scada-bridge', name: 'Bridge', roles: ['integration'], areas: null };
  expect((await ask('POST', '/accounts', program)).status).toBe(200);
  const token = await ask('POST', '/accounts/scada-bridge/tokens', { life_days: 1 });
  const headers = { authorization: `Bearer ${String(token.json?.['secret'])}` };
  expect((await rig.ask('/api/v1/snapshot', { headers })).status).toBe(200);
  expect((await ask('DELETE', `/tokens/${String(token.json?.['id'])}`)).status).toBe(200);
  expect((await rig.ask('/api/v1/snapshot', { headers })).status).toBe(401);
  expect((await ask('PUT', '/accounts/root/disabled', { disabled: true })).json).toMatchObject({
    code: 'RL-046',
  });
  const listed = await rig.ask('/api/v1/accounts', { headers: root.headers });
  expect(listed.json?.['areas']).toContainEqual({ id: 'QN', name: expect.stringContaining('Quy') });
  expect(listed.text).not.toContain('argon2');
  expect((await command(root, 'of-an-admin')).json?.['code']).toBe('RL-042');
});

test('an administrator sees how the system is and nothing of the grid', async () => {
  const stream = await openStream((await rig.logIn('root')).headers);
  const [snapshot = {}] = stream.heard;
  expect(snapshot['switches']).toEqual([]);
  expect(snapshot['sections']).toEqual([]);
  expect((snapshot['links'] as unknown[]).length).toBeGreaterThan(0);
  stream.close();
});

test('without a hand the session locks: it goes on seeing, and commands wait for the password', async () => {
  const minh = await rig.logIn('minh');
  const stream = await openStream(minh.headers);
  await expect.poll(() => stream.heard.map(({ type }) => type)).toContain('session');
  const refused = await command(minh, 'locked-01');
  expect([refused.status, refused.json?.['code']]).toEqual([423, 'RL-043']);
  expect((await rig.ask('/api/v1/snapshot', { headers: minh.headers })).status).toBe(200);
  const unlock = (password: string): Promise<Answered> =>
    rig.ask('/api/v1/session/unlock', {
      method: 'POST',
      headers: { ...JSON_BODY, ...minh.headers },
      body: JSON.stringify({ password }),
    });
  expect((await unlock('wrong')).status).toBe(401);
  expect((await unlock(PASSWORD)).json).toMatchObject({ locked: false, user: 'minh' });
  expect((await command(minh, 'unlocked-1')).status).not.toBe(423);
  const notices = stream.heard.filter(({ type }) => type === 'session');
  expect(notices.map(({ locked }) => locked)).toEqual([true, false]);
  stream.close();
});

test('a changed password ends the other sessions of its person and is not one that everybody tries', async () => {
  rig.addPerson('hoa', ['viewer']);
  const [here, there] = [await rig.logIn('hoa'), await rig.logIn('hoa')];
  const change = (current: string, next: string): Promise<Answered> =>
    rig.ask('/api/v1/session/password', {
      method: 'PUT',
      headers: { ...JSON_BODY, ...here.headers },
      body: JSON.stringify({ current, next }),
    });
  expect((await change('wrong', 'một mật khẩu khác')).status).toBe(401);
  expect((await change(PASSWORD, 'relight2026')).json?.['code']).toBe('RL-046');
  expect((await change(PASSWORD, 'một mật khẩu khác')).status).toBe(200);
  const seen = async ({ headers }: Person): Promise<number> =>
    (await rig.ask('/api/v1/session', { headers })).status;
  expect([await seen(here), await seen(there)]).toEqual([200, 401]);
  expect((await tryPassword('hoa', 'một mật khẩu khác', '192.0.2.4')).status).toBe(200);
});

test('whoever comes past the proxy, without TLS or from another page is turned away', async () => {
  const grid = (headers: Record<string, string>): Promise<Answered> =>
    rig.ask('/api/v1/grid', { headers });
  const lan = await rig.logIn('lan');
  expect((await grid({ ...lan.headers, 'x-forwarded-proto': 'http' })).status).toBe(403);
  expect((await grid({ ...lan.headers, host: 'evil.example' })).status).toBe(403);
  expect((await grid({ ...lan.headers, origin: 'https://evil.example' })).status).toBe(403);
  expect((await grid(lan.headers)).status).toBe(200);
  // A watchdog on the same machine may ask how it is.
  const health = await rig.ask('/api/v1/health', { headers: { host: `127.0.0.1:${rig.port}` } });
  expect(Object.keys(health.json?.['parts'] ?? {}).toSorted()).toEqual(
    expect.arrayContaining(['cycle', 'door', 'gateway', 'journal']),
  );
});

test('log-ins, refusals, locks, accounts and the configuration are in the audit journal, with who', async () => {
  const actions = ['logIn', 'logInRefused', 'logOut', 'sessionEnd', 'lock', 'unlock', 'refused'];
  for (const action of [...actions, 'unlockRefused', 'account', 'configuration']) {
    await expect.poll(() => people(action).length, { message: action }).toBeGreaterThan(0);
  }
  const refused = people('logInRefused').find(({ by }) => by === 'lan');
  expect(refused?.body).toMatchObject({ address: '198.51.100.9', code: 'RL-040' });
  expect(people('account').map(({ by }) => by)).toContain('os:test');
});

test('neither log nor journal holds a password, a hash, a cookie or a token', async () => {
  const lan = await rig.logIn('lan');
  const token = rig.accounts.addToken('meter', 60_000, { by: 'os:test', at_ms: Date.now() });
  if (!token.ok) throw new Error(token.error.reason);
  const { secret } = token.value;
  await rig.ask('/api/v1/snapshot', { headers: { authorization: `Bearer ${secret}x` } });
  await rig.ask(`/?token=${secret}`);
  await command(lan, 'secret-01');
  const written = [...rig.log, ...rig.journal().map((record) => JSON.stringify(record))].join('\n');
  const cookie = lan.headers['cookie']?.split('=')[1] ?? '?';
  const csrf = lan.headers['x-relight-csrf'] ?? '?';
  for (const each of [PASSWORD, 'argon2', secret, cookie, csrf]) {
    expect(written.includes(each), each).toBe(false);
  }
  expect(rig.broken).toEqual([]);
});

test('production refuses to start while anything about it is unsafe, one line for each reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relight-unsafe-'));
  const config = join(folder, 'relight.yaml');
  const points = join(rig.directory, 'points.json');
  const serve = (): Promise<{ code: number | null; said: string }> =>
    relight('', 'serve', 'demo-town', points, '--journal', folder, '--config', config);
  try {
    writeFileSync(config, 'profile: production\nserver: { port: 0, host: 0.0.0.0 }\n');
    const open = await serve();
    expect(open.code).toBe(1);
    expect(open.said.match(/^RL-\d{3}/gm)).toEqual(['RL-050', 'RL-050', 'RL-051']);
    writeFileSync(
      config,
      'profile: production\nserver: { port: 0, origin: http://x.example, trustedProxies: [0.0.0.0/0] }\n',
    );
    const made = await relight(
      'ngọn đèn biển\n',
      'user',
      'add',
      'an',
      '--journal',
      folder,
      '--roles',
      'administrator',
    );
    expect(made.code, made.said).toBe(0);
    expect((await serve()).said.match(/^RL-\d{3}: .*/gm)).toEqual([
      expect.stringContaining('expected https://'),
      expect.stringContaining('expected the proxy alone'),
    ]);
    const up = await relight('', 'up', '--config', config);
    expect(up.said).toContain('RL-053');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
