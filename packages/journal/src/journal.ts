import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { startThread } from '@relight/threads';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Authority } from './authority.ts';
import type { LeaseSeen } from './lease.ts';
import type { FromWorker, JournalBatch, ToWorker, WorkerStart } from './worker-messages.ts';

/** The journal's file in a journal directory. */
export const JOURNAL_FILE = 'journal.db';

export interface JournalOptions {
  /** Made if missing. Holds `journal.db` over all starts and one input log a start. */
  readonly directory: string;
  /** Wall time of this start, ms since 1970 UTC: names the input log. */
  readonly startedAt_ms: number;
  /** Every journal record up to this sequence is on disk. */
  readonly onDurable: (upTo: number) => void;
  /**
   * Writing failed; said once per reason. What was appended is kept and tried again every
   * 250 ms, and `onDurable` says when it worked; a journal too far behind gives up for good.
   */
  readonly onFailed: (reason: string) => void;
  /** Another process has the lease: nothing is written any more, and nothing may be sent. */
  readonly onDeposed?: (reason: string) => void;
  /** The lease that a standby has watched stand still; absent: only a dead holder is followed. */
  readonly deposes?: LeaseSeen;
  /** Most records kept while they cannot be written; default 200,000. */
  readonly maxWaiting?: number;
}

export interface Journal {
  /** Last sequence of earlier starts, 0 in a new journal; the next record is this plus one. */
  readonly lastSequence: number;
  /**
   * Last record of earlier starts that a signed head vouches for; behind `lastSequence` records
   * are missing that had been on disk.
   */
  readonly signedUpTo: number;
  /** Fencing token of this start: one more than that of whoever had the journal before. */
  readonly token: number;
  /** Whether this process still has the journal: to be asked before each byte to the field. */
  readonly authority: Authority;
  /** How long the newest group commit took until it was on disk, ms; 0: none yet. */
  readonly commit_ms: number;
  readonly journalPath: string;
  readonly inputLogPath: string;
  /**
   * Hands a tick over and returns at once; never throws. Inputs reach the disk before the
   * decisions of the same batch. Batches are written in order, several in one commit.
   */
  append(batch: JournalBatch): void;
  /** Writes what is waiting and ends the thread. */
  close(): Promise<void>;
}

/** Why a journal cannot be opened, in plain words. `held`: another process leads on it. */
export interface JournalRefused {
  readonly kind: 'refused' | 'held';
  readonly reason: string;
}

/**
 * Opens the journal of a directory in a thread of its own. The sequence goes on where the last
 * start ended; the input log is a new file. One writer a directory.
 */
export async function openJournal(
  options: JournalOptions,
): Promise<Result<Journal, JournalRefused>> {
  const { directory, startedAt_ms } = options;
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    return fail({ kind: 'refused', reason: String(cause) });
  }
  const authority = new Authority();
  const start: WorkerStart = {
    journalPath: join(directory, JOURNAL_FILE),
    inputLogPath: join(directory, inputLogName(startedAt_ms)),
    authority: authority.shared,
    deposes: options.deposes ?? null,
  };
  const worker = startThread(new URL('./journal-worker.ts', import.meta.url), start);
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const opened = await firstAnswer(worker);
  if (opened.type !== 'opened') {
    // It ends by itself once its files are closed: never in the middle of a call of SQLite.
    await ended;
    const { reason, held } =
      opened.type === 'refused' ? opened : { reason: 'the journal thread ended', held: false };
    return fail({ kind: held ? 'held' : 'refused', reason: `${directory}: ${reason}` });
  }
  return ok(new ThreadedJournal(worker, ended, start, opened, authority, options));
}

/** `input-20261121T235806123Z.jsonl`: sorts by time, fits every file system. */
function inputLogName(startedAt_ms: number): string {
  return `input-${new Date(startedAt_ms).toISOString().replaceAll(/[-:.]/g, '')}.jsonl`;
}

function firstAnswer(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve) => {
    const settle = (answer: FromWorker): void => {
      worker.off('message', settle);
      worker.off('error', broke);
      worker.off('exit', ended);
      resolve(answer);
    };
    const refused = (reason: string): FromWorker => ({ type: 'refused', reason, held: false });
    const ended = (): void => settle(refused('the journal thread ended'));
    const broke = (cause: unknown): void => settle(refused(String(cause)));
    worker.on('message', settle);
    worker.on('error', broke);
    worker.on('exit', ended);
  });
}

class ThreadedJournal implements Journal {
  readonly lastSequence: number;
  readonly signedUpTo: number;
  readonly token: number;
  readonly authority: Authority;
  readonly journalPath: string;
  readonly inputLogPath: string;
  commit_ms = 0;
  readonly #worker: Worker;
  readonly #options: JournalOptions;
  /** Records in each batch that is not on disk yet, oldest first. */
  #waiting: number[] = [];
  #waitingRecords = 0;
  #givenUp = false;
  #closing: Promise<void> | null = null;
  readonly #ended: Promise<void>;

  constructor(
    worker: Worker,
    ended: Promise<void>,
    start: WorkerStart,
    opened: Extract<FromWorker, { type: 'opened' }>,
    authority: Authority,
    options: JournalOptions,
  ) {
    this.token = opened.token;
    this.authority = authority;
    this.lastSequence = opened.lastSequence;
    this.signedUpTo = opened.signedUpTo;
    this.journalPath = start.journalPath;
    this.inputLogPath = start.inputLogPath;
    this.#worker = worker;
    this.#options = options;
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (cause) => this.#giveUp(`the journal thread broke: ${String(cause)}`));
    this.#ended = ended.then(() => {
      authority.lost();
      if (this.#closing === null) this.#giveUp('the journal thread ended');
    });
  }

  append(batch: JournalBatch): void {
    if (this.#givenUp || this.#closing !== null) return;
    const records = batch.inputs.length + batch.journal.length;
    if (records === 0) return;
    if (this.#waitingRecords + records > (this.#options.maxWaiting ?? 200_000)) {
      this.#giveUp(`${this.#waitingRecords} records wait to be written; the journal gives up`);
      return;
    }
    this.#waiting.push(records);
    this.#waitingRecords += records;
    this.#send({ type: 'append', batch });
  }

  close(): Promise<void> {
    if (this.#closing === null) {
      this.#closing = this.#ended;
      this.#send({ type: 'close' });
    }
    return this.#closing;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if (message.type === 'written') {
      this.commit_ms = message.took_ms;
      for (const records of this.#waiting.splice(0, message.batches)) {
        this.#waitingRecords -= records;
      }
      if (message.durable !== null && !this.#givenUp) this.#options.onDurable(message.durable);
    } else if (message.type === 'failed' && !this.#givenUp) {
      this.#options.onFailed(message.reason);
    } else if (message.type === 'deposed') {
      this.#giveUp(message.reason);
      this.#options.onDeposed?.(message.reason);
    }
  }

  #giveUp(reason: string): void {
    if (this.#givenUp) return;
    this.#givenUp = true;
    this.#options.onFailed(reason);
  }
}
