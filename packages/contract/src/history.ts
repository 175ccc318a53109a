import { z } from 'zod';
import { EventView } from './console-protocol.ts';
import { Quality } from './signals.ts';

/** Longest piece of time one sample of the history speaks for, ms. */
export const HISTORY_SLOT_MS = 10_000;
/** Most samples of one series in one answer; a longer range has longer slots. */
export const HISTORY_MOST_SAMPLES = 2_000;
/** Most rows of one export; whoever wants more asks for one range after the other. */
export const HISTORY_MOST_ROWS = 50_000;

/** Latest time a JavaScript date can hold; what is later is no time. */
const LATEST_MS = 8.64e15;
const Time = z.coerce.number().min(0).max(LATEST_MS);

/** Which events are meant; what is absent does not limit. */
const eventFilters = {
  /** Exact id. */
  equipment: z.string().min(1).max(200).optional(),
  quality: Quality.optional(),
  /** Words that must all be there, in either language or the id; small letters and without marks do. */
  text: z.string().max(200).optional(),
};

/** `GET /history/events`: by the time they were received, from inclusive, to exclusive. */
export const EventHistoryQuery = z.strictObject({
  from_ms: Time.optional(),
  to_ms: Time.optional(),
  ...eventFilters,
  /** Only rows with a smaller `sequence`: the last one of the page before. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});
export type EventHistoryQuery = z.infer<typeof EventHistoryQuery>;

/** `GET /history/events.csv`: as above, but a range must be named, and all of it is given. */
export const EventExportQuery = z.strictObject({ from_ms: Time, to_ms: Time, ...eventFilters });
export type EventExportQuery = z.infer<typeof EventExportQuery>;

/**
 * Newest first. `id` and `sequence` are those of the history, which goes on over restarts; those of
 * the stream begin anew with each start.
 */
export const EventHistory = z.object({
  events: z.array(EventView),
  /** There are older ones that match: ask again with `before`. */
  more: z.boolean(),
  /** Receive time of the oldest event kept, ms; null: none is. */
  keptFrom_ms: z.number().nullable(),
});
export type EventHistory = z.infer<typeof EventHistory>;

/** `GET /history/values`: ids of measurements with commas, and a range. */
export const ValueHistoryQuery = z.strictObject({
  points: z
    .string()
    .transform((text) => text.split(',').map((id) => id.trim()))
    .pipe(z.array(z.string().min(1).max(400)).min(1).max(8)),
  from_ms: Time,
  to_ms: Time,
});
export type ValueHistoryQuery = z.infer<typeof ValueHistoryQuery>;

const Samples = z.array(z.number().nullable());

/** One raster for all series; null: no value that could be trusted was there, which is not zero. */
export const ValueHistory = z.object({
  /** Length of a slot, ms: `HISTORY_SLOT_MS` or a multiple. */
  step_ms: z.number(),
  /** Begin of each slot, ms, rising by `step_ms`. */
  times_ms: z.array(z.number()),
  series: z.array(
    z.object({
      point: z.string(),
      /** The last value in the slot. */
      values: Samples,
      /** Least and greatest in the slot. */
      low: Samples,
      high: Samples,
    }),
  ),
  /** Begin of the oldest samples kept, ms; null: none are. */
  keptFrom_ms: z.number().nullable(),
});
export type ValueHistory = z.infer<typeof ValueHistory>;
