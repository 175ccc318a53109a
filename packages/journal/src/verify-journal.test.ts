import { canonicalJson, type JournalRecord } from '@relight/contract';
import fc from 'fast-check';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chainHash } from './hash-chain.ts';
import { openJournal, JOURNAL_FILE } from './journal.ts';
import { HEADS_FILE } from './signed-heads.ts';
import { verifyJournal, type JournalVerdict } from './verify-journal.ts';

const RECORDS = 40;
let folder = '';
/** A sound journal of forty records with its heads; each test works on a copy. */
let sound = '';
let path = '';

const decision = (sequence: number, by = 'An'): JournalRecord => ({
  sequence,
  at_ms: 1_000 + sequence,
  input: 0,
  kind: 'command',
  by,
  about: `C${sequence}`,
  body: { state: 'verified', equipment: `T.${sequence}` },
});

async function write(directory: string, from: number, to: number, by = 'An'): Promise<void> {
  const opened = await openJournal({
    directory,
    startedAt_ms: Date.UTC(2026, 10, 21, 3, 4, 5, from),
    onDurable: () => undefined,
    onFailed: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.reason);
  for (let n = from; n <= to; n++) opened.value.append({ inputs: [], journal: [decision(n, by)] });
  await opened.value.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relight-verify-'));
  sound = join(folder, 'sound');
  await write(sound, 1, 25);
  await write(sound, 26, RECORDS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
function copy(): string {
  const directory = mkdtempSync(join(folder, `copy-${(copies += 1)}-`));
  for (const name of [JOURNAL_FILE, HEADS_FILE, 'audit-key.pub.pem']) {
    copyFileSync(join(sound, name), join(directory, name));
  }
  return join(directory, JOURNAL_FILE);
}
beforeEach(() => {
  path = copy();
});

/** Somebody with the file in hand, and no respect for its triggers. */
function tamper(file: string, change: (database: DatabaseSync) => void): JournalVerdict {
  const database = new DatabaseSync(file);
  for (const name of ['in_order', 'never_changes', 'never_goes']) {
    database.exec(`DROP TRIGGER record_${name}`);
  }
  change(database);
  database.close();
  return verifyJournal(file);
}

const row = (database: DatabaseSync, sequence: number) => {
  const { body, hash } = database
    .prepare('SELECT body, hash FROM record WHERE sequence = ?')
    .get(sequence) as { body: string; hash: string };
  return { body, hash };
};
const put = (database: DatabaseSync, sequence: number, body: string, hash: string): void => {
  database
    .prepare('UPDATE record SET body = ?, hash = ? WHERE sequence = ?')
    .run(body, hash, sequence);
};
/** Makes room before a record by moving all from it on one up. */
function moveUp(database: DatabaseSync, from: number): void {
  database.exec(`UPDATE record SET sequence = -sequence - 1 WHERE sequence >= ${from};
                 UPDATE record SET sequence = -sequence WHERE sequence < 0;`);
}

test('a journal as it was written is valid, to its last record, over two starts', () => {
  const verdict = verifyJournal(path);
  expect(verdict).toMatchObject({ valid: true, records: RECORDS, firstBad: null });
  expect(verdict).toMatchObject({ signedHeads: 2, signedUpTo: RECORDS });
  expect(verdict.head).toMatch(/^[0-9a-f]{64}$/);
});

test('the private key is for its owner alone, and made once', () => {
  expect(statSync(join(sound, 'audit-key.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(sound, HEADS_FILE), 'utf8').trim().split('\n')).toHaveLength(2);
});

const anyRecord = fc.integer({ min: 1, max: RECORDS });
const laws: readonly {
  readonly name: string;
  readonly problem: string;
  readonly change: (database: DatabaseSync, at: number, other: number) => number | null;
}[] = [
  {
    name: 'a word changed in a record',
    problem: 'edited',
    change: (database, at) => {
      const { body, hash } = row(database, at);
      put(database, at, body.replace('"An"', '"Em"'), hash);
      return at;
    },
  },
  {
    name: 'a hash changed',
    problem: 'edited',
    change: (database, at) => {
      const { body, hash } = row(database, at);
      put(
        database,
        at,
        body,
        hash.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      );
      return at;
    },
  },
  {
    name: 'a record taken out',
    problem: 'dropped',
    change: (database, at) => {
      if (at === RECORDS) return null;
      database.exec(`DELETE FROM record WHERE sequence = ${at}`);
      return at;
    },
  },
  {
    name: 'a record taken out and the rest numbered anew',
    problem: 'dropped',
    change: (database, at) => {
      if (at === RECORDS) return null;
      database.exec(`DELETE FROM record WHERE sequence = ${at};
                     UPDATE record SET sequence = -sequence + 1 WHERE sequence > ${at};
                     UPDATE record SET sequence = -sequence WHERE sequence < 0;`);
      return at;
    },
  },
  {
    name: 'a record put in, chained to the one before it',
    problem: 'inserted',
    change: (database, at) => {
      if (at === 1) return null;
      moveUp(database, at);
      const body = canonicalJson({ ...decision(at), by: 'nobody' });
      const hash = chainHash(row(database, at - 1).hash, body);
      database.prepare('INSERT INTO record VALUES (?, ?, ?)').run(at, body, hash);
      return at;
    },
  },
  {
    name: 'an older record put in a second time',
    problem: 'inserted',
    change: (database, at, other) => {
      if (other >= at) return null;
      const { body, hash } = row(database, other);
      moveUp(database, at);
      database.prepare('INSERT INTO record VALUES (?, ?, ?)').run(at, body, hash);
      return at;
    },
  },
  {
    name: 'two records in each other’s place',
    problem: 'swapped',
    change: (database, at, other) => {
      if (other <= at) return null;
      const [one, two] = [row(database, at), row(database, other)];
      put(database, at, two.body, two.hash);
      put(database, other, one.body, one.hash);
      return at;
    },
  },
  {
    name: 'the tail cut off',
    problem: 'truncated',
    change: (database, at) => {
      database.exec(`DELETE FROM record WHERE sequence >= ${at}`);
      return at;
    },
  },
];

test.each(laws)('$name, wherever it is, is found and named: $problem', ({ problem, change }) => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (at, other) => {
      const file = copy();
      let bad: number | null = null;
      const verdict = tamper(file, (database) => (bad = change(database, at, other)));
      if (bad === null) return;
      expect(verdict).toMatchObject({ valid: false, firstBad: { seq: bad, problem } });
    }),
    { numRuns: 60 },
  );
});

test('a chain computed anew from an edited record on is unmasked by the signed heads', () => {
  const verdict = tamper(path, (database) => {
    let { hash } = row(database, 29);
    for (let at = 30; at <= RECORDS; at++) {
      const body = row(database, at).body.replace('"An"', '"Em"');
      hash = chainHash(hash, body);
      put(database, at, body, hash);
    }
  });
  // The head of record 25 still holds, the one of record 40 does not.
  expect(verdict).toMatchObject({ valid: false, firstBad: { seq: 26, problem: 'edited' } });
});

test('a head that the key does not vouch for is not believed', () => {
  const heads = join(path, '..', HEADS_FILE);
  writeFileSync(
    heads,
    readFileSync(heads, 'utf8').replace(`"sequence":${RECORDS}`, '"sequence":39'),
  );
  expect(verifyJournal(path)).toMatchObject({ valid: false, firstBad: { seq: 39 } });
});

test('a tail cut off and written on is still found', async () => {
  const directory = join(folder, 'regrown');
  await write(directory, 1, 20);
  const database = new DatabaseSync(join(directory, JOURNAL_FILE));
  database.exec('DROP TRIGGER record_never_goes; DELETE FROM record WHERE sequence > 12');
  database.close();
  await write(directory, 13, 30, 'Em');
  expect(verifyJournal(join(directory, JOURNAL_FILE))).toMatchObject({
    valid: false,
    firstBad: { problem: 'truncated' },
  });
});

test('without a heads file the chain alone is checked, and it is said so', () => {
  rmSync(join(path, '..', HEADS_FILE));
  expect(verifyJournal(path)).toMatchObject({ valid: true, signedHeads: null, signedUpTo: 0 });
});

test('a journal cut at any byte is never called valid', () => {
  const { size } = statSync(path);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: size - 1 }), (bytes) => {
      const file = copy();
      truncateSync(file, bytes);
      const verdict = verifyJournal(file);
      expect(verdict.valid).toBe(false);
      expect(verdict.firstBad?.problem).toBe('truncated');
      expect(verdict.firstBad?.seq).toBeLessThanOrEqual(RECORDS);
    }),
    { numRuns: 80 },
  );
});

