import { PLAN_FORMAT, type Bilingual, type Plan, type PlanStep } from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import { OPEN } from '@relight/topology';
import type { PlannedRestoration, PlanRefusal, PlanRequest } from './plan-request.ts';
import { advisories, warnings } from './restore/remarks.ts';
import { helpingFeeders } from './restore/helping-feeders.ts';
import { findPlan, type PlanSearch } from './restore/find-plan.ts';
import { amountOf, outageFigures, round } from './restore/figures.ts';
import { isolatedEquipment } from './restore/isolated-equipment.ts';
import { readProblem, type RestorationProblem } from './restore/problem.ts';
import { reclosingOff } from './restore/reclosing.ts';
import { rejectedTies } from './restore/rejected-ties.ts';
import { cannotKeepDead } from './restore/refusals.ts';
import { staysDark } from './restore/stays-dark.ts';
import { endOf, lastKnown } from './restore/switching-state.ts';
import type { SequencedStep } from './restore/switching-state.ts';

/**
 * The best switching plan after a trip: isolates the fault and gives supply back to everybody it
 * can, every state on the way checked by load flow, with the reason for each tie not used.
 *
 * Refuses with `cannotKeepDead` where the fault cannot be kept apart from what is live. The plan
 * does not depend on the order of arrays in the grid file, nor on time: the budget counts search
 * steps. Method: docs/methods/restoration.md.
 */
export function planRestoration(request: PlanRequest): Result<PlannedRestoration, PlanRefusal> {
  const problem = readProblem(request);
  const refusal = cannotKeepDead(problem);
  if (refusal !== null) return fail(refusal);

  const search = findPlan(problem);
  const served = endOf(problem, search.best.positions).served;
  const rejected = rejectedTies(problem, search.best.positions, served);
  const advisory = advisories(problem, search.best.sequence, served);
  const warning = warnings(problem);
  const plan: Plan = {
    format: PLAN_FORMAT,
    grid: request.network.grid.id,
    fault: {
      candidates: [...request.candidates],
      isolated: isolatedEquipment(problem, search.best.positions),
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
    result: resultOf(problem, search, served),
    rejected: [...rejected],
    proof: proofOf(problem, search),
  };
  return ok({
    plan,
    staysDark: staysDark(problem, served, rejected),
    helpingFeeders: helpingFeeders(problem, search.best.positions),
  });
}

function english(texts: readonly Bilingual[]): string[] {
  return texts.map((text) => text.en);
}
function vietnamese(texts: readonly Bilingual[]): string[] {
  return texts.map((text) => text.vi);
}

function planStep({ network }: RestorationProblem, step: SequencedStep, n: number): PlanStep {
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
    phase: 1,
    maxLoading_pct: round(after.maxLoading_pct, 2),
    maxLoadingAt: after.maxLoadingAt,
    minVoltage_pu: after.minVoltage_pu === null ? null : round(after.minVoltage_pu, 6),
  };
}

function resultOf(
  problem: RestorationProblem,
  { best }: PlanSearch,
  served: Uint8Array,
): Plan['result'] {
  const { after, steps } = {
    after: endOf(problem, best.positions).judged,
    steps: best.sequence.steps,
  };
  const known = lastKnown(problem, best.positions);
  return {
    ...outageFigures(problem, served),
    switchOperations: steps.length,
    maxLoading_pct: round(after.maxLoading_pct, 2),
    minVoltage_pu: after.minVoltage_pu === null ? null : round(after.minVoltage_pu, 6),
    losses_kW: round(after.losses_W / 1000, 3),
    openSwitches: problem.network.grid.switches
      .filter((_, at) => known[at] === OPEN)
      .map((device) => device.id),
  };
}

/** The bounds are unrestored load: what was served before less the most that can be served. */
function proofOf(problem: RestorationProblem, search: PlanSearch): Plan['proof'] {
  const before = amountOf(problem, (section) => problem.wasLive[section] === 1);
  const outage = outageFigures(problem, problem.isLive).outage;
  const least = {
    critical_kW: round(before.critical_kW - search.bound.critical_W / 1000, 3),
    customers: before.customers - search.bound.customers,
    p_kW: round(before.p_kW - search.bound.active_W / 1000, 3),
  };
  const gap = search.bound.customers - search.best.score.customers;
  return {
    status: search.optimal ? 'optimal' : 'bounded',
    bounds: { ...least, switchOperations: search.bound.operations },
    gap_pct: outage.customers === 0 ? 0 : round((100 * gap) / outage.customers, 2),
    explored: search.explored,
  };
}
