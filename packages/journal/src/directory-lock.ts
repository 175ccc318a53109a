import { DatabaseSync } from 'node:sqlite';

/**
 * Keeps a second writer out of a journal directory: an exclusive SQLite transaction on a file
 * of its own. The operating system drops it when the process dies, however it dies, and readers
 * of the journal itself are not disturbed.
 * @throws Error when another process holds it.
 */
export function lockDirectory(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Error('another process writes to this journal directory', { cause });
  }
  return () => database.close();
}
