import { connect } from 'node:net';
import { ERROR_CODES } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import {
  ORIGIN,
  PROXY_HEADERS,
  startRig,
  type Answered,
  type Person,
  type Rig,
} from './control-center-rig.ts';
import { mutatedBytes, mutatedValue, pick } from './mutate.ts';
import { sampleOf, type Schema } from './sample-body.ts';

export interface FuzzRestResult {
  readonly requests: number;
  /** Answers by status; 0: the connection was closed without one. */
  readonly statuses: Readonly<Record<number, number>>;
  /** What must not be: a 5xx, an error without a code, a connection that hangs; the first twenty. */
  readonly wrong: readonly string[];
  readonly slowest_ms: number;
  readonly heapGrowth_MB: number;
  /** Records in the audit journal at the end. */
  readonly records: number;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: Schema | null;
}

const IN_FLIGHT = 8;
/** A raw connection that says nothing for so long is given up by us; that is no fault of theirs. */
const RAW_PATIENCE_MS = 150;
const USERS = ['lan', 'minh', 'dung', 'hoa', 'root'] as const;
const IDS = ['PT.471', 'F471', '471.L05', 'C1', 'SC-1', 'X'] as const;
/** Mostly right. */
const CONTENT_TYPES = [
  ...Array.from({ length: 12 }, () => 'application/json'),
  ...['application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded', 'x'],
];
const ODD_IDS = [
  ...[
    '%00',
    '%2e%2e%2f%2e%2e',
    '..',
    '%',
    '%zz',
    '%ff%fe',
    'x'.repeat(3_000),
    '🔥',
    "'--",
    'a%2Fb',
  ],
  ...['__proto__', 'constructor', '%0d%0aSet-Cookie:x=1', '<script>', 'null', '-1', ';', '%3f'],
].map((id) => encodeURI(id).replaceAll('%25', '%'));

/**
 * Asks a control centre what nobody should ask: every route with bodies, paths, queries and headers
 * that are nearly right, a stream with garbage in it, and bytes that are no HTTP at all; as a
 * stranger and as people with rights. The field is absent, so nothing can move.
 */
export async function fuzzRest(options: {
  requests: number;
  seed: number;
}): Promise<FuzzRestResult> {
  const rig = await startRig({ idleLock_min: 0 }, 1_000_000_000);
  try {
    return await new RestFuzzer(rig, options.seed).run(options.requests);
  } finally {
    await rig.stop();
  }
}

class RestFuzzer {
  readonly #rig: Rig;
  readonly #chance: RandomStream;
  readonly #people = new Map<string, Person>();
  readonly #statuses: Record<number, number> = {};
  readonly #wrong: string[] = [];
  #operations: readonly Operation[] = [];
  #slowest_ms = 0;
  #comingBack = false;

  constructor(rig: Rig, seed: number) {
    this.#rig = rig;
    this.#chance = new RandomStream(seed, 'fuzz rest');
  }