test('one flipped byte is reported, or lies where no record is', () => {
  const intact = readFileSync(path);
  const rows = (file: string): string[] => {
    const database = new DatabaseSync(file, { readOnly: true });
    const all = database.prepare('SELECT sequence, body, hash FROM record NOT INDEXED').all();
    database.close();
    return all.map((each) => JSON.stringify(each));
  };
  const written = rows(path);
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: intact.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, flip) => {
        const file = copy();
        const handle = openSync(file, 'r+');
        writeSync(handle, Buffer.from([(intact[at] ?? 0) ^ flip]), 0, 1, at);
        closeSync(handle);
        const verdict = verifyJournal(file);
        if (verdict.valid) expect(rows(file)).toEqual(written);
        else expect(verdict.firstBad?.seq).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});

test('a journal of the first version of the program is verified too', () => {
  const database = new DatabaseSync(path);
  database.exec('DROP INDEX checkpoint; PRAGMA user_version = 1');
  database.close();
  expect(verifyJournal(path).valid).toBe(true);
});

test('what is no journal is refused in plain words', () => {
  const other = join(folder, 'list.txt');
  writeFileSync(
    other,
    'a shopping list, longer than the header of a database file, and no journal',
  );
  expect(() => verifyJournal(other)).toThrow('not a database');
  expect(() => verifyJournal(join(folder, 'none.db'))).toThrow('no such file');
});
