/**
 * What a final state is worth, best first by the objective of relight-plan/1: served critical
 * load, customers, load (the more the better), then switch operations, customers interrupted,
 * highest loading, losses (the fewer the better).
 */
export interface Score {
  readonly critical_W: number;
  readonly customers: number;
  readonly active_W: number;
  readonly operations: number;
  readonly interrupted: number;
  /** Hundredths of a percent, whole. */
  readonly loading: number;
  readonly losses_W: number;
}

/** What is served, the first three of the objective. */
export type Served = Pick<Score, 'critical_W' | 'customers' | 'active_W'>;

/** Negative where `a` serves more than `b`. */
export function compareServed(a: Served, b: Served): number {
  return b.critical_W - a.critical_W || b.customers - a.customers || b.active_W - a.active_W;
}

/** Negative where `a` is better in what can be proved: served load, then operations. */
export function compareProved(a: Served & { operations: number }, b: Score): number {
  return compareServed(a, b) || a.operations - b.operations;
}

/** Negative where `a` is the better plan. */
export function compareScores(a: Score, b: Score): number {
  return (
    compareProved(a, b) ||
    a.interrupted - b.interrupted ||
    a.loading - b.loading ||
    a.losses_W - b.losses_W
  );
}
