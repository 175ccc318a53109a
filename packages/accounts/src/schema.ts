import type { DatabaseSync } from 'node:sqlite';

/** `RLPP` in ASCII: what `file` and we recognise an accounts file by. */
const APPLICATION_ID = 0x52_4c_50_50;

/** Each step brings a file one version up; `user_version` is the number of steps done. */
const MIGRATIONS: readonly string[] = [
  // An account is never removed and a change never rewritten: the file itself says so.
  `CREATE TABLE account (
     user       TEXT PRIMARY KEY,
     name       TEXT NOT NULL,
     roles      TEXT NOT NULL,
     areas      TEXT,
     password   TEXT,
     disabled   INTEGER NOT NULL DEFAULT 0,
     created_ms INTEGER NOT NULL,
     version    INTEGER NOT NULL DEFAULT 1
   ) STRICT;
   CREATE TRIGGER account_never_goes BEFORE DELETE ON account
     BEGIN SELECT raise(ABORT, 'an account is disabled, never removed'); END;
   CREATE TABLE token (
     id         TEXT PRIMARY KEY,
     user       TEXT NOT NULL REFERENCES account (user),
     hash       TEXT NOT NULL UNIQUE,
     created_ms INTEGER NOT NULL,
     expires_ms INTEGER NOT NULL,
     revoked    INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE change (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     at_ms    INTEGER NOT NULL,
     by       TEXT NOT NULL,
     action   TEXT NOT NULL,
     about    TEXT NOT NULL,
     body     TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER change_never_changes BEFORE UPDATE ON change
     BEGIN SELECT raise(ABORT, 'what was changed stays on record'); END;
   CREATE TRIGGER change_never_goes BEFORE DELETE ON change
     BEGIN SELECT raise(ABORT, 'what was changed stays on record'); END;`,
];

/** Brings a file up to date. @throws Error in plain words where it is not ours or too new. */
export function prepare(database: DatabaseSync): void {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0)) {
    throw new Error('the file holds no accounts of this program');
  }
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the accounts have version ${version}; this program knows versions up to ${MIGRATIONS.length}. Start the newer program that wrote them`,
    );
  }
  MIGRATIONS.forEach((sql, step) => {
    if (pragma(database, 'user_version') > step) return;
    database.exec(
      `BEGIN IMMEDIATE; ${sql} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${step + 1}; COMMIT;`,
    );
  });
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}
