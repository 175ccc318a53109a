import type { Grid } from '@relight/grid';
import type { LoadState } from '@relight/powerflow';

/**
 * Share of the evening load at each full hour, 0 to 24 h. Both shapes are exactly 1 at the
 * reference hour, so that the load of the grid file is what the plant starts with there.
 * Shapes after the usual course of a Vietnamese town: homes peak in the evening, shops and
 * offices by day with a dip at noon.
 */
const HOMES = [
  0.55, 0.5, 0.47, 0.45, 0.46, 0.52, 0.6, 0.62, 0.6, 0.6, 0.63, 0.7, 0.72, 0.68, 0.64, 0.64, 0.7,
  0.82, 0.97, 0.99, 0.98, 0.9, 0.78, 0.65, 0.55,
];
const BUSINESS = [
  0.45, 0.43, 0.42, 0.42, 0.45, 0.52, 0.65, 0.85, 1.05, 1.12, 1.15, 1.08, 0.92, 1.02, 1.14, 1.15,
  1.1, 1.04, 1.01, 0.98, 0.93, 0.82, 0.66, 0.54, 0.45,
];

/** The hour at which the grid file's loads hold. */
export const REFERENCE_HOUR = 18.5;

/** One load in three follows the business shape; critical and important ones always do. */
const BUSINESS_EVERY = 3;

/**
 * Load of every consumer at an hour of the day; at `REFERENCE_HOUR` exactly the file's.
 * @param hour - Hours since midnight; beyond 24 the next day goes on.
 */
export function loadsAt(grid: Grid, hour: number): LoadState {
  const home = factor(HOMES, hour);
  const business = factor(BUSINESS, hour);
  const activePower_W = new Float64Array(grid.loads.length);
  const reactivePower_var = new Float64Array(grid.loads.length);
  grid.loads.forEach((load, index) => {
    const isBusiness = load.priority !== 'normal' || index % BUSINESS_EVERY === 0;
    const share = isBusiness ? business : home;
    activePower_W[index] = load.activePower * share;
    reactivePower_var[index] = load.reactivePower * share;
  });
  return { activePower_W, reactivePower_var };
}

function factor(shape: readonly number[], hour: number): number {
  if (hour === REFERENCE_HOUR) return 1;
  return valueAt(shape, hour) / valueAt(shape, REFERENCE_HOUR);
}

function valueAt(shape: readonly number[], hour: number): number {
  const ofDay = hour - 24 * Math.floor(hour / 24);
  const full = Math.floor(ofDay);
  const from = shape[full]!;
  const to = shape[full + 1] ?? from;
  return from + (to - from) * (ofDay - full);
}
