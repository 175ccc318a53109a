import { ok, type Result } from '@relight/foundation';
import type { PlannedRestoration, PlanRefusal, PlanRequest } from './plan-request.ts';
import { planBetterWidened, planWidened, type WidenedPlan } from './isolate/plan-widened.ts';
import { findPlan } from './restore/find-plan.ts';
import { readProblem } from './restore/problem.ts';
import { CANNOT_CUT_OFF, cannotKeepDead } from './restore/refusals.ts';
import { lastKnown } from './restore/last-known.ts';
import { continueWithCrews, writePlan } from './restore/write-plan.ts';

/**
 * The best switching plan after a trip: isolates the fault and gives supply back to everybody it
 * can, every state on the way checked by load flow, with the reason for each tie not used.
 *
 * With `includeManual` a second phase follows, by crews on the spot.
 *
 * Refuses with `cannotKeepDead` where the fault cannot be kept apart from what is live, not even by
 * switching off live parts that may feed it. The plan
 * does not depend on the order of arrays in the grid file, nor on time: the budget counts search
 * steps. Method: docs/methods/restoration.md.
 */
export function planRestoration(request: PlanRequest): Result<PlannedRestoration, PlanRefusal> {
  const problem = readProblem(request);
  const refusal = cannotKeepDead(problem);
  const search = refusal === null ? findPlan(problem) : null;
  if (search === null) {
    const widened = planWidened(request, refusal ?? CANNOT_CUT_OFF);
    return widened.ok ? ok(withCrews(request, widened.value)) : widened;
  }
  const plain = { written: writePlan(problem, search), first: problem, problem, search };
  const better = search.optimal ? null : planBetterWidened(request, plain);
  return ok(withCrews(request, better ?? plain));
}

/**
 * The crews start where remote control ends, and may move what stands in their reach. Limits, cold load
 * and generators go by the state that protection left: all of the outage counts as it did before. Who
 * was left dark for a reason then may stay so.
 */
function withCrews(
  request: PlanRequest,
  { written, first, problem, search }: WidenedPlan,
): PlannedRestoration {
  if (!request.options.includeManual) return written;
  const mayLose = new Uint8Array(request.network.sectionCount).fill(1);
  const crews = readProblem(
    {
      ...request,
      positionsNow: lastKnown(problem, search.best.positions),
      widened: { positionsAfterTrip: request.positionsNow, mayLose },
    },
    true,
  );
  const next = findPlan(crews);
  return next === null ? written : continueWithCrews(first, written, crews, next);
}
