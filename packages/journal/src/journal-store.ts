import { canonicalJson } from '@relight/contract';
import type { JournalRecord } from '@relight/contract';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CHAIN_START, chainHash } from './hash-chain.ts';
import { renewIn, takeLease, type LeaseSeen } from './lease.ts';
import { migrate, refusal } from './schema.ts';

/**
 * The journal's table, for the one thread that writes it. Every commit is on disk when it
 * returns (WAL with synchronous=FULL).
 */
export class JournalStore {
  readonly #database: DatabaseSync;
  #lastSequence: number;
  #lastHash: string;
  /** Fencing token this process writes under. */
  readonly token: number;
  readonly #unlock: () => void;

  /**
   * Opens the journal of a directory and takes its lease.
   * @param deposes - See `takeLease`.
   * @throws Error in plain words when the file cannot be used or belongs to another process; no
   *   record is changed then.
   */
  constructor(path: string, deposes: LeaseSeen | null) {
    // No waiting for locks: a journal that cannot be written now is reported now.
    this.#database = new DatabaseSync(path, { timeout: 0 });
    let letGo: (() => void) | null = null;
    try {
      const refused = refusal(this.#database);
      if (refused !== null) throw new Error(refused);
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      migrate(this.#database);
      // Who held it before may be in the middle of its last commit.
      this.#database.exec('PRAGMA busy_timeout = 1000;');
      const { token, unlock } = takeLease(this.#database, dirname(path), deposes);
      this.#database.exec('PRAGMA busy_timeout = 0;');
      this.token = token;
      this.#unlock = letGo = unlock;
      // From here on nobody else can add a record: what is read now is the end.
      const last = this.#database
        .prepare('SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1')
        .get();
      this.#lastSequence = Number(last?.['sequence'] ?? 0);
      this.#lastHash = String(last?.['hash'] ?? CHAIN_START);
    } catch (cause) {
      this.#database.close();
      letGo?.();
      throw cause;
    }
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  get lastHash(): string {
    return this.#lastHash;
  }

  /**
   * Commits records in one transaction, which renews the lease: all of them are durable on return,
   * or none is there. Without records it renews the lease alone.
   * @throws Deposed where another process has taken the lease; Error from SQLite (disk full,
   *   locked, a gap in the sequence).
   */
  append(records: readonly JournalRecord[]): void {
    let hash = this.#lastHash;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      renewIn(this.#database, this.token);
      const insert = this.#database.prepare('INSERT INTO record VALUES (?, ?, ?)');
      for (const record of records) {
        const body = canonicalJson(record);
        hash = chainHash(hash, body);
        insert.run(record.sequence, body, hash);
      }
      this.#database.exec('COMMIT');
    } catch (cause) {
      // After some errors (disk full) SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw cause;
    }
    this.#lastHash = hash;
    this.#lastSequence = records.at(-1)?.sequence ?? this.#lastSequence;
  }

  close(): void {
    this.#database.close();
    this.#unlock();
  }
}
