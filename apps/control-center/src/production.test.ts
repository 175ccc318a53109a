import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountStore } from '@relight/accounts';
import { DEFAULT_CONFIGURATION, type PointListFile, type RtuFile } from '@relight/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Options } from './options.ts';
import { whyUnsafe } from './production.ts';

let folder: string;
let accounts: AccountStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relight-production-'));
  accounts = new AccountStore(join(folder, 'accounts.db'));
  const administrator = { user: 'an', name: 'An', roles: ['administrator' as const], areas: null };
  accounts.add({ ...administrator, password: 'x' }, { by: 'os:test', at_ms: 0 });
});
afterEach(() => {
  accounts.close();
  rmSync(folder, { recursive: true });
});

function options(over: Partial<Options> = {}): Options {
  return {
    gridFile: '',
    pointsFile: '',
    journalDirectory: folder,
    consoleDirectory: null,
    simulation: null,
    speed: 1,
    standby: false,
    watchdog: null,
    configuration: {
      ...DEFAULT_CONFIGURATION,
      profile: 'production',
      server: {
        ...DEFAULT_CONFIGURATION.server,
        origin: 'https://relight.example',
        trustedProxies: ['10.1.0.5'],
      },
    },
    ...over,
  };
}

function points(...rtus: Partial<RtuFile>[]): PointListFile {
  const whole = rtus.map((rtu) => ({ id: 'RTU-1', protocol: 'opcua' as const, ...rtu }));
  return { format: 'relight-points/1', grid: 'g', rtus: whole, points: [] };
}

function codes(given: Options, list: PointListFile): string[] {
  return whyUnsafe(given, list, accounts).map(({ code }) => code);
}

const SAFE = points({ security: 'SignAndEncrypt' }, { id: 'RTU-2', protocol: 'modbus-tcp' });

test('a control centre with TLS, people, safe links and a real field may start', () => {
  expect(codes(options(), SAFE)).toEqual([]);
});

test('an OPC UA station without security is named', () => {
  const open = whyUnsafe(
    options(),
    points({ id: 'RTU-PT' }, { id: 'RTU-QN', security: 'None' }),
    accounts,
  );
  expect(open.map(({ code, message }) => [code, message])).toEqual([
    ['RL-052', 'OPC UA security is None for RTU-PT, RTU-QN'],
  ]);
});

test('neither a simulation nor hurried time is let in', () => {
  const simulation = { url: 'http://127.0.0.1:1', token: 't' };
  expect(codes(options({ simulation, speed: 20 }), SAFE)).toEqual(['RL-053', 'RL-053']);
});

test('a station whose password is missing, or one of the manuals, is named', () => {
  const list = points({ security: 'SignAndEncrypt', user: 'scada' });
  expect(codes(options(), list)).toEqual(['RL-054']);
  mkdirSync(join(folder, 'gateway'));
  const file = join(folder, 'gateway', 'opcua-passwords.json');
  writeFileSync(file, JSON.stringify({ 'RTU-1': 'Admin123' }));
  expect(codes(options(), list)).toEqual(['RL-054']);
  writeFileSync(file, JSON.stringify({ 'RTU-1': 'f7-Qm.x2Wd' }));
  expect(codes(options(), list)).toEqual([]);
});

test('without an administrator nobody starts', () => {
  accounts.close();
  accounts = new AccountStore(join(folder, 'other.db'));
  expect(codes(options(), SAFE)).toEqual(['RL-051']);
});

test('an origin with a path, without TLS, or no origin is no TLS in front', () => {
  for (const origin of [null, 'http://a.example', 'https://a.example/path', 'relight']) {
    const given = options();
    const server = { ...given.configuration.server, origin };
    expect(codes({ ...given, configuration: { ...given.configuration, server } }, SAFE)).toEqual([
      'RL-050',
    ]);
  }
});

test('a watchdog that browsers reach without TLS is no TLS in front', () => {
  const given = options();
  const at = (origin: string): string[] => {
    const watchdog = { port: 7481, origin };
    return codes({ ...given, configuration: { ...given.configuration, watchdog } }, SAFE);
  };
  expect(at('https://relight.example')).toEqual([]);
  expect(at('http://relight.example')).toEqual(['RL-050']);
});

test('proxies that together are everybody are no proxy in front', () => {
  const given = options();
  const server = {
    ...given.configuration.server,
    trustedProxies: ['0.0.0.0/1', '128.0.0.0/1'],
  };
  expect(codes({ ...given, configuration: { ...given.configuration, server } }, SAFE)).toEqual([
    'RL-050',
  ]);
});
