import { planForFault, planOptions } from '@relight/flisr';
import type { IdIndex } from '@relight/grid';
import { compileNetwork, normalPositions } from '@relight/topology';
import { modelOf } from './load-grid.ts';
import type { PlanCase } from './switching-rules.ts';

/**
 * What the engine makes of a request in ids; with `searchSteps` absent its own budget.
 * @param network - the grid of the request, compiled before: planning keeps things of it.
 */
export function planCase(
  asked: PlanCase,
  searchSteps?: number,
  network = compileNetwork(modelOf(asked.grid)),
) {
  const indices = (index: IdIndex, ids: ReadonlySet<string> | undefined) =>
    new Set([...(ids ?? [])].map((id) => index.get(id) ?? -1));
  const { switch: switches, node } = network.index;
  const options = planOptions({
    stuck: indices(switches, asked.stuck),
    untrusted: indices(switches, asked.untrusted),
    blocked: indices(switches, asked.blocked),
    keepDead: indices(node, asked.keepDead),
    phaseUnconfirmed: new Set(
      [...indices(node, asked.phaseUnconfirmed)].map((at) => network.nodeSection[at] ?? -1),
    ),
    coldLoadFactor: asked.coldLoadFactor ?? 1,
    allowShedding: asked.allowShedding ?? false,
    noTransfer: asked.noTransfer ?? false,
    emergencyRatings: asked.emergencyRatings ?? false,
    includeManual: asked.includeManual ?? false,
    forecast: (asked.hoursAhead ?? []).map((factors, hour) => ({
      ahead_h: hour + 1,
      factor: Float64Array.from(network.grid.loads, ({ id }) => factors.get(id) ?? 1),
      generation: Float64Array.from(
        network.grid.generators,
        ({ id }) => asked.generationAhead?.[hour]?.get(id) ?? 1,
      ),
    })),
    ...(searchSteps === undefined ? {} : { searchSteps }),
  });
  return planForFault(network, normalPositions(network), asked.faults, options);
}
