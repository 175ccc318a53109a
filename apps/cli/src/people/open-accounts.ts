import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ACCOUNTS_FILE, AccountStore, passwordProblem, hashPassword } from '@relight/accounts';
import type { Account, AccountRefused, Author } from '@relight/accounts';
import { nearestWord, Role } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { CliError, EXIT_NO } from '../cli-error.ts';
import type { Arguments, OptionSpec } from '../parse-arguments.ts';
import { readSecret } from '../read-secret.ts';
import type { CliIo } from '../verb.ts';

/** Where the accounts are: every verb of this family has it. */
export const JOURNAL_OPTION: OptionSpec = {
  kind: 'one',
  value: 'DIR',
  help: 'folder of the journal; the accounts stand beside it in accounts.db (required)',
};

/** Who may operate where. */
export const ROLE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  roles: { kind: 'many', value: 'ROLE', help: `one or more of ${Role.options.join(', ')}` },
  areas: {
    kind: 'many',
    value: 'SUBSTATION',
    help: 'substations the person may operate (default: all)',
  },
};

/**
 * Opens the accounts, does one thing and closes them.
 * @throws CliError RL-047 where the file cannot be used.
 */
export async function withAccounts<Value>(
  args: Arguments,
  make: 'may make the file' | 'must be there',
  work: (store: AccountStore) => Promise<Value> | Value,
): Promise<Value> {
  const folder = args.one('journal');
  if (folder === undefined) throw new CliError('RL-001', '--journal is required');
  const path = join(folder, ACCOUNTS_FILE);
  if (make === 'must be there' && !existsSync(path)) {
    throw new CliError('RL-047', `${path} does not exist`);
  }
  let store: AccountStore;
  try {
    store = new AccountStore(path);
  } catch (cause) {
    throw new CliError(
      'RL-047',
      `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The command line acts for whoever is logged in to the machine. */
export function author(): Author {
  return { by: `os:${userInfo().username}`, at_ms: Date.now() };
}

/** @throws CliError RL-046 with the reason. */
export function accepted<Value>(result: Result<Value, AccountRefused>): Value {
  if (result.ok) return result.value;
  throw new CliError('RL-046', result.error.reason, EXIT_NO);
}

export function readRoles(args: Arguments): readonly Role[] {
  return args.many('roles').map((word) => {
    const parsed = Role.safeParse(word);
    if (parsed.success) return parsed.data;
    const near = nearestWord(word, Role.options);
    const hint = near === null ? '' : `; did you mean ${near}?`;
    throw new CliError('RL-046', `"${word}" is no role (${Role.options.join(', ')})${hint}`);
  });
}

export function readAreas(args: Arguments): readonly string[] | null {
  return args.has('areas') ? args.many('areas') : null;
}

/** Asks for a new password and gives what is kept of it. @throws CliError RL-046. */
export async function newPassword(user: string): Promise<string> {
  const password = await readSecret(`Password for ${user}`, (text) => process.stderr.write(text));
  const problem = passwordProblem(password, user);
  if (problem !== null) throw new CliError('RL-046', problem, EXIT_NO);
  return hashPassword(password);
}

export function accountLine(account: Account): string {
  const where = account.areas === null ? 'all areas' : account.areas.join(', ');
  const state = account.disabled ? ', disabled' : '';
  return `${account.user}: ${account.name}, ${account.roles.join(' + ')}, ${where}${state}`;
}

/** The account as a verb prints it. */
export function show(account: Account, args: Arguments, io: CliIo): number {
  io.out(args.has('json') ? JSON.stringify(account) : accountLine(account));
  return 0;
}
