import type { InputRecord, JournalRecord } from '@relight/contract';
import type { LeaseSeen } from './lease.ts';

/** What one tick leaves behind. Inputs are durable before the decisions they led to. */
export interface JournalBatch {
  readonly inputs: readonly InputRecord[];
  readonly journal: readonly JournalRecord[];
}

export interface WorkerStart {
  readonly journalPath: string;
  readonly inputLogPath: string;
  /** Memory of an `Authority`. */
  readonly authority: SharedArrayBuffer;
  /** The lease a standby has watched stand still; null: only a dead holder is followed. */
  readonly deposes: LeaseSeen | null;
}

export type ToWorker =
  | { readonly type: 'append'; readonly batch: JournalBatch }
  | { readonly type: 'close' };

export type FromWorker =
  | {
      readonly type: 'opened';
      readonly lastSequence: number;
      /** Last record a signed head vouches for. */
      readonly signedUpTo: number;
      readonly token: number;
    }
  /** `held`: another process leads on it. */
  | { readonly type: 'refused'; readonly reason: string; readonly held: boolean }
  /**
   * `batches` more are on disk, which took `took_ms`; `durable` is the last journal sequence if it
   * moved.
   */
  | {
      readonly type: 'written';
      readonly batches: number;
      readonly durable: number | null;
      readonly took_ms: number;
    }
  | { readonly type: 'failed'; readonly reason: string }
  /** Another process has the lease: nothing is written any more, for good. */
  | { readonly type: 'deposed'; readonly reason: string }
  | { readonly type: 'closed' };
