import { DatabaseSync } from 'node:sqlite';

/** Another process has what was asked for, and is alive. */
export class Held extends Error {
  override readonly name = 'Held';
}

/**
 * Locks a file of its own by an exclusive SQLite transaction. The operating system drops the lock
 * when the process dies, however it dies, and readers of the journal itself are not disturbed.
 * @returns how to let it go.
 * @throws Held when another process holds it.
 */
export function lockFile(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Held('another process writes to this journal directory', { cause });
  }
  return () => database.close();
}
