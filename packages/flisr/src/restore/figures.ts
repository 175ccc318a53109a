import type { Amount } from '@relight/contract';
import type { RestorationProblem } from './problem.ts';
import { placesOf, worthBeside } from './section-values.ts';

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

/** Load of some sections, in the units of relight-plan/1. */
function amountOfSections({ values }: RestorationProblem, sections: readonly number[]): Amount {
  let customers = 0;
  let active_W = 0;
  let critical_W = 0;
  for (const section of sections) {
    customers += values.customers[section]!;
    active_W += values.active_W[section]!;
    critical_W += values.critical_W[section]!;
  }
  return { customers, p_kW: active_W / 1000, critical_kW: critical_W / 1000 };
}

/** What was served before the fault. */
export function servedBefore({ values, wasLive }: RestorationProblem): Amount {
  const { critical_W, customers, active_W } = worthBeside(values, placesOf(wasLive, 0));
  return { customers, p_kW: active_W / 1000, critical_kW: critical_W / 1000 };
}

/** Sections that were live before the fault and are out after the trip. */
export function outOfSupply({ wasLive, deadSections }: RestorationProblem): readonly number[] {
  const found: number[] = [];
  for (const section of deadSections) if (wasLive[section] === 1) found.push(section);
  return found;
}

/** What was live before the fault and went out. */
export function outageOf(problem: RestorationProblem): Amount {
  return amountOfSections(problem, outOfSupply(problem));
}

/** Sections that were live before the fault and are not served, ascending. */
export function leftDark({ wasLive }: RestorationProblem, served: Uint8Array): readonly number[] {
  return Array.from(placesOf(served, 0)).filter((section) => wasLive[section] === 1);
}

/** The four amounts of a plan's result; see "Figures" in the format. */
export function outageFigures(problem: RestorationProblem, served: Uint8Array) {
  const out = outOfSupply(problem);
  const faulted = [...new Set(problem.request.faultedSections)];
  return {
    outage: amountOfSections(problem, out),
    restored: amountOfSections(
      problem,
      out.filter((section) => served[section] === 1),
    ),
    unrestored: amountOfSections(problem, leftDark(problem, served)),
    insideFault: amountOfSections(
      problem,
      faulted.filter((section) => problem.wasLive[section] === 1),
    ),
  };
}

export function round(value: number, digits: 2 | 3 | 6): number {
  const scale = digits === 2 ? 100 : digits === 3 ? 1000 : 1e6;
  return Math.round(value * scale) / scale;
}
