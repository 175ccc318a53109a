import type { PlanOptions } from './plan-request.ts';

/**
 * Search steps of a plan when the caller names none: 50 ms at 5 µs each. On a large grid, where
 * nothing is proved, a step takes up to 10 µs.
 */
export const DEFAULT_SEARCH_STEPS = 10_000;

const NONE: ReadonlySet<number> = new Set();

/** The options of an ordinary plan, with what the caller wants different. */
export function planOptions(changes: Partial<PlanOptions> = {}): PlanOptions {
  return {
    stuck: NONE,
    untrusted: NONE,
    blocked: NONE,
    outOfMode: NONE,
    keepDead: NONE,
    phaseUnconfirmed: NONE,
    coldLoadFactor: 1,
    noTransfer: false,
    allowShedding: false,
    includeManual: false,
    emergencyRatings: false,
    forecast: [],
    repair_h: null,
    searchSteps: DEFAULT_SEARCH_STEPS,
    ...changes,
  };
}
