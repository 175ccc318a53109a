import { z } from 'zod';
import { ForecastFile } from './forecast.ts';
import { Bilingual } from './signals.ts';

/** A dated forecast that plans are made with. */
export const ForecastInForce = z.strictObject({
  /** SHA-256 of the canonical forecast. */
  hash: z.string(),
  /** Wall time it was made, ms since 1970 UTC. */
  madeAt_ms: z.number(),
  forecast: ForecastFile,
});
export type ForecastInForce = z.infer<typeof ForecastInForce>;

/** In how many hours from now the repair is expected to be done. */
export const RepairTimeRequest = z.strictObject({ repair_h: z.number().min(0.1).max(720) });
export type RepairTimeRequest = z.infer<typeof RepairTimeRequest>;

/** When the repair is expected to be done, and what the plan knows of the time until then. */
export const RepairView = z.object({
  /** Wall time. */
  due_ms: z.number(),
  /** Who said so; null: it is the usual time of the settings. */
  byName: z.string().nullable(),
  /** What the last plan took of the forecast, or why it took nothing. Absent: no plan yet. */
  forecast: z.object({ isUsed: z.boolean(), text: Bilingual }).optional(),
});
export type RepairView = z.infer<typeof RepairView>;
