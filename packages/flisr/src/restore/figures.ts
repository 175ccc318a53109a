import type { Amount } from '@relight/contract';
import type { RestorationProblem } from './problem.ts';

/** Load of the sections that `counts` picks, in the units of relight-plan/1. */
export function amountOf(
  { values }: RestorationProblem,
  counts: (section: number) => boolean,
): Amount {
  let customers = 0;
  let active_W = 0;
  let critical_W = 0;
  for (let section = 0; section < values.customers.length; section++) {
    if (!counts(section)) continue;
    customers += values.customers[section]!;
    active_W += values.active_W[section]!;
    critical_W += values.critical_W[section]!;
  }
  return { customers, p_kW: active_W / 1000, critical_kW: critical_W / 1000 };
}

/** The four amounts of a plan's result; see "Figures" in the format. */
export function outageFigures(problem: RestorationProblem, served: Uint8Array) {
  const { wasLive, isLive } = problem;
  const faulted = new Set(problem.request.faultedSections);
  const was = (section: number): boolean => wasLive[section] === 1;
  const out = (section: number): boolean => was(section) && isLive[section] === 0;
  return {
    outage: amountOf(problem, out),
    restored: amountOf(problem, (section) => out(section) && served[section] === 1),
    unrestored: amountOf(problem, (section) => was(section) && served[section] === 0),
    insideFault: amountOf(problem, (section) => was(section) && faulted.has(section)),
  };
}

export function round(value: number, digits: 2 | 3 | 6): number {
  const scale = digits === 2 ? 100 : digits === 3 ? 1000 : 1e6;
  return Math.round(value * scale) / scale;
}
