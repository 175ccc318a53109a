import { z } from 'zod';

/**
 * What a person may be. Rights are role × area × action: `packages/operations` knows the actions of
 * the core, the control centre those of its routes; what no role names is denied.
 */
export const Role = z.enum([
  'viewer',
  'dispatcher',
  'shiftLead',
  'engineer',
  'tagOfficer',
  'administrator',
  'auditor',
  'integration',
]);
export type Role = z.infer<typeof Role>;

/** Who asks, as the control centre proved it at the door; recorded with every request. */
export const Actor = z.strictObject({
  /** Account id, unique; never reused. */
  user: z.string().min(1),
  /** As it is shown and printed. */
  name: z.string().min(1),
  /** One log-in of that user: two-person actions want another user and another session. */
  session: z.string().min(1),
  roles: z.array(Role).min(1),
  /** Ids of substations (areas of responsibility); null: all of them. */
  areas: z.array(z.string()).nullable(),
});
export type Actor = z.infer<typeof Actor>;
