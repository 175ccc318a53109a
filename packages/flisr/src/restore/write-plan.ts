import {
  PLAN_FORMAT,
  type Bilingual,
  type Plan,
  type PlanResult,
  type PlanStep,
} from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { PlannedRestoration } from '../plan-request.ts';
import type { PlanSearch } from './find-plan.ts';
import { outageFigures, outageOf, round, servedBefore } from './figures.ts';
import { forecastReport } from './forecast-report.ts';
import { helpingFeeders } from './helping-feeders.ts';
import { isolatedEquipment } from './isolated-equipment.ts';
import { phaseAdvisory } from './phase-advisory.ts';
import type { RestorationProblem } from './problem.ts';
import { reclosingOff } from './reclosing.ts';
import { factsOf } from './network-facts.ts';
import { rejectedTies } from './rejected-ties.ts';
import { advisories, warnings } from './remarks.ts';
import { placesOf } from './section-values.ts';
import { staysDark } from './stays-dark.ts';
import { lastKnown } from './last-known.ts';
import { endOf, type SequencedStep, type SwitchingState } from './switching-state.ts';

/** A found plan in the form of relight-plan/1. */
export function writePlan(problem: RestorationProblem, search: PlanSearch): PlannedRestoration {
  const { request } = problem;
  const final = search.best.positions;
  const end = endOf(problem, final);
  const { served } = end;
  const rejected = rejectedTies(problem, final, served);
  const advisory = [
    ...advisories(problem, search.best.sequence, served),
    ...phaseAdvisory(problem, final),
  ];
  const warning = warnings(problem);
  const forecast = forecastReport(problem, final);
  const plan: Plan = {
    format: PLAN_FORMAT,
    grid: request.network.grid.id,
    fault: {
      candidates: [...request.candidates],
      isolated: isolatedEquipment(problem, final),
      because: english(request.because),
      becauseVi: vietnamese(request.because),
    },
    tripped: [...request.tripped],
    reclosingOff: reclosingOff(problem, search.best.sequence),
    warnings: english(warning),
    warningsVi: vietnamese(warning),
    advisory: english(advisory),
    advisoryVi: vietnamese(advisory),
    steps: search.best.sequence.steps.map((step, at) => planStep(problem, step, at + 1)),
    result: resultOf(problem, search, end),
    ...(forecast === undefined ? {} : { forecast }),
    rejected: [...rejected],
    proof: proofOf(problem, search),
  };
  return {
    plan,
    staysDark: staysDark(problem, final, served),
    helpingFeeders: helpingFeeders(problem, final),
  };
}

/**
 * The plan continued by crews: what `next` does from the end of the first phase on. Figures are
 * against the outage of the first phase.
 */
export function continueWithCrews(
  first: RestorationProblem,
  written: PlannedRestoration,
  crews: RestorationProblem,
  next: PlanSearch,
): PlannedRestoration {
  const { plan } = written;
  const end = endOf(crews, next.best.positions);
  const { served } = end;
  const steps = next.best.sequence.steps.map((step, at) =>
    planStep(crews, step, plan.steps.length + at + 1, 2),
  );
  const advisory = advisories(first, next.best.sequence, served);
  const more = advisory.filter(({ en }) => !plan.advisory.includes(en));
  return {
    plan: {
      ...plan,
      advisory: [...plan.advisory, ...english(more)],
      advisoryVi: [...(plan.advisoryVi ?? []), ...vietnamese(more)],
      reclosingOff: [
        ...new Set([...plan.reclosingOff, ...reclosingOff(crews, next.best.sequence)]),
      ].sort(),
      steps: [...plan.steps, ...steps],
      resultWithCrews: {
        ...resultOf(crews, next, end),
        ...outageFigures(first, served),
        switchOperations: plan.steps.length + steps.length,
      },
    },
    staysDark: staysDark(crews, next.best.positions, served),
    helpingFeeders: [
      ...new Set([...written.helpingFeeders, ...helpingFeeders(crews, next.best.positions)]),
    ].sort((a, b) => a - b),
  };
}

function english(texts: readonly Bilingual[]): string[] {
  return texts.map((text) => text.en);
}
function vietnamese(texts: readonly Bilingual[]): string[] {
  return texts.map((text) => text.vi);
}

/** One step in the form of relight-plan/1. */
export function planStep(
  { network }: RestorationProblem,
  step: SequencedStep,
  n: number,
  phase = 1,
): PlanStep {
  const device = network.grid.switches[step.at]!;
  const { after } = step;
  return {
    n,
    action: step.action,
    switch: device.id,
    remote: device.remote,
    purpose: step.purpose,
    restoresCustomers: step.restoresCustomers,
    restores_kW: round(step.restores_W / 1000, 3),
    interruptsCustomers: step.interruptsCustomers,
    phase,
    maxLoading_pct: round(after.maxLoading_pct, 2),
    maxLoadingAt: after.maxLoadingAt,
    minVoltage_pu: after.minVoltage_pu === null ? null : round(after.minVoltage_pu, 6),
  };
}

function resultOf(
  problem: RestorationProblem,
  { best }: PlanSearch,
  { served, judged: after }: Pick<SwitchingState, 'served' | 'judged'>,
): PlanResult {
  const { steps } = best.sequence;
  const known = lastKnown(problem, best.positions);
  const { switchIds } = factsOf(problem.network);
  return {
    ...outageFigures(problem, served),
    switchOperations: steps.length,
    maxLoading_pct: round(after.maxLoading_pct, 2),
    minVoltage_pu: after.minVoltage_pu === null ? null : round(after.minVoltage_pu, 6),
    losses_kW: round(after.losses_W / 1000, 3),
    openSwitches: Array.from(placesOf(known, OPEN), (at) => switchIds[at]!),
  };
}

/**
 * The bounds are unrestored load: what was served before less the most that can be served, each
 * class given the best in the classes above it. So a plan that falls short of critical load may
 * leave fewer customers dark than the bound; its gap in customers is none then.
 */
function proofOf(problem: RestorationProblem, search: PlanSearch): Plan['proof'] {
  const before = servedBefore(problem);
  const outage = outageOf(problem);
  const least = {
    critical_kW: round(before.critical_kW - search.bound.critical_W / 1000, 3),
    customers: before.customers - search.bound.customers,
    p_kW: round(before.p_kW - search.bound.active_W / 1000, 3),
  };
  const gap = Math.max(0, search.bound.customers - search.best.score.customers);
  return {
    status: search.optimal ? 'optimal' : 'bounded',
    bounds: { ...least, switchOperations: search.bound.operations },
    gap_pct: outage.customers === 0 ? 0 : round((100 * gap) / outage.customers, 2),
    explored: search.explored,
  };
}
