import { z } from 'zod';
import { Reason } from './tags.ts';

/** Who confirmed the phase order, and how and when: by which measurement, on the spot. */
export const PhaseConfirmation = z.strictObject({
  by: z.string().trim().min(2).max(100),
  how: Reason,
});
export type PhaseConfirmation = z.infer<typeof PhaseConfirmation>;

/**
 * What a person says of a repair when they declare sections clear: whether conductors were joined
 * there (a cable joint, a conductor strung again), and if so who confirmed the phase order since.
 * Joined and not confirmed: no parallel and no tie through these sections until somebody does.
 */
export const RepairReport = z.strictObject({
  conductorsJoined: z.boolean(),
  phaseOrder: PhaseConfirmation.optional(),
});
export type RepairReport = z.infer<typeof RepairReport>;

/** A word on the phase order of one section, whenever it is known: in doubt, or confirmed. */
export const PhaseOrderReport = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('unconfirmed'), text: Reason }),
  z.strictObject({ state: z.literal('confirmed'), ...PhaseConfirmation.shape }),
]);
export type PhaseOrderReport = z.infer<typeof PhaseOrderReport>;

/** Conductors that were joined in a section, their phase order not confirmed, as the journal keeps it. */
export const StandingJoint = z.strictObject({
  section: z.string(),
  /** The incident in whose repair it was made, or what a person wrote. */
  text: z.string(),
  by: z.string(),
  byName: z.string(),
  at_ms: z.number(),
});
export type StandingJoint = z.infer<typeof StandingJoint>;
