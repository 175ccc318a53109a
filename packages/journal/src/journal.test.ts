import { canonicalJson, DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import type { InputRecord, JournalRecord } from '@relight/contract';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHAIN_START, chainHash } from './hash-chain.ts';
import { readInputLog } from './input-log-reader.ts';
import { readJournal } from './journal-reader.ts';
import { JOURNAL_FILE, openJournal } from './journal.ts';
import type { Journal } from './journal.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relight-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Two writers of one directory never start in the same millisecond of a test. */
let starts = 0;

interface Opened {
  readonly journal: Journal;
  readonly durable: number[];
  readonly failures: string[];
  until(condition: () => boolean): Promise<void>;
}

async function open(maxWaiting?: number): Promise<Opened> {
  const durable: number[] = [];
  const failures: string[] = [];
  let changed = (): void => undefined;
  starts += 1;
  const result = await openJournal({
    directory,
    startedAt_ms: Date.UTC(2026, 10, 21, 3, 4, 5, starts),
    onDurable: (upTo) => {
      durable.push(upTo);
      changed();
    },
    onFailed: (reason) => {
      failures.push(reason);
      changed();
    },
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
  });
  if (!result.ok) throw new Error(result.error.reason);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  return { journal: result.value, durable, failures, until };
}

const decision = (sequence: number, input = 0): JournalRecord => ({
  sequence,
  at_ms: 1_000 + sequence,
  input,
  kind: 'command',
  by: 'engine',
  about: `C${sequence}`,
  body: { zeta: 1, alpha: 'mở', sequence },
});
const deadline = (sequence: number): InputRecord => ({
  sequence,
  at_ms: 1_000,
  monotonic_ms: sequence,
  event: { kind: 'deadline' },
});

test('decisions come back in order, as canonical JSON, each chained to the one before', async () => {
  const { journal, durable, until } = await open();
  journal.append({ inputs: [deadline(0)], journal: [decision(1), decision(2)] });
  journal.append({ inputs: [deadline(1)], journal: [decision(3, 1)] });
  await until(() => durable.at(-1) === 3);
  await journal.close();
  const rows = [...readJournal(journal.journalPath)];
  expect(rows.map((row) => row.record)).toEqual([decision(1), decision(2), decision(3, 1)]);
  let hash = CHAIN_START;
  for (const row of rows) {
    expect(row.body).toBe(canonicalJson(row.record));
    hash = chainHash(hash, row.body);
    expect(row.hash).toBe(hash);
  }
});

test('the sequence goes on over a restart, and each start has an input log of its own', async () => {
  const first = await open();
  first.journal.append({ inputs: [deadline(0)], journal: [decision(1)] });
  await first.journal.close();
  const second = await open();
  expect(first.journal.lastSequence).toBe(0);
  expect(second.journal.lastSequence).toBe(1);
  second.journal.append({ inputs: [deadline(0)], journal: [decision(2)] });
  await second.journal.close();
  expect([...readJournal(second.journal.journalPath, 2)].map((row) => row.record)).toEqual([
    decision(2),
  ]);
  expect(readdirSync(directory).filter((name) => name.startsWith('input-')).length).toBe(2);
});

test('inputs alone are written and make no durable report, which would itself be an input', async () => {
  const { journal, durable } = await open();
  for (let i = 0; i < 50; i++) journal.append({ inputs: [deadline(i)], journal: [] });
  await journal.close();
  const seen: number[] = [];
  const end = readInputLog(journal.inputLogPath, (record) => seen.push(record.sequence));
  expect(end).toEqual({ ok: true, value: { records: 50, torn: null } });
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(durable).toEqual([]);
});

test('a second writer of the same directory is refused, and welcome once the first has gone', async () => {
  const { journal } = await open();
  await expect(open()).rejects.toThrow('another process writes to this journal directory');
  await journal.close();
  const next = await open();
  await next.journal.close();
});

