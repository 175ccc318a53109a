import { z } from 'zod';
import { Bilingual } from './signals.ts';

/** What a person asks about a standing earth fault of a network without an earthed neutral. */
export const EarthFaultAction = z.discriminatedUnion('action', [
  /** Opens the feeder that comes next, or the one named, and watches 3U0. */
  z.strictObject({ action: z.literal('tryFeeder'), feeder: z.string().min(1).optional() }),
  /** No further feeder; one that is open for the search is closed again. */
  z.strictObject({ action: z.literal('stopSearch') }),
  /** The found feeder stays open: its part is kept dead until a person lifts that. */
  z.strictObject({ action: z.literal('leaveOpen') }),
  /** The found feeder is closed again and runs with the earth fault for so long. */
  z.strictObject({ action: z.literal('runFor'), time_min: z.int().min(1).max(480) }),
]);
export type EarthFaultAction = z.infer<typeof EarthFaultAction>;

/**
 * `standing`: 3U0 stands and nobody searches · `searching`: a feeder is open for the search, or on
 * its way · `found`: 3U0 went with the feeder that is open now · `leftOpen`: it stays open ·
 * `running`: it runs with the earth fault · `gone`: 3U0 has gone by itself.
 */
export const EarthFaultState = z.enum([
  'standing',
  'searching',
  'found',
  'leftOpen',
  'running',
  'gone',
]);
export type EarthFaultState = z.infer<typeof EarthFaultState>;

export const EarthFaultView = z.object({
  id: z.string(),
  state: EarthFaultState,
  /** Transformer or source whose network has the earth fault. */
  network: z.string(),
  /** Where 3U0 is measured, and its last reading. */
  equipment: z.string(),
  neutralVoltage_kV: z.number().nullable(),
  /** Since when the network has had the earth fault; null once it has not. */
  since_ms: z.number().nullable(),
  /** Until when it may run so; null: no time was given. */
  runUntil_ms: z.number().nullable(),
  /** In the order of the search: fewest customers first. */
  feeders: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      customers: z.int(),
      state: z.enum(['waiting', 'open', 'sound', 'faulted']),
    }),
  ),
  text: Bilingual,
});
export type EarthFaultView = z.infer<typeof EarthFaultView>;
