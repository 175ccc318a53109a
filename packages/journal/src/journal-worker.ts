import { dirname, join } from 'node:path';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openAuditKey } from './audit-key.ts';
import { Held } from './directory-lock.ts';
import { InputLogWriter } from './input-log-writer.ts';
import { JournalStore } from './journal-store.ts';
import { Authority } from './authority.ts';
import { Deposed, RENEW_EVERY_MS } from './lease.ts';
import { HEADS_FILE, HeadsWriter } from './signed-heads.ts';
import type { JournalRecord } from '@relight/contract';
import type { FromWorker, JournalBatch, ToWorker, WorkerStart } from './worker-messages.ts';

// The thread that owns the files of the journal. Whatever waits in the port is written as one
// group: inputs, sync, then one transaction of decisions, then one report. Each transaction renews the
// lease, and one a second does nothing else. Now and then, and at the end, the head of the chain is
// signed into a file of its own.

const RETRY_MS = 250;
const SIGN_EVERY_MS = 10_000;
const SIGN_EVERY_RECORDS = 500;
const port = parentPort;
if (port === null) throw new Error('the journal worker runs as a worker thread only');
const say = (message: FromWorker): void => port.postMessage(message);

/** What this thread holds open; closed in the opposite order, whatever ends it. */
const toClose: (() => void)[] = [];
function closeAll(): void {
  for (const close of toClose.splice(0).toReversed()) close();
}

try {
  const { journalPath, inputLogPath, authority: shared, deposes } = workerData as WorkerStart;
  const directory = dirname(journalPath);
  const authority = new Authority(shared);
  const began_ns = process.hrtime.bigint();
  const store = new JournalStore(journalPath, deposes);
  toClose.push(() => store.close());
  authority.renewed(began_ns);
  const heads = new HeadsWriter(join(directory, HEADS_FILE), openAuditKey(directory));
  toClose.push(() => heads.close());
  const log = new InputLogWriter(inputLogPath);
  toClose.push(() => log.close());
  const { lastSequence, lastHash, token } = store;
  const { signedUpTo } = heads;
  // Also where it says that records are gone which an earlier head vouches for.
  heads.append({ sequence: lastSequence, hash: lastHash, at_ms: Date.now() });
  say({ type: 'opened', lastSequence, signedUpTo, token });

  /** Not yet on disk, oldest first; the sender bounds how many there can be. */
  let waiting: JournalBatch[] = [];
  /** How many of `waiting` have their inputs on disk already. */
  let inputsDone = 0;
  let closing = false;
  let retry: NodeJS.Timeout | null = null;
  /** The failure that was reported last; null while all is well. */
  let failing: string | null = null;
  let signed = { sequence: lastSequence, at_ms: Date.now() };
  let deposed = false;

  const take = (message: ToWorker): void => {
    if (message.type === 'append') waiting.push(message.batch);
    else closing = true;
  };
  const signHead = (): void => {
    const sequence = store.lastSequence;
    const at_ms = Date.now();
    const due =
      sequence - signed.sequence >= SIGN_EVERY_RECORDS || at_ms - signed.at_ms >= SIGN_EVERY_MS;
    if (sequence === signed.sequence || (!due && !closing)) return;
    heads.append({ sequence, hash: store.lastHash, at_ms });
    signed = { sequence, at_ms };
  };
  /** One transaction: the records, if any, and the renewal of the lease. */
  const commit = (records: readonly JournalRecord[]): void => {
    const since_ns = process.hrtime.bigint();
    store.append(records);
    authority.renewed(since_ns);
  };
  const write = (): void => {
    if (retry !== null) clearTimeout(retry);
    retry = null;
    const began_write_ns = process.hrtime.bigint();
    try {
      const inputs = waiting.slice(inputsDone).flatMap((batch) => batch.inputs);
      if (inputs.length > 0) log.append(inputs);
      inputsDone = waiting.length;
      const records = waiting.flatMap((batch) => batch.journal);
      if (records.length > 0 || failing !== null) commit(records);
      const batches = waiting.length;
      waiting = [];
      inputsDone = 0;
      signHead();
      // After a failure the sender wants to hear that all is well even if no decision waited.
      const well = failing !== null;
      const durable = records.length > 0 || well ? store.lastSequence : null;
      failing = null;
      if (batches > 0 || well) {
        const took_ms = Number(process.hrtime.bigint() - began_write_ns) / 1e6;
        say({ type: 'written', batches, durable, took_ms });
      }
    } catch (cause) {
      noteFailure(cause);
    }
    if (closing) end();
  };
  const noteFailure = (cause: unknown): void => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof Deposed) {
      deposed = true;
      authority.lost();
      say({ type: 'deposed', reason });
      end();
      return;
    }
    if (reason !== failing) say({ type: 'failed', reason });
    failing = reason;
    if (!closing) retry ??= setTimeout(write, RETRY_MS);
  };
  const end = (): void => {
    clearInterval(signing);
    clearInterval(renewing);
    if (retry !== null) clearTimeout(retry);
    closeAll();
    if (!deposed) say({ type: 'closed' });
    port.close();
  };
  const renewing = setInterval(() => {
    // While a failure is tried again, that is the renewal.
    if (retry !== null) return;
    try {
      commit([]);
    } catch (cause) {
      noteFailure(cause);
    }
  }, RENEW_EVERY_MS);
  const signing = setInterval(() => {
    if (retry === null) write();
  }, SIGN_EVERY_MS);
  port.on('message', (message: ToWorker) => {
    if (deposed) return;
    take(message);
    for (let more = receiveMessageOnPort(port); more !== undefined;) {
      take(more.message as ToWorker);
      more = receiveMessageOnPort(port);
    }
    // While a retry is booked, newcomers wait for it: one report a try is enough.
    if (retry === null || closing) write();
  });
} catch (cause) {
  // Nothing stays open behind a refusal: the next start must find the directory free.
  closeAll();
  const reason = cause instanceof Error ? cause.message : String(cause);
  say({ type: 'refused', reason, held: cause instanceof Held });
  port.close();
}
