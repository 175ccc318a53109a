import type { DatabaseSync } from 'node:sqlite';

/** `RLJN` in ASCII: what `file` and we recognise a journal by. */
const APPLICATION_ID = 0x52_4c_4a_4e;

/** What a record must be to be found by the index of checkpoints. */
export const IS_CHECKPOINT = "json_extract(body, '$.kind') IN ('start', 'checkpoint')";

/** Each step brings a file one version up; `user_version` is the number of steps done. */
const MIGRATIONS: readonly string[] = [
  // A record is never changed or removed, and the sequence has no gap: the file itself says so.
  // The insert trigger also stops INSERT OR REPLACE, which fires no delete trigger.
  `CREATE TABLE record (
     sequence INTEGER PRIMARY KEY,
     body     TEXT NOT NULL,
     hash     TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER record_in_order BEFORE INSERT ON record
     WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
     BEGIN SELECT raise(ABORT, 'journal sequence has a gap or repeats'); END;
   CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
     BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
   CREATE TRIGGER record_never_goes BEFORE DELETE ON record
     BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;`,
  // So that a start need not read the whole journal.
  `CREATE INDEX checkpoint ON record (sequence) WHERE ${IS_CHECKPOINT};`,
  // Who may write: one row, in the same file as the records, so that a commit of records and the
  // proof of the right to make it are one transaction.
  `CREATE TABLE lease (
     only  INTEGER PRIMARY KEY CHECK (only = 1),
     token INTEGER NOT NULL,
     beat  INTEGER NOT NULL
   ) STRICT;
   INSERT INTO lease VALUES (1, 0, 0);
   CREATE TRIGGER lease_only_rises BEFORE UPDATE ON lease
     WHEN NEW.token < OLD.token OR NEW.beat <= OLD.beat
     BEGIN SELECT raise(ABORT, 'a fencing token never comes back'); END;`,
];

/** Version of the journal file this program writes. */
export const JOURNAL_VERSION = MIGRATIONS.length;

/** Says why a file cannot be used by this program, or null if it can. */
export function refusal(database: DatabaseSync): string | null {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0)) {
    return 'the file is no journal of this program';
  }
  if (version > JOURNAL_VERSION) {
    return `the journal has version ${version}; this program knows versions up to ${JOURNAL_VERSION}. Start the newer program that wrote it`;
  }
  return null;
}

/** Brings an accepted file up to date, each step in a transaction of its own. */
export function migrate(database: DatabaseSync): void {
  MIGRATIONS.forEach((sql, step) => {
    if (pragma(database, 'user_version') > step) return;
    database.exec(
      `BEGIN IMMEDIATE; ${sql} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${step + 1}; COMMIT;`,
    );
  });
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name] ?? 0);
}
