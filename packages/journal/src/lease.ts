import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Held, lockFile } from './directory-lock.ts';
import { migrate, refusal } from './schema.ts';

/** A lease that is not renewed for this long is over. */
export const LEASE_MS = 3_000;
/** It is renewed this often, and with every commit of records. */
export const RENEW_EVERY_MS = 1_000;
/**
 * So long a standby watches a lease stand still before it takes it. It sees a renewal after it was
 * begun, from where its holder counts, by a clock that runs alike: what is added is for looks that
 * come late. A holder that was this slow could not have commanded any more.
 */
const TAKE_OVER_AFTER_MS = LEASE_MS + 100;

/** Who may write to this journal, as the journal itself says. */
export interface LeaseSeen {
  /** Fencing token of the holder; one more at each change of hands, 0 before the first. */
  readonly token: number;
  /** Counts the renewals: a holder whose number stands still does not work. */
  readonly beat: number;
}

/** The journal belongs to a newer token: nothing may be written or sent any more. */
export class Deposed extends Error {
  override readonly name = 'Deposed';
}

/** A journal from before there were leases has never been held. */
function seenIn(database: DatabaseSync): LeaseSeen {
  const hasLease = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'lease'").get();
  if (hasLease === undefined) return { token: 0, beat: 0 };
  const row = database.prepare('SELECT token, beat FROM lease').get();
  return { token: Number(row?.['token'] ?? 0), beat: Number(row?.['beat'] ?? 0) };
}

/** Its holder keeps this file locked for as long as its process lives. */
function lockOf(directory: string, token: number): string {
  return join(directory, token === 0 ? 'journal.lock' : `journal-${token}.lock`);
}

/**
 * Takes the lease with the next token: where the process of its holder has ended, or where a
 * standby has watched it stand still for longer than its life.
 * @param database - The open journal of the directory.
 * @param deposes - The lease as the standby saw it stand still; null: only a dead holder is followed.
 * @returns the token, and how to let the directory go.
 * @throws Held when the holder lives, or another one was faster; Error from SQLite.
 */
export function takeLease(
  database: DatabaseSync,
  directory: string,
  deposes: LeaseSeen | null,
): { readonly token: number; readonly unlock: () => void } {
  const seen = seenIn(database);
  const stands = deposes !== null && isSame(seen, deposes);
  const unlockOld = stands ? () => undefined : lockFile(lockOf(directory, seen.token));
  const token = seen.token + 1;
  let unlock: (() => void) | null = null;
  try {
    unlock = lockFile(lockOf(directory, token));
    database.exec('BEGIN IMMEDIATE');
    const now = seenIn(database);
    if (!isSame(now, seen)) throw new Held('another process has just taken this journal over');
    database.prepare('UPDATE lease SET token = ?, beat = beat + 1').run(token);
    database.exec('COMMIT');
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    unlock?.();
    throw cause;
  } finally {
    unlockOld();
  }
  forgetLocks(directory, token);
  return { token, unlock };
}

/** One more beat in the transaction that is open. @throws Deposed where the token is not ours. */
export function renewIn(database: DatabaseSync, token: number): void {
  const { changes } = database
    .prepare('UPDATE lease SET beat = beat + 1 WHERE token = ?')
    .run(token);
  if (changes !== 1) throw new Deposed('another control centre has taken over');
}

/** More starts than there can be between a backup and its restore. */
const STARTS_SINCE_BACKUP = 10_000;

/**
 * A restored journal has forgotten the tokens given after the backup: the next one must be above
 * all of them, for whoever was paused with one of those may still wake up.
 */
export function raiseTokenAfterRestore(path: string): void {
  const database = new DatabaseSync(path);
  try {
    migrate(database);
    database
      .prepare('UPDATE lease SET token = token + ?, beat = beat + 1')
      .run(STARTS_SINCE_BACKUP);
  } finally {
    database.close();
  }
}

function isSame(a: LeaseSeen, b: LeaseSeen): boolean {
  return a.token === b.token && a.beat === b.beat;
}

/** A paused holder may still hold an old one; the journal says that it means nothing any more. */
function forgetLocks(directory: string, token: number): void {
  for (const name of readdirSync(directory)) {
    const lock = /^journal(?:-(\d+))?\.lock(?:-journal)?$/.exec(name);
    if (lock === null || Number(lock[1] ?? 0) >= token) continue;
    rmSync(join(directory, name), { force: true });
  }
}

/**
 * Watches the lease of a directory as a standby. It judges by its own monotonic clock and by the
 * beat alone, so that no wall clock and no step of one counts.
 */
export class LeaseWatch {
  readonly #directory: string;
  readonly #path: string;
  readonly #monotonic: () => number;
  #seen: LeaseSeen | null = null;
  #since_ms = 0;

  constructor(directory: string, path: string, monotonic: () => number) {
    this.#directory = directory;
    this.#path = path;
    this.#monotonic = monotonic;
  }

  /**
   * One look. @returns the lease as it stands where it may be taken over: its holder's process has
   * ended, or it has not moved for longer than a lease lives. Null: its holder works.
   * @throws Error in plain words where the journal is none of this program.
   */
  look(): LeaseSeen | null {
    const seen = this.#read();
    const now_ms = this.#monotonic();
    if (this.#seen === null || !isSame(this.#seen, seen)) {
      this.#seen = seen;
      this.#since_ms = now_ms;
    }
    if (this.#isHolderGone(seen)) return seen;
    return now_ms - this.#since_ms > TAKE_OVER_AFTER_MS ? seen : null;
  }

  #read(): LeaseSeen {
    // Nobody has ever written here: there is nobody to wait for.
    if (!existsSync(this.#path)) return { token: 0, beat: 0 };
    const database = new DatabaseSync(this.#path, { readOnly: true });
    try {
      const refused = refusal(database);
      if (refused !== null) throw new Error(refused);
      return seenIn(database);
    } finally {
      database.close();
    }
  }

  #isHolderGone({ token }: LeaseSeen): boolean {
    try {
      lockFile(lockOf(this.#directory, token))();
      return true;
    } catch {
      return false;
    }
  }
}
