import type { ValueHistory } from '@relight/contract';
import type { Trend } from './trend-store.ts';

/** A measurement over time as it is drawn: what the control centre kept, then what was heard here. */
export interface DrawnTrend extends Trend {
  /** Least and greatest at each time; of a single sample, that sample. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/**
 * Puts the past before what this window heard itself: slots that end before its first sample. A
 * slot stands at its end, for it holds the last value in it.
 * @param pointOf - Id of the measurement behind a trend, as the history knows it.
 */
export function withPast(
  trends: readonly Trend[],
  past: ValueHistory | null,
  pointOf: (trend: Trend) => string | undefined,
): readonly DrawnTrend[] {
  return trends.map((trend) => {
    const series = past?.series.find(({ point }) => point === pointOf(trend));
    const first_ms = trend.times_ms[0] ?? Number.POSITIVE_INFINITY;
    const slots =
      past === null || series === undefined
        ? []
        : past.times_ms.flatMap((begin, i) =>
            begin + past.step_ms < first_ms
              ? [
                  {
                    at: begin + past.step_ms,
                    value: series.values[i] ?? null,
                    low: series.low[i] ?? null,
                    high: series.high[i] ?? null,
                  },
                ]
              : [],
          );
    return {
      ...trend,
      times_ms: [...slots.map(({ at }) => at), ...trend.times_ms],
      values: [...slots.map(({ value }) => value), ...trend.values],
      low: [...slots.map(({ low }) => low), ...trend.values],
      high: [...slots.map(({ high }) => high), ...trend.values],
    };
  });
}

/** The least and the greatest since a time; null where no value is known. */
export function extremes(
  trend: DrawnTrend,
  from_ms: number,
): { readonly least: number | null; readonly most: number | null } {
  let least: number | null = null;
  let most: number | null = null;
  trend.times_ms.forEach((at, i) => {
    const [low, high] = [trend.low[i], trend.high[i]];
    if (at < from_ms) return;
    if (typeof low === 'number' && (least === null || low < least)) least = low;
    if (typeof high === 'number' && (most === null || high > most)) most = high;
  });
  return { least, most };
}
