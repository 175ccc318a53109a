import type { LoadState } from '@relight/powerflow';
import type { ForecastHour } from '../plan-request.ts';

/** The load and the generation expected so many hours from now. */
export interface HourLoads {
  /** 0 is now. */
  readonly ahead_h: number;
  readonly loads: LoadState;
  /** By generator index: share of its file power; null: all of it, each. */
  readonly generation: Float64Array | null;
}

/** Loads of the forecasts last planned with: each plan asks for them several times. */
const loadsOf = new WeakMap<readonly ForecastHour[], { of: LoadState; hours: HourLoads[] }>();

/**
 * The loads before the fault times the factors of each hour, and what comes on top, in the order of the hours. An hour in
 * which a generator gives more than now stands there twice: with what it gives then, which lifts
 * voltages, and with what it gives now, since what comes on top may go at any moment.
 */
export function forecastLoads(
  of: LoadState,
  forecast: readonly ForecastHour[],
): readonly HourLoads[] {
  if (forecast.length === 0) return [];
  const known = loadsOf.get(forecast);
  if (known?.of === of) return known.hours;
  const hours = forecast
    .toSorted((a, b) => a.ahead_h - b.ahead_h)
    .flatMap(({ ahead_h, factor, added, generation = null }): HourLoads[] => {
      const then = (powers: Float64Array, more: Float64Array | undefined): Float64Array =>
        powers.map((power, at) => power * factor[at]! + (more?.[at] ?? 0));
      const loads = {
        activePower_W: then(of.activePower_W, added?.activePower_W),
        reactivePower_var: then(of.reactivePower_var, added?.reactivePower_var),
      };
      const hour = { ahead_h, loads, generation };
      if (generation === null || generation.every((share) => share <= 1)) return [hour];
      return [{ ...hour, generation: generation.map((share) => Math.min(share, 1)) }, hour];
    });
  loadsOf.set(forecast, { of, hours });
  return hours;
}

/** Hours by what they take from the sources, most first; of equal ones the earlier. */
export function heaviestFirst<Hour extends { readonly ahead_h: number; readonly net_W: number }>(
  hours: readonly Hour[],
): readonly Hour[] {
  const sums = new Map(hours.map((hour) => [hour, hour.net_W]));
  return hours.toSorted((a, b) => sums.get(b)! - sums.get(a)! || a.ahead_h - b.ahead_h);
}
