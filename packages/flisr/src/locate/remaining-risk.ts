import type { FaultLocation } from '../plan-request.ts';

/**
 * Probability that what is live at the end of a plan holds the fault: what is left outside the isolated
 * set, less the sections outside it that stay dark all the same.
 * @param dark - sections that are kept dead or stay dark.
 */
export function remainingRisk(location: FaultLocation, dark: ReadonlySet<number>): number {
  const isolated = new Set(location.isolate);
  let risk = location.outside;
  for (const { section, probability } of location.candidates) {
    if (dark.has(section) && !isolated.has(section)) risk -= probability;
  }
  return Math.max(risk, 0);
}
