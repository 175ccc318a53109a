import { z } from 'zod';

export const FORECAST_FORMAT = 'relight-forecast/1';

const factor = z.number().min(0).max(20);
const factors = z.record(z.string(), factor);

/** Expected load and generation: of single ones, of feeders, of all the rest. */
export const ForecastHourFile = z.object({
  /** Hours from now, above 0; in a dated forecast from `madeAt` to where the hour begins. */
  ahead_h: z.number().min(0).max(8_760),
  factor: factor.optional(),
  /** By feeder id: the loads it supplies before the fault. */
  feeders: factors.optional(),
  /** By load id; beats the feeder. */
  loads: factors.optional(),
  /** Of every generator, over the file's power; absent: they go on as they are. */
  generation: factor.optional(),
  /** By generator id; beats `generation`. */
  generators: factors.optional(),
});
export type ForecastHourFile = z.infer<typeof ForecastHourFile>;

/**
 * `relight-forecast/1`: load and generation expected over the repair, hour by hour. Factors are over
 * the load before the fault.
 *
 * A dated one, with `madeAt` and `step_h`, can be told from a later time on: each hour then stands
 * for the `step_h` from its beginning, one after the other without a gap, and of its factors, over
 * the power in the grid file, only the change from the hour that holds now counts.
 */
export const ForecastFile = z
  .object({
    format: z.literal(FORECAST_FORMAT),
    /** When it was made. */
    madeAt: z.iso.datetime({ offset: true }).optional(),
    /** How long each hour of the list stands for. */
    step_h: z.number().min(0.25).max(24).optional(),
    hours: z.array(ForecastHourFile).min(1),
  })
  .superRefine(({ madeAt, step_h, hours }, context) => {
    const problem = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    hours.forEach(({ ahead_h }, at) => {
      const first = hours.findIndex((other) => other.ahead_h === ahead_h);
      if (first !== at) {
        problem(['hours', at, 'ahead_h'], `${ahead_h} stands in hours[${first}] already`);
      }
    });
    if ((madeAt === undefined) !== (step_h === undefined)) {
      const [has, lacks] = madeAt === undefined ? ['step_h', 'madeAt'] : ['madeAt', 'step_h'];
      problem([lacks], `is missing; a forecast with ${has} is a dated one and needs it`);
    }
    if (step_h === undefined) {
      const now = hours.findIndex(({ ahead_h }) => ahead_h === 0);
      if (now !== -1) problem(['hours', now, 'ahead_h'], 'expected a number greater than 0, got 0');
      return;
    }
    hours.forEach(({ ahead_h }, at) => {
      const before = hours[at - 1]?.ahead_h;
      if (before === undefined) return;
      const expected = before + step_h;
      if (Math.abs(ahead_h - expected) < 1e-6 || ahead_h === before) return;
      const what =
        ahead_h < before
          ? 'the hours are not in order'
          : ahead_h > expected
            ? `nothing is said from ${round(expected)} to ${ahead_h} h`
            : `it overlaps the one before by ${round(expected - ahead_h)} h`;
      problem(
        ['hours', at, 'ahead_h'],
        `expected ${round(expected)} (${before} and step_h ${step_h}), got ${ahead_h}: ${what}`,
      );
    });
  });
export type ForecastFile = z.infer<typeof ForecastFile>;

function round(hours: number): number {
  return Math.round(hours * 1e6) / 1e6;
}
