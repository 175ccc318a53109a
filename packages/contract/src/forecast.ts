import { z } from 'zod';

export const FORECAST_FORMAT = 'relight-forecast/1';

const factor = z.number().min(0).max(20);

/** Expected load over the load before the fault: of single loads, of feeders, of all the rest. */
export const ForecastHourFile = z.object({
  /** Hours from now. */
  ahead_h: z.number().positive().max(8_760),
  factor: factor.optional(),
  /** By feeder id: the loads it supplies before the fault. */
  feeders: z.record(z.string(), factor).optional(),
  /** By load id; beats the feeder. */
  loads: z.record(z.string(), factor).optional(),
});
export type ForecastHourFile = z.infer<typeof ForecastHourFile>;

/** `relight-forecast/1`: the load expected over the repair, hour by hour, in any order. */
export const ForecastFile = z.object({
  format: z.literal(FORECAST_FORMAT),
  hours: z
    .array(ForecastHourFile)
    .min(1)
    .refine((hours) => new Set(hours.map(({ ahead_h }) => ahead_h)).size === hours.length, {
      message: 'each ahead_h stands once',
    }),
});
export type ForecastFile = z.infer<typeof ForecastFile>;
