import type { IncidentView } from '@relight/contract';

/** So many incidents that opened within the time below of each other are one event to a person. */
const FEWEST_FEEDERS = 5;
/** Trips further apart than this belong to different gusts, ms. */
const APART_MS = 120_000;

/** Several incidents that began together: shown as one card, a row for each feeder. */
export interface Storm {
  readonly incidents: readonly IncidentView[];
  readonly openedAt_ms: number;
  /** Feeder ids, each once, in the order in which they tripped. */
  readonly feeders: readonly string[];
  readonly customersOut: number;
  readonly customersRestored: number;
}

/** What stands in the list of incidents: one incident, or a storm of them. */
export type Case =
  | { readonly kind: 'incident'; readonly incident: IncidentView }
  | { readonly kind: 'storm'; readonly storm: Storm };

/**
 * Groups incidents that opened one shortly after the other, where at least five feeders are in it;
 * they stay together when they are over. Everything else stays as it was, in the order given.
 */
export function casesOf(incidents: readonly IncidentView[]): readonly Case[] {
  const byTime = [...incidents].sort((a, b) => a.openedAt_ms - b.openedAt_ms);
  const gusts: IncidentView[][] = [];
  for (const incident of byTime) {
    const last = gusts.at(-1);
    const before = last?.at(-1);
    if (
      last !== undefined &&
      before !== undefined &&
      incident.openedAt_ms - before.openedAt_ms <= APART_MS
    )
      last.push(incident);
    else gusts.push([incident]);
  }
  const stormOf = new Map<string, Storm>();
  for (const gust of gusts) {
    const feeders = [...new Set(gust.flatMap((incident) => incident.feeders))];
    if (gust.length < 2 || feeders.length < FEWEST_FEEDERS) continue;
    const storm: Storm = {
      incidents: gust,
      openedAt_ms: gust[0]?.openedAt_ms ?? 0,
      feeders,
      customersOut: gust.reduce((sum, { customersOut }) => sum + customersOut, 0),
      customersRestored: gust.reduce((sum, { customersRestored }) => sum + customersRestored, 0),
    };
    for (const { id } of gust) stormOf.set(id, storm);
  }
  const told = new Set<Storm>();
  return incidents.flatMap((incident): Case[] => {
    const storm = stormOf.get(incident.id);
    if (storm === undefined) return [{ kind: 'incident', incident }];
    if (told.has(storm)) return [];
    told.add(storm);
    return [{ kind: 'storm', storm }];
  });
}
