import { z } from 'zod';
import { Bilingual } from './signals.ts';

/** A person asks for the way back to the normal state, once the faulted part is repaired. */
export const WayBackRequest = z.strictObject({
  reason: z.string().trim().min(3).max(500),
  /** Customers may be off for a moment where they cannot be moved back otherwise. */
  mayInterrupt: z.boolean(),
});
export type WayBackRequest = z.infer<typeof WayBackRequest>;

/**
 * What stands in the way of it, each for itself: `blocks` nobody has lifted, a `permit` not handed
 * back, an `earth` not recorded removed, a `tag` that forbids, a position that is no fresh `evidence`,
 * a `mode` that forbids, an `earthFault` that stands, a plan `atWork` on the same feeders.
 */
export const WayBackCondition = z.object({
  kind: z.enum(['blocks', 'permit', 'earth', 'tag', 'evidence', 'mode', 'earthFault', 'atWork']),
  text: Bilingual,
  /** What to do about it. */
  next: Bilingual,
});
export type WayBackCondition = z.infer<typeof WayBackCondition>;

export const WayBackView = z.object({
  /** It may be asked for now. */
  offered: z.boolean(),
  missing: z.array(WayBackCondition),
  /** Switches that are off their normal position by this incident, by id. */
  offNormal: z.array(z.object({ switch: z.string(), normal: z.enum(['open', 'closed']) })),
  /** Who has asked for it; null: nobody, or it is over. */
  asked: z
    .object({
      by: z.string(),
      reason: z.string(),
      at_ms: z.number(),
      mayInterrupt: z.boolean(),
    })
    .nullable(),
});
export type WayBackView = z.infer<typeof WayBackView>;
