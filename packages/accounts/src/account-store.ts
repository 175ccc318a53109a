import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { Role, UserName } from '@relight/contract';
import { assert, fail, ok, type Result } from '@relight/foundation';
import { roleConflict, type Account, type AccountChange } from './account.ts';
import { prepare } from './schema.ts';

/** The accounts' file in a journal directory. */
export const ACCOUNTS_FILE = 'accounts.db';

/** Why a change of an account is refused, in words for whoever asked. */
export interface AccountRefused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Who changes something, and when. */
export interface Author {
  readonly by: string;
  readonly at_ms: number;
}

export interface NewAccount {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly areas: readonly string[] | null;
  /** As `hashPassword` gives it; null for a program, which comes with a token. */
  readonly password: string | null;
}

/** An integration token as it is listed; the secret itself is shown once and never kept. */
export interface TokenRow {
  readonly id: string;
  readonly user: string;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly revoked: boolean;
}

type Row = Record<string, SQLOutputValue>;
type Outcome = Result<Account, AccountRefused>;

/**
 * Accounts, tokens and what was changed about them, in a SQLite file beside the journal. Several
 * processes may have it open: the command line changes it while the control centre runs and sees
 * the change by `dataVersion`. Every change is durable on return and stands in `changesAfter`, from
 * where the control centre tells the audit journal.
 */
export class AccountStore {
  readonly #database: DatabaseSync;

  /** @throws Error in plain words when the file cannot be used; nothing is changed then. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, 'a', 0o600)); // Nobody else on the machine reads the hashes.
    this.#database = new DatabaseSync(path, { timeout: 2_000 });
    try {
      this.#database.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;',
      );
      prepare(this.#database);
    } catch (cause) {
      this.#database.close();
      throw cause;
    }
  }

  list(): readonly Account[] {
    return this.#database.prepare('SELECT * FROM account ORDER BY user').all().map(accountOf);
  }

  find(user: string): Account | null {
    const row = this.#database.prepare('SELECT * FROM account WHERE user = ?').get(user);
    return row === undefined ? null : accountOf(row);
  }

  /** The kept hash of an enabled account; null where there is none. */
  passwordOf(user: string): string | null {
    const row = this.#database
      .prepare('SELECT password FROM account WHERE user = ? AND disabled = 0')
      .get(user);
    const password = row?.['password'];
    return typeof password === 'string' ? password : null;
  }

