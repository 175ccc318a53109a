import type { JournalRecord } from '@relight/contract';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUpJournal, noteRestoreTold, restoredFrom, restoreJournal } from './backup.ts';
import { JOURNAL_FILE, openJournal, type Journal } from './journal.ts';
import { verifyJournal } from './verify-journal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relight-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (sequence: number): JournalRecord => ({
  sequence,
  at_ms: sequence,
  input: 0,
  kind: 'tag',
  by: 'An',
  about: `T${sequence}`,
  body: { text: 'x'.repeat(200) },
});

let starts = 0;
/** A journal that writes without pause until it is closed. */
async function writing(directory: string): Promise<Journal> {
  let next = 0;
  let journal: Journal | null = null;
  const more = (): void => {
    for (let n = 0; n < 5; n++) journal?.append({ inputs: [], journal: [record((next += 1))] });
  };
  const opened = await openJournal({
    directory,
    startedAt_ms: (starts += 1),
    onDurable: more,
    onFailed: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.reason);
  journal = opened.value;
  next = journal.lastSequence;
  more();
  return journal;
}

test('a backup made while the journal is written holds it as it was at one moment, and restores', async () => {
  const [live, copy, again] = ['live', 'copy', 'again'].map((name) => join(folder, name));
  const journal = await writing(live ?? '');
  new DatabaseSync(join(live ?? '', 'accounts.db')).exec('CREATE TABLE account (name TEXT)');
  await expect.poll(() => verifyJournal(journal.journalPath).records).toBeGreaterThan(200);
  const made = await backUpJournal(live ?? '', copy ?? '', 1_234);
  await journal.close();
  expect(made.files).toContain('accounts.db');
  expect(verifyJournal(journal.journalPath).records).toBeGreaterThan(made.records);
  expect(restoreJournal(copy ?? '', again ?? '', 5_678)).toEqual({
    records: made.records,
    backup_ms: 1_234,
  });
  expect(verifyJournal(join(again ?? '', JOURNAL_FILE))).toMatchObject({
    valid: true,
    records: made.records,
  });
  expect(statSync(join(again ?? '', 'audit-key.pem')).mode & 0o777).toBe(0o600);
  const next = await writing(again ?? '');
  expect(next.lastSequence).toBe(made.records);
  await next.close();
  expect(verifyJournal(next.journalPath).valid).toBe(true);
});

test('a restored folder says so until a start has told it', async () => {
  const [live, copy, again] = ['live', 'copy', 'again'].map((name) => join(folder, name));
  await (await writing(live ?? '')).close();
  await backUpJournal(live ?? '', copy ?? '', 1_234);
  expect(restoredFrom(live ?? '')).toBeNull();
  restoreJournal(copy ?? '', again ?? '', 5_678);
  expect(restoredFrom(again ?? '')).toBe(1_234);
  noteRestoreTold(again ?? '');
  expect(restoredFrom(again ?? '')).toBeNull();
});

test('no journal is ever overwritten, and a backup that was changed or broken off is refused', async () => {
  const [live, copy, again] = ['live', 'copy', 'again'].map((name) => join(folder, name));
  await (await writing(live ?? '')).close();
  await backUpJournal(live ?? '', copy ?? '', 1_234);
  expect(() => restoreJournal(copy ?? '', live ?? '', 1)).toThrow('is not empty');
  await expect(backUpJournal(live ?? '', copy ?? '', 1)).rejects.toThrow('is not empty');
  writeFileSync(join(copy ?? '', 'heads.jsonl'), '');
  expect(() => restoreJournal(copy ?? '', again ?? '', 1)).toThrow('was changed after the backup');
  rmSync(join(copy ?? '', 'backup.json'));
  expect(() => restoreJournal(copy ?? '', again ?? '', 1)).toThrow('holds no whole backup.json');
  expect(existsSync(again ?? '') ? readdirSync(again ?? '') : []).toEqual([]);
});

test('a journal that is not as it was written is not backed up as if it were', async () => {
  const [live, copy] = ['live', 'copy'].map((name) => join(folder, name));
  await (await writing(live ?? '')).close();
  const database = new DatabaseSync(join(live ?? '', JOURNAL_FILE));
  database.exec(
    "DROP TRIGGER record_never_changes; UPDATE record SET body = '{}' WHERE sequence = 2",
  );
  database.close();
  await expect(backUpJournal(live ?? '', copy ?? '', 1)).rejects.toThrow('record 2');
  expect(readdirSync(copy ?? '')).not.toContain('backup.json');
});

test('a restored journal goes on above every token that was given after the backup', async () => {
  const [live = '', copy = '', again = ''] = ['live', 'copy', 'again'].map((name) =>
    join(folder, name),
  );
  const before = await writing(live);
  await expect.poll(() => verifyJournal(before.journalPath).records).toBeGreaterThan(5);
  await backUpJournal(live, copy, 1);
  await before.close();
  const later = await writing(live);
  restoreJournal(copy, again, 2);
  const restored = await writing(again);
  expect([before.token, later.token]).toEqual([1, 2]);
  expect(restored.token).toBeGreaterThan(later.token + 1_000);
  await later.close();
  await restored.close();
});
