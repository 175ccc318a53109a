import { z } from 'zod';
import { Bilingual } from './signals.ts';
import { Reason } from './tags.ts';

/**
 * What takes two people: another user in another session agrees to exactly what is shown, named by
 * its hash, within five minutes.
 */
export const ApprovalView = z.object({
  id: z.string(),
  what: z.enum([
    'command',
    'removeTag',
    'removeEarth',
    'clearUnknown',
    'sheddingList',
    'adoptNormal',
  ]),
  state: z.enum(['waiting', 'approved', 'refused', 'expired', 'withdrawn']),
  /** What will be done, in one line. */
  title: Bilingual,
  /** What must be known to agree: overridden interlocks, who loses supply, whose tag it is. */
  details: z.array(Bilingual),
  /** Typed by the person who asks; null where none is needed. */
  reason: z.string().nullable(),
  /** Id of the command, tag, earth or shedding list it is about. */
  about: z.string(),
  equipment: z.array(z.string()),
  /** SHA-256 of what is shown; an approval must name it. */
  hash: z.string(),
  /** Account ids and names. */
  by: z.string(),
  byName: z.string(),
  requestedAt_ms: z.number(),
  expiresAt_ms: z.number(),
  decidedBy: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt_ms: z.number().nullable(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** Agrees to what was shown. */
export const Approve = z.strictObject({ hash: z.string().min(1) });
export type Approve = z.infer<typeof Approve>;

/** Says no; the person who asked withdraws with it. */
export const Refuse = z.strictObject({ reason: Reason });
export type Refuse = z.infer<typeof Refuse>;

/** Two people clear an outcome nobody knows: where the device stands, as seen at the site. */
export const ClearUnknown = z.strictObject({
  seen: z.enum(['asWanted', 'asBefore']),
  reason: Reason,
});
export type ClearUnknown = z.infer<typeof ClearUnknown>;

/** Opens that two people agreed to beforehand: the bulk guard lets them pass. */
export const SheddingListView = z.object({
  id: z.string(),
  name: z.string(),
  /** Switch ids, in the order of shedding. */
  equipment: z.array(z.string()),
  state: z.enum(['waiting', 'approved', 'withdrawn']),
  byName: z.string(),
  approvedByName: z.string().nullable(),
  at_ms: z.number(),
});
export type SheddingListView = z.infer<typeof SheddingListView>;

export const PrepareShedding = z.strictObject({
  idempotencyKey: z.string().min(8).max(100),
  name: z.string().trim().min(1).max(100),
  equipment: z.array(z.string().min(1)).min(1).max(500),
});
export type PrepareShedding = z.infer<typeof PrepareShedding>;
