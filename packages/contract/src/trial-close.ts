import { z } from 'zod';
import { Bilingual } from './signals.ts';

/**
 * A person declares one trial close: the only close onto a part that may hold a fault. Everything
 * asked for here must be said anew for every trial.
 */
export const TrialCloseRequest = z.strictObject({
  /** Breaker or recloser that makes the close. */
  equipment: z.string().min(1),
  reason: z.string().trim().min(3).max(500),
  /** What the patrol found, or which half is to be tested where there was none. */
  basis: z.enum(['patrol', 'half']),
  finding: z.string().trim().min(3).max(500),
  /** Every crew is confirmed clear of the part. */
  crewsClear: z.literal(true),
});
export type TrialCloseRequest = z.infer<typeof TrialCloseRequest>;

/** How a declared trial stands: `held` cleared its sections, `tripped` ruled the others out. */
export const TrialState = z.enum(['closing', 'watching', 'held', 'tripped', 'failed']);
export type TrialState = z.infer<typeof TrialState>;

export const TrialView = z.object({
  /** What could be declared now, the best first. */
  proposed: z.array(
    z.object({
      equipment: z.string(),
      /** Section ids it would energise. */
      sections: z.array(z.string()),
      probability: z.number(),
      /** Switch to open first so that about half is tested; null: none does better. */
      splitAt: z.string().nullable(),
    }),
  ),
  /** Devices before the part that may not, and why. */
  refused: z.array(z.object({ equipment: z.string(), why: Bilingual })),
  /** The last one declared; null: none. */
  declared: z
    .object({
      equipment: z.string(),
      sections: z.array(z.string()),
      state: TrialState,
      by: z.string(),
      at_ms: z.number(),
    })
    .nullable(),
});
export type TrialView = z.infer<typeof TrialView>;