test('a journal of a newer program is refused and left as it was', async () => {
  const { journal } = await open();
  await journal.close();
  const database = new DatabaseSync(journal.journalPath);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(open()).rejects.toThrow('the journal has version 99');
  expect(() => [...readJournal(journal.journalPath)]).toThrow('the journal has version 99');
});

test('a file that is no journal is refused', async () => {
  writeFileSync(join(directory, JOURNAL_FILE), 'a shopping list, longer than a header of SQLite');
  await expect(open()).rejects.toThrow('file is not a database');
});

test('nobody changes, removes, repeats or skips a record', async () => {
  const { journal } = await open();
  journal.append({ inputs: [], journal: [decision(1), decision(2)] });
  await journal.close();
  const database = new DatabaseSync(journal.journalPath);
  const tries: readonly [string, string][] = [
    ["UPDATE record SET body = '{}' WHERE sequence = 1", 'append-only'],
    ['DELETE FROM record WHERE sequence = 2', 'append-only'],
    ["INSERT OR REPLACE INTO record VALUES (2, '{}', '')", 'gap or repeats'],
    ["INSERT INTO record VALUES (4, '{}', '')", 'gap or repeats'],
  ];
  for (const [sql, says] of tries) expect(() => database.exec(sql)).toThrow(says);
  database.close();
  expect([...readJournal(journal.journalPath)].length).toBe(2);
});

test('while the file cannot be written the journal says so, keeps all, and says when it is well', async () => {
  const { journal, durable, failures, until } = await open();
  const other = new DatabaseSync(journal.journalPath);
  other.exec('BEGIN IMMEDIATE');
  journal.append({ inputs: [deadline(0)], journal: [decision(1)] });
  await until(() => failures.length > 0);
  expect(failures[0]).toContain('locked');
  journal.append({ inputs: [deadline(1)], journal: [decision(2, 1)] });
  expect(durable).toEqual([]);
  other.exec('ROLLBACK');
  other.close();
  await until(() => durable.at(-1) === 2);
  await journal.close();
  expect([...readJournal(journal.journalPath)].length).toBe(2);
  // The first batch's inputs were on disk before the failure and are not there twice.
  expect(readInputLog(journal.inputLogPath, () => undefined)).toEqual({
    ok: true,
    value: { records: 2, torn: null },
  });
});

test('a journal too far behind gives up instead of filling the memory', async () => {
  const { journal, failures, until } = await open(3);
  const other = new DatabaseSync(journal.journalPath);
  other.exec('BEGIN IMMEDIATE');
  journal.append({ inputs: [deadline(0), deadline(1)], journal: [decision(1)] });
  journal.append({ inputs: [deadline(2)], journal: [] });
  await until(() => failures.length > 0);
  expect(failures[0]).toBe('3 records wait to be written; the journal gives up');
  other.close();
  await journal.close();
});

test('a last line torn by a crash is told apart from the whole ones, a damaged one is named', async () => {
  const { journal } = await open();
  journal.append({ inputs: [deadline(0), deadline(1), deadline(2)], journal: [] });
  await journal.close();
  const line = JSON.stringify(deadline(0)).length + 1;
  truncateSync(journal.inputLogPath, 3 * line - 5);
  expect(readInputLog(journal.inputLogPath, () => undefined)).toEqual({
    ok: true,
    value: { records: 2, torn: { line: 3, offset: 2 * line, bytes: line - 5 } },
  });
  appendFileSync(journal.inputLogPath, '\n');
  expect(readInputLog(journal.inputLogPath, () => undefined)).toMatchObject({
    ok: false,
    error: { kind: 'damaged', line: 3, reason: 'is not JSON' },
  });
});

test('an input log with a record missing in the middle is damaged', () => {
  const path = join(directory, 'input.jsonl');
  writeFileSync(path, `${JSON.stringify(deadline(0))}\n${JSON.stringify(deadline(2))}\n`);
  expect(readInputLog(path, () => undefined)).toMatchObject({
    ok: false,
    error: { line: 2, reason: 'has sequence 2, expected 1' },
  });
});

