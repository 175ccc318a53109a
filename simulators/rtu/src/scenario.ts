import { Misbehaviour, PlaceFault } from '@relight/contract';
import { z } from 'zod';

export const SCENARIO_FORMAT = 'relight-scenario/1';

/** What is to happen when, in seconds after the start of the simulation. */
export const ScenarioFile = z.strictObject({
  format: z.literal(SCENARIO_FORMAT),
  grid: z.string().optional(),
  events: z.array(
    z.union([
      z.strictObject({ at_s: z.number().nonnegative(), fault: PlaceFault }),
      z.strictObject({ at_s: z.number().nonnegative(), repair: z.string() }),
      z.strictObject({
        at_s: z.number().nonnegative(),
        device: z.string(),
        misbehaviour: Misbehaviour,
      }),
    ]),
  ),
});
export type ScenarioFile = z.infer<typeof ScenarioFile>;
export type ScenarioEvent = ScenarioFile['events'][number];
