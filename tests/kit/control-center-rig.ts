import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNTS_FILE, AccountStore, hashPassword } from '@relight/accounts';
import {
  DEFAULT_CONFIGURATION,
  type Configuration,
  type JournalRecord,
  type PointListFile,
  type Role,
} from '@relight/contract';
import { readJournal } from '@relight/journal';
import { startSimulators } from '../../apps/cli/src/system/start-system.ts';
import { createLog } from '../../apps/control-center/src/log.ts';
import { startControlCenter } from '../../apps/control-center/src/start.ts';

const GRID = new URL('../../seeds/grids/demo-town.json', import.meta.url).pathname;
const HOST = 'relight.example';
export const ORIGIN = `https://${HOST}`;
/** Everybody's password here; each account still has its own salt. */
export const PASSWORD = 'bốn cột điện gió';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** Null where it is no JSON. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** Somebody logged in: what their browser sends along. */
export interface Person {
  readonly user: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A control centre of the production profile, in this process, behind a proxy that is the test. */
export interface Rig {
  readonly port: number;
  readonly directory: string;
  readonly accounts: AccountStore;
  /** What its log says, one JSON text a line. */
  readonly log: readonly string[];
  /** Causes the control centre gave for breaking off; must stay empty. */
  readonly broken: readonly unknown[];
  readonly ask: (path: string, asked?: Asked) => Promise<Answered>;
  readonly addPerson: (user: string, roles: readonly Role[], areas?: readonly string[]) => void;
  readonly logIn: (user: string) => Promise<Person>;
  /** The audit journal so far. */
  readonly journal: () => readonly JournalRecord[];
  readonly stop: () => Promise<void>;
}

/** What the proxy in front adds to each request. */
export const PROXY_HEADERS: Readonly<Record<string, string>> = {
  host: HOST,
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '192.0.2.7',
};

/**
 * Starts it for the demo town. The field is written down but nobody is there: what the door does
 * needs no RTU, and no request can move anything.
 */
export async function startRig(
  people: Partial<Configuration['people']> = {},
  requestsPerMinute = 1_000_000,
  consoleDirectory: string | null = null,
): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'relight-door-'));
  const pointsFile = join(directory, 'points.json');
  await writePoints(directory, pointsFile);
  const accounts = new AccountStore(join(directory, ACCOUNTS_FILE));
  const password = await hashPassword(PASSWORD);
  const author = { by: 'os:test', at_ms: Date.now() };
  const addPerson: Rig['addPerson'] = (user, roles, areas) => {
    const isProgram = roles.includes('integration');
    const account = { user, name: user, roles, areas: areas ?? null };
    const added = accounts.add({ ...account, password: isProgram ? null : password }, author);
    if (!added.ok) throw new Error(added.error.reason);
  };
  addPerson('root', ['administrator']);

  const log: string[] = [];
  const broken: unknown[] = [];
  const port = await freePort();
  const center = await startControlCenter(
    {
      gridFile: GRID,
      pointsFile,
      journalDirectory: directory,
      consoleDirectory,
      simulation: null,
      speed: 1,
      standby: false,
      watchdog: null,
      configuration: {
        ...DEFAULT_CONFIGURATION,
        profile: 'production',
        server: {
          ...DEFAULT_CONFIGURATION.server,
          port,
          origin: ORIGIN,
          trustedProxies: ['127.0.0.1'],
          requestsPerMinute,
        },
        people: { ...DEFAULT_CONFIGURATION.people, ...people },
      },
    },
    createLog('info', { write: (line) => void log.push(line) }),
    (cause) => broken.push(cause),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const ask: Rig['ask'] = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const asking = request(
        { host: '127.0.0.1', port, path, method, agent, headers: { ...PROXY_HEADERS, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const text = bytes.toString('utf8');
            const { statusCode: status = 0, headers: given } = answer;
            resolve({ status, headers: given, bytes, text, json: parsed(text) });
          });
        },
      );
      asking.on('error', reject);
      asking.end(body);
    });
  return {
    port,
    directory,
    accounts,
    log,
    broken,
    ask,
    addPerson,
    logIn: async (user) => {
      const answer = await ask('/api/v1/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN },
        body: JSON.stringify({ user, password: PASSWORD }),
      });
      if (answer.status !== 200) throw new Error(`${user} cannot log in: ${answer.text}`);
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      const csrf = String(answer.json?.['csrf']);
      return { user, headers: { cookie, origin: ORIGIN, 'x-relight-csrf': csrf } };
    },
    journal: () => [...readJournal(join(directory, 'journal.db'))].map(({ record }) => record),
    stop: async () => {
      agent.destroy();
      await center.stop();
      accounts.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The point list of the simulators, with the stations behind a channel that nobody opens. */
async function writePoints(directory: string, pointsFile: string): Promise<void> {
  const stop = new AbortController();
  const simulators = await startSimulators({
    gridFile: GRID,
    pointsFile,
    logFile: join(directory, 'simulators.log'),
    seed: 1,
    speed: 1,
    signal: stop.signal,
  });
  await simulators.stop();
  const points = JSON.parse(readFileSync(pointsFile, 'utf8')) as PointListFile;
  const rtus = points.rtus.map((rtu) =>
    rtu.protocol === 'opcua' ? { ...rtu, security: 'SignAndEncrypt' } : rtu,
  );
  writeFileSync(pointsFile, JSON.stringify({ ...points, rtus }));
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : null;
  } catch {
    return null;
  }
}
