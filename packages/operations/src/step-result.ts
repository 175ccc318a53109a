import type {
  Accepted,
  CommandView,
  ControlOrder,
  Delta,
  Gate,
  JournalRecord,
  RestError,
} from '@relight/contract';

/** The answer to one operator request, by its `requestId`; `status` is the HTTP status to give. */
export interface RequestReply {
  readonly requestId: string;
  readonly status: 202 | 403 | 404 | 409 | 422 | 503;
  readonly command?: CommandView;
  /** What a request for a tag, an earth, an approval or a list made. */
  readonly accepted?: Accepted;
  readonly gates?: readonly Gate[];
  readonly error?: RestError;
}

/** Console lists that changed, as upserts; the shell numbers and sends them. */
export type ViewChanges = Omit<Delta, 'type' | 'sequence' | 'serverTime_ms'>;

/**
 * What one step wants done, in this order: append and sync `journal`; send `orders` (each was
 * made durable by an earlier record); ask for `integrityPolls`; answer `replies`; show `changes`;
 * wake the fold with a `deadline` event at `deadline_ms` of the monotonic clock.
 *
 * The decisions compared in replay are canonicalJson({ journal, orders, integrityPolls }).
 */
export interface StepResult {
  readonly journal: readonly JournalRecord[];
  readonly orders: readonly ControlOrder[];
  readonly integrityPolls: readonly {
    readonly requestId: string;
    readonly rtus: readonly string[];
  }[];
  readonly replies: readonly RequestReply[];
  readonly changes: ViewChanges;
  readonly deadline_ms: number | null;
}