test('lines longer than the reading buffer are read whole', () => {
  const path = join(directory, 'input.jsonl');
  const start: InputRecord = {
    sequence: 0,
    at_ms: 0,
    monotonic_ms: 0,
    event: {
      kind: 'start',
      format: 'relight-input/1',
      grid: 'ộ'.repeat(900_000),
      gridHash: '',
      pointsHash: '',
      configuration: DEFAULT_CORE_CONFIGURATION,
    },
  };
  writeFileSync(path, `${JSON.stringify(start)}\n${JSON.stringify(deadline(1))}\n`);
  const seen: InputRecord[] = [];
  readInputLog(path, (record) => seen.push(record));
  expect(seen).toEqual([start, deadline(1)]);
});

/** A process that writes without pause and prints each sequence reported durable. */
const ENDLESS = `
  import { openJournal } from ${JSON.stringify(new URL('./journal.ts', import.meta.url).href)};
  let n = 0;
  const opened = await openJournal({
    directory: process.argv[1], startedAt_ms: Date.now(),
    onDurable: (upTo) => { console.log('durable ' + upTo); more(); },
    onFailed: (reason) => { console.log('failed ' + reason); },
  });
  if (!opened.ok) throw new Error(opened.error.reason);
  function more() {
    for (let k = 0; k < 7; k++, n++) opened.value.append({
      inputs: [{ sequence: n, at_ms: 0, monotonic_ms: n, event: { kind: 'deadline' } }],
      journal: [{ sequence: n + 1, at_ms: 0, input: n, kind: 'plan', by: 'engine', about: null,
                  body: { text: 'x'.repeat(500) } }],
    });
  }
  more();
`;

/** Runs the endless writer until its output satisfies `enough`, then kills it without warning. */
async function runAndKill(
  command: readonly string[],
  enough: (out: string) => boolean,
): Promise<string> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    if (enough(out)) child.kill('SIGKILL');
  });
  await new Promise((resolve) => {
    child.on('close', resolve);
  });
  return out;
}
const node = [process.execPath, '--input-type=module', '-e', ENDLESS];

test('a process killed in the middle of writing loses nothing that was reported durable', async () => {
  const out = await runAndKill([...node, directory], (text) => text.split('\n').length > 40);
  const durable = Number([...out.matchAll(/durable (\d+)\n/g)].at(-1)?.[1]);
  expect(durable).toBeGreaterThan(30);
  const rows = [...readJournal(join(directory, JOURNAL_FILE))];
  expect(rows.length).toBeGreaterThanOrEqual(durable);
  const log = readdirSync(directory).find((name) => name.startsWith('input-')) ?? '';
  const end = readInputLog(join(directory, log), () => undefined);
  // Every decision on disk names an input that is on disk.
  expect(end.ok && end.value.records).toBeGreaterThan(rows.at(-1)?.record.input ?? Infinity);
  const next = await open();
  expect(next.journal.lastSequence).toBe(rows.length);
  await next.journal.close();
});

test('a full disk is reported, not thrown, and what was durable stays readable', async () => {
  // A limit on file size fails a write just as a full disk does.
  const limited = ['bash', '-c', 'ulimit -f 100; exec "$@"', 'limited', ...node, directory];
  const out = await runAndKill(limited, (text) => text.includes('failed'));
  expect(out).toMatch(/failed .*(full|too large|I\/O)/);
  const durable = Number([...out.matchAll(/durable (\d+)\n/g)].at(-1)?.[1]);
  expect([...readJournal(join(directory, JOURNAL_FILE))].length).toBeGreaterThanOrEqual(durable);
});

test('the worker refuses to run outside a thread', async () => {
  const worker = fileURLToPath(new URL('./journal-worker.ts', import.meta.url));
  const child = spawn(process.execPath, [worker], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect(code).not.toBe(0);
  expect(said).toContain('runs as a worker thread only');
});
