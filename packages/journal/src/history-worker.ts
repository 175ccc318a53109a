import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { HistoryKeeper } from './history-keeper.ts';
import type { FromHistory, HistoryStart, ToHistory } from './history-messages.ts';
import { HistoryStore } from './history-store.ts';

// The thread that owns the history. Nothing waits for it: when it is late, values are missing from
// a trend, and nothing else.

const port = parentPort;
if (port === null) throw new Error('the history worker runs as a worker thread only');
const say = (message: FromHistory, moved: ArrayBuffer[] = []): void =>
  port.postMessage(message, moved);

const start = workerData as HistoryStart;
let told: string | null = null;
const tell = (reason: string | null): void => {
  if (reason !== told) say({ type: 'trouble', reason });
  told = reason;
};

const keeper = open();
port.on('message', (message: ToHistory) => {
  if (message.type === 'portion') {
    keeper?.take(message.portion);
    if (keeper !== null) tell(keeper.trouble);
    say({ type: 'taken' });
  } else if (message.type === 'ask') answer(message);
  else {
    keeper?.close();
    port.close();
  }
});

function answer({ id, question }: Extract<ToHistory, { type: 'ask' }>): void {
  if (keeper === null) return say({ type: 'notFound', id, reason: told ?? 'it is not open' });
  try {
    const found = keeper.answer(question);
    const moved = found.what === 'table' && found.found !== null ? [found.found.buffer] : [];
    say({ type: 'found', id, answer: found }, moved);
  } catch (cause) {
    say({ type: 'notFound', id, reason: wordsOf(cause) });
  }
  return undefined;
}

/** A file that cannot be used is put aside once: a past that is lost must not cost the one to come. */
function open(): HistoryKeeper | null {
  const path = join(start.directory, 'history.db');
  try {
    mkdirSync(start.directory, { recursive: true });
    return new HistoryKeeper(start, new HistoryStore(path));
  } catch (cause) {
    tell(wordsOf(cause));
  }
  try {
    const aside = join(start.directory, `damaged-${Date.now()}`);
    mkdirSync(aside);
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, join(aside, `history.db${end}`));
    }
    return new HistoryKeeper(start, new HistoryStore(path));
  } catch (cause) {
    tell(wordsOf(cause));
    return null;
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
