import type { EarthFaultView } from '@relight/contract';
import { useLive, useUi } from '../app-context.ts';

/** It wants a person still: 3U0 stands, or a feeder is open for the search or found. */
export function wantsPerson({ state }: EarthFaultView): boolean {
  return state !== 'gone' && state !== 'leftOpen';
}

/** Those that want a person first, then the newest. */
export function byNeed(a: EarthFaultView, b: EarthFaultView): number {
  return Number(wantsPerson(b)) - Number(wantsPerson(a)) || (b.since_ms ?? 0) - (a.since_ms ?? 0);
}

/**
 * The earth fault the incident view shows: the chosen one; where nothing was chosen, one that wants
 * a person while no incident is open.
 */
export function useShownEarthFault(): EarthFaultView | null {
  const chosen = useUi((state) => state.incident);
  const faults = useLive((state) => state.earthFaults);
  const incidents = useLive((state) => state.incidents);
  const known = chosen === null ? undefined : faults.get(chosen);
  if (known !== undefined) return known;
  if (chosen !== null && incidents.has(chosen)) return null;
  if ([...incidents.values()].some(({ closedAt_ms }) => closedAt_ms === null)) return null;
  return [...faults.values()].filter(wantsPerson).sort(byNeed)[0] ?? null;
}
