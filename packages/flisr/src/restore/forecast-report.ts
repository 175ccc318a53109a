import type { Bilingual, PlanForecast } from '@relight/contract';
import { decimalComma } from '../decimal-comma.ts';
import { round } from './figures.ts';
import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './last-known.ts';
import { touchedSources } from './switching-state.ts';

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
  const hours = new Map<number, Hour>();
  for (const each of [judge, ...judge.ahead].toSorted((a, b) => a.ahead_h - b.ahead_h)) {
    const { maxLoading_pct, maxLoadingAt, minVoltage_pu } = each.judgeAlone(known, touched);
    const found = {
      ahead_h: each.ahead_h,
      maxLoading_pct: round(maxLoading_pct, 2),
      maxLoadingAt,
      minVoltage_pu: minVoltage_pu === null ? null : round(minVoltage_pu, 6),
    };
    const other = hours.get(each.ahead_h);
    hours.set(each.ahead_h, other === undefined ? found : worseOf(other, found));
  }
  const list = [...hours.values()];
  const { vi, en } = whichBinds(list);
  return {
    hours: list,
    checkedTo_h: lastHour(problem),
    ...(problem.request.options.repair_h === null
      ? {}
      : { repair_h: problem.request.options.repair_h }),
    because: en,
    becauseVi: vi,
  };
}

/** An hour judged twice, with more generation and without: the worse of both, figure by figure. */
function worseOf(one: Hour, other: Hour): Hour {
  const heavier = other.maxLoading_pct > one.maxLoading_pct ? other : one;
  const isLower = voltageOf(other) < voltageOf(one);
  return { ...heavier, minVoltage_pu: isLower ? other.minVoltage_pu : one.minVoltage_pu };
}

function voltageOf({ minVoltage_pu }: Hour): number {
  return minVoltage_pu ?? Number.MAX_VALUE;
}

/** Hours from now to the end of what the forecast tells of; 0 without one. */
function lastHour({ request }: RestorationProblem): number {
  const ends = request.options.forecast.map(({ ahead_h, until_h = ahead_h }) => until_h);
  return Math.max(0, ...ends);
}

/** A forecast that ends before the repair is done leaves the rest unchecked; null where none does. */
export function uncheckedRest(problem: RestorationProblem): Bilingual | null {
  const { repair_h } = problem.request.options;
  const last = lastHour(problem);
  if (repair_h === null || last === 0 || last >= repair_h) return null;
  return {
    vi: `Dự báo chỉ đến ${decimalComma(last)} giờ tới, sửa chữa dự kiến ${decimalComma(repair_h)} giờ: phần còn lại chưa được kiểm tra.`,
    en: `The forecast ends in ${last} h, the repair is expected to take ${repair_h} h: the rest is not checked.`,
  };
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
  const lowest = hours.reduce((a, b) => (voltageOf(b) < voltageOf(a) ? b : a));
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
