import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDefaultSecret, type AccountStore } from '@relight/accounts';
import type { PointListFile } from '@relight/contract';
import { parseSecurity } from '@relight/gateway';
import type { Options } from './options.ts';
import { openAccounts } from './people.ts';
import { StartError } from './start-error.ts';
import { areNetworks, trustTooMany } from './trusted-networks.ts';

/**
 * The accounts of the production profile, once nothing unsafe stands against it; null in the demo.
 * @throws StartError with everything that is unsafe.
 */
export function safeAccounts(options: Options, points: PointListFile): AccountStore | null {
  if (options.configuration.profile === 'demo') return null;
  const accounts = openAccounts(options.journalDirectory);
  const [first, ...also] = whyUnsafe(options, points, accounts);
  if (first === undefined) return accounts;
  accounts.close();
  throw new StartError(first.code, first.message, first.exitCode, also);
}

/**
 * What stands against starting in the production profile; empty: nothing. Each is one line that
 * says what is unsafe: it is better not to start than to start open.
 */
export function whyUnsafe(
  options: Options,
  points: PointListFile,
  accounts: AccountStore,
): readonly StartError[] {
  return [
    ...withoutTls(options),
    ...withoutPeople(accounts),
    ...openLinks(points),
    ...simulated(options),
    ...defaultSecrets(options, points),
  ];
}

function withoutTls({ configuration }: Options): readonly StartError[] {
  const { origin, trustedProxies } = configuration.server;
  const watchdog = configuration.watchdog.origin;
  const problems: string[] = [];
  if (origin === null) problems.push('server.origin is missing; expected https://NAME');
  else if (!isHttpsOrigin(origin)) {
    problems.push(`server.origin is ${origin}; expected https://NAME without a path`);
  }
  if (watchdog !== null && !isHttpsOrigin(watchdog)) {
    problems.push(`watchdog.origin is ${watchdog}; expected https://NAME without a path`);
  }
  if (trustedProxies.length === 0) {
    problems.push(
      'server.trustedProxies is empty; expected the address of the proxy that ends TLS',
    );
  } else if (!areNetworks(trustedProxies)) {
    problems.push('server.trustedProxies: expected IP addresses or networks like 10.0.0.0/8');
  } else if (trustTooMany(trustedProxies)) {
    problems.push(
      'server.trustedProxies holds more addresses than a private network has (over four of /8); expected the proxy alone',
    );
  }
  return problems.map((problem) => new StartError('RL-050', problem));
}

function isHttpsOrigin(text: string): boolean {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && url.origin === text;
  } catch {
    return false;
  }
}

function withoutPeople(accounts: AccountStore): readonly StartError[] {
  const enabled = accounts.list().filter(({ disabled }) => !disabled);
  return enabled.some(({ roles }) => roles.includes('administrator'))
    ? []
    : [new StartError('RL-051', 'no account with the role administrator is open')];
}

function openLinks(points: PointListFile): readonly StartError[] {
  const open = points.rtus
    .filter(({ protocol }) => protocol === 'opcua')
    .filter(({ security }) => (parseSecurity(security)?.mode ?? 'None') === 'None')
    .map(({ id }) => id);
  return open.length === 0
    ? []
    : [
        new StartError(
          'RL-052',
          `OPC UA security is None for ${open.slice(0, 5).join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}`,
        ),
      ];
}

function simulated({ simulation, speed }: Options): readonly StartError[] {
  return [
    ...(simulation === null ? [] : ['a simulation is connected (--simulation)']),
    ...(speed === 1 ? [] : [`time runs ${speed} times faster (--speed)`]),
  ].map((problem) => new StartError('RL-053', problem));
}

/** Secrets of the field: passwords of OPC UA servers, missing or such as stand in manuals. */
function defaultSecrets(options: Options, points: PointListFile): readonly StartError[] {
  const passwords = readPasswords(join(options.journalDirectory, 'gateway'));
  return points.rtus.flatMap(({ id, user }) => {
    if (user === undefined) return [];
    const password = passwords[id];
    if (typeof password !== 'string') {
      return [new StartError('RL-054', `no password for user ${user} of ${id}`)];
    }
    return isDefaultSecret(password, user)
      ? [new StartError('RL-054', `the password of ${id} is one that everybody tries first`)]
      : [];
  });
}

function readPasswords(directory: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(readFileSync(join(directory, 'opcua-passwords.json'), 'utf8'));
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}
