import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ORIGIN, PASSWORD, startRig, type Rig } from '../kit/control-center-rig.ts';
import { CERTIFICATE, startTlsProxy, type TlsProxy } from '../kit/tls-proxy.ts';

const HOST = new URL(ORIGIN).host;
const REQUESTS_PER_MINUTE = 60;

let rig: Rig;
let proxy: TlsProxy;
beforeAll(async () => {
  rig = await startRig({}, REQUESTS_PER_MINUTE);
  rig.addPerson('lan', ['dispatcher'], ['PT']);
  proxy = await startTlsProxy(rig.port);
});
afterAll(async () => {
  await proxy?.stop();
  await rig?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: Record<string, unknown>;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Address of the client; any of 127.0.0.0/8 is this machine. */
  readonly from?: string;
}

/** Over TLS, as a browser: by name, with the certificate checked. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body, from }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: proxy.port,
        path: `/api/v1${path}`,
        method,
        servername: HOST,
        ca: CERTIFICATE,
        agent: false,
        headers: {
          host: HOST,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        localAddress: from ?? '127.0.0.9',
      },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => {
          const { statusCode: status = 0, headers: given } = answer;
          resolve({ status, headers: given, json: JSON.parse(text) as Answer['json'] });
        });
      },
    );
    asking.on('error', reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function logIn(): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const answer = await ask('/session', {
    method: 'POST',
    headers: { origin: ORIGIN },
    body: { user: 'lan', password: PASSWORD },
  });
  expect(answer.status).toBe(200);
  const [set = ''] = answer.headers['set-cookie'] ?? [];
  expect(set).toMatch(/^__Host-relight=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Strict/);
  return { cookie: set.split(';')[0] ?? '', csrf: String(answer.json['csrf']) };
}

/** What the stream says first; its HTTP status where it is turned away. */
function openStream(headers: Readonly<Record<string, string>>): Promise<string | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://127.0.0.1:${proxy.port}/api/v1/stream`, {
      agent: new Agent({ ca: CERTIFICATE, servername: HOST }),
      headers: { host: HOST, ...headers },
    });
    socket.on('message', (data: Buffer) => {
      resolve(String((JSON.parse(data.toString()) as { type: unknown }).type));
      socket.close();
    });
    socket.on('unexpected-response', (_, answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    socket.on('error', () => {});
  });
}

test('through TLS a person logs in, sees the picture and hears the stream', async () => {
  const { cookie, csrf } = await logIn();
  expect(await ask('/snapshot', { headers: { cookie } })).toMatchObject({ status: 200 });
  expect(await openStream({ cookie, origin: ORIGIN })).toBe('snapshot');
  const activity = { method: 'POST', headers: { cookie, origin: ORIGIN, 'x-relight-csrf': csrf } };
  expect((await ask('/session/activity', activity)).status).toBe(200);
});

test('a page of another origin gets neither an answer nor the stream, even with the cookie', async () => {
  const { cookie, csrf } = await logIn();
  const origin = 'https://evil.example';
  const forged = await ask('/session/activity', {
    method: 'POST',
    headers: { cookie, origin, 'x-relight-csrf': csrf },
  });
  expect(forged).toMatchObject({ status: 403, json: { code: 'RL-021' } });
  expect(await openStream({ cookie, origin })).toBe(403);
  expect(await openStream({ origin: ORIGIN })).toBe(401);
});

test('past the proxy, without TLS, nobody is served', async () => {
  const status = await new Promise<number>((resolve, reject) => {
    const asking = plainRequest(
      { host: '127.0.0.1', port: rig.port, path: '/api/v1/session', headers: { host: HOST } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asking.on('error', reject);
    asking.end();
  });
  expect(status).toBe(403);
});

test('a flood is held against the address it comes from, whatever address it writes itself', async () => {
  const flood = (n: number): Promise<Answer> =>
    ask('/session', { from: '127.0.0.2', headers: { 'x-forwarded-for': `203.0.113.${n % 250}` } });
  const statuses: number[] = [];
  for (let n = 0; n < REQUESTS_PER_MINUTE + 20; n++) statuses.push((await flood(n)).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
  expect((await ask('/session', { from: '127.0.0.3' })).status).not.toBe(429);
});
