import type { JournalRecord } from '@relight/contract';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readJournal } from './journal-reader.ts';
import { JournalStore } from './journal-store.ts';
import { JOURNAL_FILE, openJournal, type Journal } from './journal.ts';
import { Deposed, LEASE_MS, LeaseWatch, type LeaseSeen } from './lease.ts';
import { verifyJournal } from './verify-journal.ts';

let directory = '';
let open: { close(): void | Promise<void> }[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relight-lease-'));
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  rmSync(directory, { recursive: true, force: true });
});

const path = (): string => join(directory, JOURNAL_FILE);
const decision = (sequence: number): JournalRecord => ({
  sequence,
  at_ms: 1_000,
  input: 0,
  kind: 'command',
  by: 'engine',
  about: `C${sequence}`,
  body: {},
});

function store(deposes: LeaseSeen | null = null): JournalStore {
  const opened = new JournalStore(path(), deposes);
  open.push(opened);
  return opened;
}

test('the token goes up by one at each start, and never comes back', () => {
  const tokens = [1, 2, 3].map(() => {
    const one = store();
    open.pop();
    one.close();
    return one.token;
  });
  expect(tokens).toEqual([1, 2, 3]);
  const database = new DatabaseSync(path());
  expect(() => database.exec('UPDATE lease SET token = 1, beat = beat + 1')).toThrow(
    'a fencing token never comes back',
  );
  database.close();
  // What dead holders had locked is cleared away by the next one.
  expect(readdirSync(directory).filter((name) => name.endsWith('.lock'))).toEqual([
    'journal-3.lock',
  ]);
});

test('nobody takes the lease of a process that lives and renews it', () => {
  const leader = store();
  let now_ms = 0;
  const watch = new LeaseWatch(directory, path(), () => now_ms);
  for (let second = 0; second < 20; second++) {
    leader.append([]);
    now_ms = second * 1_000;
    expect(watch.look()).toBeNull();
  }
  expect(() => store()).toThrow('another process writes to this journal directory');
});

test('a leader that stands still is followed once its lease is over, and not a moment before', () => {
  const leader = store();
  leader.append([decision(1)]);
  let now_ms = 0;
  const watch = new LeaseWatch(directory, path(), () => now_ms);
  expect(watch.look()).toBeNull();
  now_ms = LEASE_MS;
  expect(watch.look()).toBeNull();
  now_ms = LEASE_MS + 1_000;
  const seen = watch.look();
  expect(seen).toMatchObject({ token: 1 });
  const standby = store(seen);
  expect(standby).toMatchObject({ token: 2, lastSequence: 1 });
});

test('the leader that wakes up writes not one record, and the chain goes on without it', () => {
  const leader = store();
  leader.append([decision(1)]);
  let now_ms = 0;
  const watch = new LeaseWatch(directory, path(), () => now_ms);
  watch.look();
  now_ms = 10_000;
  const standby = store(watch.look());
  standby.append([decision(2)]);
  expect(() => leader.append([decision(2)])).toThrow(Deposed);
  expect(() => leader.append([])).toThrow(Deposed);
  standby.append([decision(3)]);
  expect([...readJournal(path())].map(({ record }) => record.sequence)).toEqual([1, 2, 3]);
  expect(verifyJournal(path())).toMatchObject({ valid: true, records: 3 });
});

test('a leader that came to life between the look and the taking keeps the lease', () => {
  const leader = store();
  let now_ms = 0;
  const watch = new LeaseWatch(directory, path(), () => now_ms);
  watch.look();
  now_ms = 10_000;
  const seen = watch.look();
  expect(seen).not.toBeNull();
  leader.append([]);
  expect(() => store(seen)).toThrow('another process writes to this journal directory');
  leader.append([decision(1)]);
});

test('of two standbys that see the same dead leader one leads', () => {
  const leader = store();
  let now_ms = 0;
  const watch = new LeaseWatch(directory, path(), () => now_ms);
  watch.look();
  now_ms = 10_000;
  const seen = watch.look();
  expect(store(seen).token).toBe(2);
  expect(() => store(seen)).toThrow('another process');
  expect(leader.token).toBe(1);
});

test('where nobody has ever written a standby need not wait', () => {
  const watch = new LeaseWatch(directory, path(), () => 0);
  expect(watch.look()).toEqual({ token: 0, beat: 0 });
  expect(existsSync(path())).toBe(false);
});

test('a journal from before there were leases is followed and gets one', () => {
  const old = store();
  old.append([decision(1)]);
  open.pop();
  old.close();
  const database = new DatabaseSync(path());
  database.exec('DROP TABLE lease; PRAGMA user_version = 2');
  database.close();
  rmSync(join(directory, 'journal-1.lock'), { force: true });
  expect(new LeaseWatch(directory, path(), () => 0).look()).toEqual({ token: 0, beat: 0 });
  expect(store()).toMatchObject({ token: 1, lastSequence: 1 });
});

async function thread(deposed: string[] = [], deposes?: LeaseSeen): Promise<Journal> {
  const opened = await openJournal({
    directory,
    startedAt_ms: Date.now() + open.length,
    onDurable: () => undefined,
    onFailed: () => undefined,
    onDeposed: (reason) => deposed.push(reason),
    ...(deposes === undefined ? {} : { deposes }),
  });
  if (!opened.ok) throw new Error(opened.error.reason);
  open.push(opened.value);
  return opened.value;
}

test('a journal that only stands there keeps its lease; one that was taken from it may not write at once', async () => {
  const deposed: string[] = [];
  const leader = await thread(deposed);
  expect(leader.authority.holds).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, LEASE_MS + 1_000));
  expect([leader.authority.holds, deposed]).toEqual([true, []]);
  // Another process takes it, as one that saw it stand still would.
  const database = new DatabaseSync(path(), { timeout: 5_000 });
  database.exec('UPDATE lease SET token = token + 1, beat = beat + 1');
  database.close();
  leader.append({ inputs: [], journal: [decision(1)] });
  await expect.poll(() => deposed.length).toBe(1);
  expect(leader.authority.holds).toBe(false);
  await leader.close();
  expect([...readJournal(path())]).toEqual([]);
});

test('where the disk fails for longer than the lease the right to write is over until it works again', async () => {
  const leader = await thread();
  const other = new DatabaseSync(path(), { timeout: 5_000 });
  other.exec('BEGIN IMMEDIATE');
  await expect.poll(() => leader.authority.holds).toBe(false);
  other.exec('ROLLBACK');
  other.close();
  await expect.poll(() => leader.authority.holds).toBe(true);
});
