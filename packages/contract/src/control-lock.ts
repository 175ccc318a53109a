import { z } from 'zod';
import { Bilingual } from './signals.ts';

/**
 * After a restore from backup, or where the journal is damaged, nothing is commanded until two people have compared the tags and
 * earths of the control centre with those in the field and in the paper log.
 */
export const ControlLockView = z.object({
  because: Bilingual,
  since_ms: z.number(),
  /** Wall time at which the restored backup was made; null where the lock has another reason. */
  backup_ms: z.number().nullable(),
  /** Who has declared the tags reconciled; another person in another session has to agree. */
  declared: z
    .object({ by: z.string(), session: z.string(), note: z.string(), at_ms: z.number() })
    .nullable(),
});
export type ControlLockView = z.infer<typeof ControlLockView>;

/** Body of POST /control-lock/reconcile: the first person declares, the second one lifts the lock. */
export const ReconcileRequest = z.strictObject({ note: z.string().trim().min(3).max(1_000) });
export type ReconcileRequest = z.infer<typeof ReconcileRequest>;
