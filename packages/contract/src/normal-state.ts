import { z } from 'zod';
import { Reason } from './tags.ts';

export const NORMAL_STATE_FORMAT = 'relight-normal-state/1';

/** A switch whose normal position is not that of the grid file any more, by decision of two people. */
export const AdoptedPosition = z.strictObject({
  switch: z.string(),
  position: z.enum(['open', 'closed']),
  /** Account ids and names of the two. */
  by: z.string(),
  byName: z.string(),
  reason: z.string(),
  at_ms: z.number(),
});
export type AdoptedPosition = z.infer<typeof AdoptedPosition>;

/** Where these switches stand now becomes their normal position, once a second person agrees. */
export const AdoptNormal = z.strictObject({
  idempotencyKey: z.string().min(8).max(100),
  switches: z.array(z.string().min(1)).min(1).max(200),
  reason: Reason,
});
export type AdoptNormal = z.infer<typeof AdoptNormal>;

/** What differs from the grid file, to be put into it by an engineer. */
export const NormalState = z.strictObject({
  format: z.literal(NORMAL_STATE_FORMAT),
  grid: z.string(),
  adopted: z.array(AdoptedPosition),
});
export type NormalState = z.infer<typeof NormalState>;