  async run(requests: number): Promise<FuzzRestResult> {
    const roles = ['dispatcher', 'shiftLead', 'engineer', 'viewer'] as const;
    roles.forEach((role, i) => this.#rig.addPerson(USERS[i] ?? role, [role]));
    for (const user of USERS) this.#people.set(user, await this.#rig.logIn(user));
    this.#operations = await readOperations(this.#rig);
    let left = requests;
    let heap = 0;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        if (heap === 0 && left < requests * 0.9) heap = process.memoryUsage().heapUsed;
        const start = performance.now();
        await this.#one();
        this.#slowest_ms = Math.max(this.#slowest_ms, performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    const alive = await this.#rig.ask('/api/v1/openapi.json');
    if (alive.status !== 200) this.#note(`afterwards the interface answers ${alive.status}`);
    for (const cause of this.#rig.broken) this.#note(`broke: ${String(cause)}`);
    return {
      requests,
      statuses: this.#statuses,
      wrong: this.#wrong.slice(0, 20),
      slowest_ms: this.#slowest_ms,
      heapGrowth_MB: (process.memoryUsage().heapUsed - heap) / 1e6,
      records: this.#rig.journal().length,
    };
  }

  async #one(): Promise<void> {
    const kind = this.#chance.next();
    if (kind < 0.86) return this.#request();
    if (kind < 0.93) return this.#raw(this.#noHttp());
    return this.#raw(this.#stream());
  }

  async #request(): Promise<void> {
    const chance = this.#chance;
    const { method, path, body } = pick(chance, this.#operations);
    const asked: { method: string; headers: Record<string, string>; body?: Buffer } = {
      method: chance.next() < 0.03 ? pick(chance, ['PATCH', 'OPTIONS', 'PURGE', 'HEAD']) : method,
      headers: {
        'content-type': pick(chance, CONTENT_TYPES),
        ...this.#caller(),
        ...this.#oddHeaders(),
      },
      ...this.#body(body),
    };
    // The client of Node frames no body of a HEAD: its bytes would be taken for the next request.
    if (asked.method === 'HEAD') delete asked.body;
    const id = chance.next() < 0.5 ? pick(chance, IDS) : pick(chance, ODD_IDS);
    const where = `${path.replaceAll(/\{\w+\}/g, id)}${this.#query()}`;
    const what = `${asked.method} ${where.slice(0, 100)}`;
    try {
      const answer = await this.#rig.ask(where, asked);
      this.#judge(what, answer, asked.method === 'HEAD');
      if (answer.status === 401 || answer.status === 423) await this.#everybodyBack();
    } catch (cause) {
      // A head too large or a method nobody knows: answered and closed, or closed at once. What
      // the server never understood as a HEAD it answers with a body, which surprises the client.
      const { code } = cause as NodeJS.ErrnoException;
      const closed = code === 'ECONNRESET' || code === 'EPIPE';
      const surprised = asked.method === 'HEAD' && code === 'HPE_CLOSED_CONNECTION';
      if (closed || surprised) this.#count(0);
      else this.#note(`${what}: ${String(cause)}`);
    }
  }

  #judge(what: string, { status, json, headers }: Answered, headOnly: boolean): void {
    this.#count(status);
    const honest = status === 503 && what.startsWith('GET /api/v1/health');
    if (status >= 500 && !honest) this.#note(`${what}: ${status} ${JSON.stringify(json)}`);
    else if (status >= 400 && !honest && !headOnly) {
      const code = json?.['code'];
      const message = json?.['message'];
      if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code) || !isText(message)) {
        this.#note(`${what}: ${status} without a code: ${JSON.stringify(json)}`);
      }
    }
    if (headers['x-powered-by'] !== undefined) this.#note(`${what}: says what it runs on`);
  }

  /** Some may have been logged out, or their session locked, by a request of this run. */
  async #everybodyBack(): Promise<void> {
    if (this.#comingBack) return;
    this.#comingBack = true;
    for (const [user, { headers }] of this.#people) {
      const { status, json } = await this.#rig.ask('/api/v1/session', { headers });
      if (status === 200 && json?.['locked'] === false) continue;
      try {
        this.#people.set(user, await this.#rig.logIn(user));
      } catch {
        // Wrong tries of this run make him wait: next time.
      }
    }
    this.#comingBack = false;
  }

  #caller(): Readonly<Record<string, string>> {
    if (this.#chance.next() < 0.1) return {};
    const person = this.#people.get(pick(this.#chance, USERS));
    return person?.headers ?? {};
  }

  #oddHeaders(): Readonly<Record<string, string>> {
    const chance = this.#chance;
    if (chance.next() < 0.75) return {};
    return pick<Readonly<Record<string, string>>>(chance, [
      { origin: 'null' },
      { origin: `${ORIGIN}.evil.example` },
      { host: 'evil.example' },
      { 'x-forwarded-proto': 'http' },
      { 'x-forwarded-for': '1.2.3.4,'.repeat(300) },
      { 'x-forwarded-for': 'unknown, ::ffff:999.1.1.1' },
      { 'x-relight-csrf': 'x'.repeat(500) },
      { cookie: `__Host-relight=${'x'.repeat(3_000)}` },
      { cookie: ';;=;__Host-relight;__Host-relight=' },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${'x'.repeat(4_000)}` },
      { authorization: 'Basic YTpi' },
      { accept: 'text/html' },
      { 'content-encoding': 'gzip' },
      { 'x-large': 'x'.repeat(20_000) },
      { upgrade: 'h2c', connection: 'upgrade' },
      { expect: '200-maybe' },
    ]);
  }

  #body(schema: Schema | null): { readonly body?: Buffer } {
    const chance = this.#chance;
    if (schema === null && chance.next() < 0.8) return {};
    const fixed = {
      equipment: 'PT.471',
      operation: 'open',
      idempotencyKey: `fuzz-${chance.integer(1, 50)}-key`,
    };
    const valid = sampleOf(schema ?? { type: 'object' }, fixed);
    const kind = chance.next();
    if (kind < 0.15) return { body: Buffer.from(JSON.stringify(valid)) };
    if (kind < 0.75)
      return { body: Buffer.from(JSON.stringify(mutatedValue(valid, chance)) ?? '') };
    if (kind < 0.95) return { body: mutatedBytes(Buffer.from(JSON.stringify(valid)), chance) };
    return {
      body: Buffer.alloc(chance.integer(60_000, 90_000), pick(chance, ['[', '{"a":', ' ', '9'])),
    };
  }

  #query(): string {
    const chance = this.#chance;
    if (chance.next() < 0.8) return '';
    return pick(chance, [
      ...[
        '?limit=-1',
        '?limit=1e9&before=x',
        '?before=1&before=2',
        '?token=x',
        '?%00=1',
        '?limit[]=1',
      ],
      ...['?__proto__[a]=1', '?limit=', `?${'a=1&'.repeat(500)}`, '?%zz', '?limit=%D9%A3', '??'],
      ...['?from_ms=0&to_ms=8.64e15', '?from_ms=9&to_ms=1', '?from_ms=1e400&to_ms=NaN'],
      ...['?points=a,b&from_ms=0&to_ms=8.64e15', `?points=${'a,'.repeat(9)}&from_ms=0&to_ms=1`],
      ...['?text=\'%25--"*', '?text=%F0%9F%94%A5%00&from_ms=0&to_ms=9e12', '?quality=none'],
    ]);
  }

  /** Bytes that nearly are a request. */
  #noHttp(): Buffer {
    const chance = this.#chance;
    const { headers } = this.#people.get('lan') ?? { headers: {} };
    const all = { ...PROXY_HEADERS, ...headers, 'content-type': 'application/json' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    const body = '{"idempotencyKey":"raw-request-1","equipment":"PT.471","operation":"open"}';
    const head = `POST /api/v1/commands HTTP/1.1\r\n${lines.join('\r\n')}\r\n`;
    const whole = pick(chance, [
      `${head}content-length: ${body.length}\r\n\r\n${body}`,
      `${head}content-length: 5\r\ncontent-length: 9\r\n\r\n${body}`,
      `${head}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\nzz\r\n${body}`,
      `${head}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n${body}`,
      `${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    ]);
    return mutatedBytes(Buffer.from(whole), chance);
  }

  /** An upgrade to the stream, sound or damaged, and frames that nobody asked for. */
  #stream(): Buffer {
    const chance = this.#chance;
    const { headers } = this.#people.get(pick(chance, USERS)) ?? { headers: {} };
    const all = { ...PROXY_HEADERS, ...headers, upgrade: 'websocket', connection: 'Upgrade' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    const version = pick(chance, ['13', '13', '13', '8', 'x']);
    const key = pick(chance, ['dGhlIHNhbXBsZSBub25jZQ==', 'x', '']);
    const path = pick(chance, [
      '/api/v1/stream',
      '/api/v1/stream',
      '/api/v1/stream?x',
      '/api/v1/x',
      '/',
    ]);
    const handshake = Buffer.from(
      `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nsec-websocket-version: ${version}\r\nsec-websocket-key: ${key}\r\n\r\n`,
    );
    const frames = pick(chance, [
      Buffer.from([0x81, 0x85, 1, 2, 3, 4, 0x69, 0x67, 0x6f, 0x68, 0x6e]),
      Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      Buffer.from([0x82, 0x05, 1, 2, 3, 4, 5]),
      Buffer.from([0xc1, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x09, 0xfe, 0xff, 0xff, 1, 2, 3, 4]),
      Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xff]),
    ]);
    const whole = Buffer.concat([handshake, frames]);
    return chance.next() < 0.5 ? whole : mutatedBytes(whole, chance);
  }

  /** Writes bytes and hears what comes back. */
  #raw(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect(this.#rig.port, '127.0.0.1', () => socket.write(bytes));
      const end = (): void => {
        clearTimeout(timer);
        socket.destroy();
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0);
        this.#count(status);
        if (status >= 500)
          this.#note(`raw ${JSON.stringify(bytes.toString('latin1').slice(0, 80))}: ${status}`);
        resolve();
      };
      const timer = setTimeout(end, RAW_PATIENCE_MS);
      socket.on('data', (chunk: Buffer) => {
        if (heard.length < 20) heard += chunk.toString('latin1').slice(0, 20);
      });
      socket.on('error', () => {});
      socket.on('close', end);
    });
  }

  #count(status: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
  }

  #note(what: string): void {
    this.#wrong.push(what.slice(0, 300));
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

async function readOperations(rig: Rig): Promise<readonly Operation[]> {
  const { json } = await rig.ask('/api/v1/openapi.json');
  const paths = json?.['paths'] as Record<
    string,
    Record<string, { requestBody?: { content: { 'application/json': { schema: Schema } } } }>
  >;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      body: requestBody?.content['application/json'].schema ?? null,
    })),
  );
}
