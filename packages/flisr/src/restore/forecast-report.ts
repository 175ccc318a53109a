import type { Bilingual, PlanForecast } from '@relight/contract';
import { decimalComma } from '../decimal-comma.ts';
import { round } from './figures.ts';
import type { RestorationProblem } from './problem.ts';
import { lastKnown, touchedSources } from './switching-state.ts';

/**
 * How a final state stands in each hour of the forecast, over the trees the plan touches, and which
 * hours come nearest to their limits; undefined without a forecast.
 */
export function forecastReport(
  problem: RestorationProblem,
  final: Uint8Array,
): PlanForecast | undefined {
  const { judge } = problem;
  if (judge.ahead.length === 0) return undefined;
  const known = lastKnown(problem, final);
  const touched = touchedSources(problem, final);
  const hours = [judge, ...judge.ahead]
    .toSorted((a, b) => a.ahead_h - b.ahead_h)
    .map((each) => {
      const { maxLoading_pct, maxLoadingAt, minVoltage_pu } = each.judgeAlone(known, touched);
      return {
        ahead_h: each.ahead_h,
        maxLoading_pct: round(maxLoading_pct, 2),
        maxLoadingAt,
        minVoltage_pu: minVoltage_pu === null ? null : round(minVoltage_pu, 6),
      };
    });
  const text = whichBinds(hours);
  return { hours, because: text.en, becauseVi: text.vi };
}

type Hour = PlanForecast['hours'][number];

function whichBinds(hours: readonly Hour[]): Bilingual {
  const list = hours.slice(1).map(({ ahead_h }) => ahead_h);
  const vi = [
    `Kiểm tra với phụ tải hiện tại và dự báo sau ${list.map(decimalComma).join('; ')} giờ.`,
  ];
  const en = [`Checked with the load of now and that expected in ${list.join(', ')} h.`];
  const heaviest = hours.reduce((a, b) => (b.maxLoading_pct > a.maxLoading_pct ? b : a));
  if (heaviest.maxLoadingAt !== null) {
    const { maxLoading_pct, maxLoadingAt } = heaviest;
    const when = whenOf(heaviest.ahead_h);
    vi.push(`Mang tải cao nhất ${decimalComma(maxLoading_pct)} % tại ${maxLoadingAt}, ${when.vi}.`);
    en.push(`Highest loading ${maxLoading_pct} % at ${maxLoadingAt}, ${when.en}.`);
  }
  const voltage = (hour: Hour): number => hour.minVoltage_pu ?? Number.MAX_VALUE;
  const lowest = hours.reduce((a, b) => (voltage(b) < voltage(a) ? b : a));
  if (lowest.minVoltage_pu !== null) {
    const when = whenOf(lowest.ahead_h);
    vi.push(`Điện áp thấp nhất ${decimalComma(lowest.minVoltage_pu)} pu, ${when.vi}.`);
    en.push(`Lowest voltage ${lowest.minVoltage_pu} pu, ${when.en}.`);
  }
  return { vi: vi.join(' '), en: en.join(' ') };
}

/** When the load of an hour of the forecast is expected. */
export function whenOf(ahead_h: number): Bilingual {
  return ahead_h === 0
    ? { vi: 'hiện tại', en: 'now' }
    : { vi: `sau ${decimalComma(ahead_h)} giờ`, en: `in ${ahead_h} h` };
}
