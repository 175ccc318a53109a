import { Misbehaviour, PlaceFault } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { z } from 'zod';
import { layOutRtus } from './rtu-layout.ts';

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

/** What a scenario names that the grid has not, each with its place in the file; empty if nothing. */
export function unknownInScenario(
  scenario: ScenarioFile,
  grid: Grid,
): readonly { readonly path: string; readonly message: string }[] {
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
  const places = new Set(
    [grid.lines, grid.transformers, grid.connectivityNodes, grid.switches].flatMap(ids),
  );
  const devices = new Set([...places, ...ids(grid.faultIndicators), ...ids(layOutRtus(grid))]);
  return scenario.events.flatMap((event, i) => {
    if ('fault' in event && !places.has(event.fault.equipment)) {
      const message = `grid ${grid.id} has no equipment "${event.fault.equipment}"`;
      return [{ path: `events[${i}].fault.equipment`, message }];
    }
    if ('device' in event && !devices.has(event.device)) {
      const message = `grid ${grid.id} has no device or RTU "${event.device}"`;
      return [{ path: `events[${i}].device`, message }];
    }
    return [];
  });
}