  add(account: NewAccount, author: Author): Outcome {
    const { user, name, roles, areas, password } = account;
    if (!UserName.safeParse(user).success) {
      return refused(`"${user}" is no user name: a–z, 0–9, dot, dash; a letter first; at most 40`);
    }
    if (name.trim() === '' || name.length > 100) return refused('a name needs 1 to 100 characters');
    const isProgram = roles.includes('integration');
    const conflict = roleConflict(roles);
    if (conflict !== null) return refused(conflict);
    if (isProgram !== (password === null)) {
      return refused('a person needs a password; a program (role integration) needs a token');
    }
    return this.#change(author, 'add', user, { name, roles, areas }, () => {
      if (this.find(user) !== null) return `there is an account "${user}" already`;
      this.#database
        .prepare(
          'INSERT INTO account (user, name, roles, areas, password, created_ms) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(user, name, ...columns(roles, areas), password, author.at_ms);
      return null;
    });
  }

  setPassword(user: string, password: string, author: Author): Outcome {
    return this.#change(author, 'password', user, {}, (account) => {
      if (account?.roles.includes('integration')) return `"${user}" is a program: give it a token`;
      this.#update(user, 'password = ?', password);
      return null;
    });
  }

  setRoles(
    user: string,
    roles: readonly Role[],
    areas: readonly string[] | null,
    author: Author,
  ): Outcome {
    const conflict = roleConflict(roles);
    if (conflict !== null) return refused(conflict);
    return this.#change(author, 'roles', user, { roles, areas }, (account) => {
      if (account?.roles.includes('integration') !== roles.includes('integration')) {
        return `"${user}" cannot turn from a program into a person or back`;
      }
      this.#update(user, 'roles = ?, areas = ?', ...columns(roles, areas));
      return this.#hasAdministrator() ? null : LAST_ADMINISTRATOR;
    });
  }

  setDisabled(user: string, disabled: boolean, author: Author): Outcome {
    return this.#change(author, disabled ? 'disable' : 'enable', user, {}, () => {
      this.#update(user, 'disabled = ?', disabled ? 1 : 0);
      return this.#hasAdministrator() ? null : LAST_ADMINISTRATOR;
    });
  }

  /** A new token of a program. The secret is in the answer and nowhere else. */
  addToken(
    user: string,
    life_ms: number,
    author: Author,
  ): Result<{ readonly id: string; readonly secret: string }, AccountRefused> {
    const id = `T${randomBytes(6).toString('hex')}`;
    const secret = `relight_${randomBytes(32).toString('base64url')}`;
    const expires_ms = author.at_ms + life_ms;
    const done = this.#change(author, 'token', user, { token: id, expires_ms }, (account) => {
      if (account?.roles.includes('integration') !== true) {
        return `"${user}" is a person: only a program (role integration) has tokens`;
      }
      this.#database
        .prepare(
          'INSERT INTO token (id, user, hash, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?)',
        )
        .run(id, user, hashOf(secret), author.at_ms, expires_ms);
      return null;
    });
    return done.ok ? ok({ id, secret }) : done;
  }

  revokeToken(id: string, author: Author): Outcome {
    const token = this.tokens().find((one) => one.id === id);
    if (token === undefined) return refused(`there is no token "${id}"`);
    return this.#change(author, 'revokeToken', token.user, { token: id }, () => {
      this.#database.prepare('UPDATE token SET revoked = 1 WHERE id = ?').run(id);
      return null;
    });
  }

  tokens(): readonly TokenRow[] {
    return this.#database
      .prepare('SELECT * FROM token ORDER BY created_ms, id')
      .all()
      .map((row) => ({
        id: String(row['id']),
        user: String(row['user']),
        created_ms: Number(row['created_ms']),
        expires_ms: Number(row['expires_ms']),
        revoked: Number(row['revoked']) === 1,
      }));
  }

  /** Whose token this is; null where it is unknown, revoked or over, or its account disabled. */
  ofToken(
    secret: string,
    at_ms: number,
  ): { readonly account: Account; readonly token: string } | null {
    const row = this.#database
      .prepare('SELECT id, user FROM token WHERE hash = ? AND revoked = 0 AND expires_ms > ?')
      .get(hashOf(secret), at_ms);
    if (row === undefined) return null;
    const account = this.find(String(row['user']));
    return account === null || account.disabled ? null : { account, token: String(row['id']) };
  }

  /** Whether a token still opens the door. */
  isTokenGood(id: string, at_ms: number): boolean {
    const row = this.#database
      .prepare(
        `SELECT 1 FROM token JOIN account USING (user)
         WHERE id = ? AND revoked = 0 AND expires_ms > ? AND disabled = 0`,
      )
      .get(id, at_ms);
    return row !== undefined;
  }

  /** Changes after a sequence, oldest first. */
  changesAfter(sequence: number): readonly AccountChange[] {
    return this.#database
      .prepare('SELECT * FROM change WHERE sequence > ? ORDER BY sequence')
      .all(sequence)
      .map((row) => ({
        sequence: Number(row['sequence']),
        at_ms: Number(row['at_ms']),
        by: String(row['by']),
        action: String(row['action']) as AccountChange['action'],
        about: String(row['about']),
        body: JSON.parse(String(row['body'])) as Record<string, unknown>,
      }));
  }

  /** Differs from an earlier answer when another process has changed the file. Costs microseconds. */
  dataVersion(): number {
    return Number(this.#database.prepare('PRAGMA data_version').get()?.['data_version'] ?? 0);
  }

  close(): void {
    this.#database.close();
  }

  #update(user: string, assignments: string, ...values: (string | number | null)[]): void {
    this.#database
      .prepare(`UPDATE account SET ${assignments}, version = version + 1 WHERE user = ?`)
      .run(...values, user);
  }

  /** Nobody must be able to saw off the branch: an accounts file that had one keeps one. */
  #hasAdministrator(): boolean {
    return this.list().some((one) => !one.disabled && one.roles.includes('administrator'));
  }

  /** One change with its record in one transaction; `work` says why not, and nothing is done. */
  #change(
    author: Author,
    action: AccountChange['action'],
    user: string,
    body: AccountChange['body'],
    work: (account: Account | null) => string | null,
  ): Outcome {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const before = this.find(user);
      const hadAdministrator = this.#hasAdministrator();
      const unknown = before === null && action !== 'add' ? `there is no account "${user}"` : null;
      let reason = unknown ?? work(before);
      if (reason === LAST_ADMINISTRATOR && !hadAdministrator) reason = null;
      if (reason !== null) {
        this.#database.exec('ROLLBACK');
        return refused(reason);
      }
      this.#database
        .prepare('INSERT INTO change (at_ms, by, action, about, body) VALUES (?, ?, ?, ?, ?)')
        .run(author.at_ms, author.by, action, user, JSON.stringify(body));
      this.#database.exec('COMMIT');
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw cause;
    }
    const after = this.find(user);
    assert(after !== null, 'a changed account must be there');
    return ok(after);
  }
}

const LAST_ADMINISTRATOR = 'it would leave no administrator who can come in';

function refused(reason: string): Result<never, AccountRefused> {
  return fail({ kind: 'refused', reason });
}

function columns(roles: readonly Role[], areas: readonly string[] | null): [string, string | null] {
  return [JSON.stringify(roles), areas === null ? null : JSON.stringify(areas)];
}

/** A token is 32 random bytes: one plain hash is enough, nobody can guess what it stands for. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function accountOf(row: Row): Account {
  const areas = row['areas'];
  return {
    user: String(row['user']),
    name: String(row['name']),
    roles: Role.array().parse(JSON.parse(String(row['roles']))),
    areas: typeof areas === 'string' ? (JSON.parse(areas) as string[]) : null,
    disabled: Number(row['disabled']) === 1,
    created_ms: Number(row['created_ms']),
    version: Number(row['version']),
  };
}
