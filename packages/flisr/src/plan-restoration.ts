import { fail, ok, type Result } from '@relight/foundation';
import type { PlannedRestoration, PlanRefusal, PlanRequest } from './plan-request.ts';
import { findPlan } from './restore/find-plan.ts';
import { readProblem } from './restore/problem.ts';
import { CANNOT_CUT_OFF, cannotKeepDead } from './restore/refusals.ts';
import { lastKnown } from './restore/switching-state.ts';
import { continueWithCrews, writePlan } from './restore/write-plan.ts';

/**
 * The best switching plan after a trip: isolates the fault and gives supply back to everybody it
 * can, every state on the way checked by load flow, with the reason for each tie not used.
 *
 * With `includeManual` a second phase follows, by crews on the spot.
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
  if (search === null) return fail(CANNOT_CUT_OFF);
  const written = writePlan(problem, search);
  if (!request.options.includeManual) return ok(written);

  // The crews start where remote control ends, and may move what stands in their reach.
  const crews = readProblem(
    { ...request, positionsNow: lastKnown(problem, search.best.positions) },
    true,
  );
  const next = findPlan(crews);
  return ok(next === null ? written : continueWithCrews(problem, written, crews, next));
}
