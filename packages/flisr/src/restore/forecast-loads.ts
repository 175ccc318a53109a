import type { LoadState } from '@relight/powerflow';
import type { ForecastHour } from '../plan-request.ts';

/** The load expected so many hours from now. */
export interface HourLoads {
  /** 0 is now. */
  readonly ahead_h: number;
  readonly loads: LoadState;
}

/** Loads of the forecasts last planned with: each plan asks for them several times. */
const loadsOf = new WeakMap<readonly ForecastHour[], { of: LoadState; hours: HourLoads[] }>();

/** The loads before the fault times the factors of each hour, in the order of the hours. */
export function forecastLoads(
  of: LoadState,
  forecast: readonly ForecastHour[],
): readonly HourLoads[] {
  if (forecast.length === 0) return [];
  const known = loadsOf.get(forecast);
  if (known?.of === of) return known.hours;
  const hours = forecast
    .toSorted((a, b) => a.ahead_h - b.ahead_h)
    .map(({ ahead_h, factor }) => ({
      ahead_h,
      loads: {
        activePower_W: of.activePower_W.map((power, at) => power * factor[at]!),
        reactivePower_var: of.reactivePower_var.map((power, at) => power * factor[at]!),
      },
    }));
  loadsOf.set(forecast, { of, hours });
  return hours;
}

/** Hours by what all loads take together, most first; of equal ones the earlier. */
export function heaviestFirst<Hour extends HourLoads>(hours: readonly Hour[]): readonly Hour[] {
  const total_W = ({ loads }: Hour): number =>
    loads.activePower_W.reduce((sum, power) => sum + power, 0);
  const sums = new Map(hours.map((hour) => [hour, total_W(hour)]));
  return hours.toSorted((a, b) => sums.get(b)! - sums.get(a)! || a.ahead_h - b.ahead_h);
}
