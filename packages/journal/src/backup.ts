import { BackupManifest, canonicalJson, RestoredMark } from '@relight/contract';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { AUDIT_KEY_FILES } from './audit-key.ts';
import { JOURNAL_FILE } from './journal.ts';
import { raiseTokenAfterRestore } from './lease.ts';
import { HEADS_FILE } from './signed-heads.ts';
import { verifyJournal } from './verify-journal.ts';

/** In a backup: what it holds, and the SHA-256 of each file. */
const MANIFEST_FILE = 'backup.json';
/** In a restored folder until the next start: the control centre locks control for it. */
const RESTORED_FILE = 'restored.json';
const DATABASE = /\.db$/;
const COPIED = [HEADS_FILE, ...AUDIT_KEY_FILES];

/**
 * Copies a journal folder while the control centre goes on writing: databases by SQLite's online
 * backup, in a state that was true at one moment; the signed heads and keys as they are. Input
 * logs stay where they are: they are for replay, not for going on.
 * @param to - Must not exist or be empty.
 * @throws Error in plain words; a backup that was not finished has no manifest.
 */
export async function backUpJournal(
  from: string,
  to: string,
  at_ms: number,
): Promise<{ readonly records: number; readonly files: readonly string[] }> {
  if (!existsSync(join(from, JOURNAL_FILE))) throw new Error(`${from} holds no ${JOURNAL_FILE}`);
  makeEmpty(to);
  const files: string[] = [];
  // Heads before the journal: a head must never vouch for a record the copy does not hold.
  for (const name of COPIED) {
    if (!existsSync(join(from, name))) continue;
    copyFileSync(join(from, name), join(to, name));
    files.push(name);
  }
  for (const name of readdirSync(from)
    .filter((each) => DATABASE.test(each))
    .toSorted()) {
    const source = new DatabaseSync(join(from, name), { readOnly: true });
    try {
      await backup(source, join(to, name));
    } finally {
      source.close();
    }
    files.push(name);
  }
  const verdict = verifyJournal(join(to, JOURNAL_FILE));
  if (!verdict.valid) {
    const { seq, problem } = verdict.firstBad ?? { seq: 0, problem: 'edited' };
    throw new Error(`record ${seq} of the journal is ${problem}: nothing to build on`);
  }
  const manifest: BackupManifest = {
    format: 'relight-backup/1',
    at_ms,
    records: verdict.records,
    files: Object.fromEntries(files.map((name) => [name, fingerprint(join(to, name))])),
  };
  writeWhole(join(to, MANIFEST_FILE), canonicalJson(manifest));
  return { records: verdict.records, files };
}

/**
 * Puts a backup into a journal folder. The next start finds that it was restored and locks control
 * until two people have reconciled the tags.
 * @param to - Must not exist or be empty, so that no journal is ever overwritten.
 * @throws Error in plain words; then nothing was put there, or no control centre will start on it.
 */
export function restoreJournal(
  from: string,
  to: string,
  at_ms: number,
): { readonly records: number; readonly backup_ms: number } {
  const manifest = readManifest(from);
  for (const [name, expected] of Object.entries(manifest.files)) {
    if (!existsSync(join(from, name))) throw new Error(`${name} is missing from the backup`);
    if (fingerprint(join(from, name)) !== expected)
      throw new Error(`${name} was changed after the backup`);
  }
  makeEmpty(to);
  // The mark first: whatever is cut off from here on, what stands there is known to be restored.
  writeWhole(
    join(to, RESTORED_FILE),
    canonicalJson({ backup_ms: manifest.at_ms, restored_ms: at_ms }),
  );
  for (const name of Object.keys(manifest.files)) {
    copyFileSync(join(from, name), join(to, name));
    if (name === AUDIT_KEY_FILES[0]) chmodSync(join(to, name), 0o600);
  }
  const { valid, records } = verifyJournal(join(to, JOURNAL_FILE));
  if (!valid) throw new Error('the restored journal is not valid');
  raiseTokenAfterRestore(join(to, JOURNAL_FILE));
  return { records, backup_ms: manifest.at_ms };
}

/** When the backup was made that this folder was restored from; null: it was not, or that is told already. */
export function restoredFrom(directory: string): number | null {
  const path = join(directory, RESTORED_FILE);
  if (!existsSync(path)) return null;
  // A mark that cannot be read is a mark all the same.
  return RestoredMark.safeParse(readJson(path)).data?.backup_ms ?? 0;
}

/** The lock stands in the journal, on disk: from now on the journal itself carries it over. */
export function noteRestoreTold(directory: string): void {
  const path = join(directory, RESTORED_FILE);
  if (existsSync(path)) renameSync(path, `${path}.told`);
}

function readManifest(from: string): BackupManifest {
  const { data: manifest } = BackupManifest.safeParse(readJson(join(from, MANIFEST_FILE)));
  if (manifest === undefined) throw new Error(`${from} holds no whole ${MANIFEST_FILE}`);
  for (const name of Object.keys(manifest.files)) {
    const known = COPIED.includes(name) || /^[\w-]+\.db$/.test(name);
    if (!known) throw new Error(`${name} belongs to no backup`);
  }
  if (manifest.files[JOURNAL_FILE] === undefined) throw new Error(`it holds no ${JOURNAL_FILE}`);
  return manifest;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function makeEmpty(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (readdirSync(directory).length > 0) throw new Error(`${directory} is not empty`);
}

function fingerprint(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** On disk, with its name, when it returns. */
function writeWhole(path: string, text: string): void {
  writeFileSync(path, text, { flush: true });
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
