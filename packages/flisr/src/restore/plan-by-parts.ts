import { deadParts } from './dead-parts.ts';
import type { RestorationProblem } from './problem.ts';
import { reachPart, reachScope } from './reach.ts';
import type { Scope } from './scope.ts';
import { Search, type Budget, type Candidate, type StateTest } from './search.ts';

/** What the parts of the dead area give together. */
export interface PlannedParts<Found> {
  readonly best: Found;
  /** True where nothing in the scope can be better. */
  readonly complete: boolean;
}

interface PlannedPart<Found> {
  readonly part: Scope;
  readonly best: Found;
}

/** Each part is looked at so far at least. */
const FIRST_LOOK = 64;

/**
 * Plans each part of the dead area by itself, with everything else as after the trip, and puts the
 * plans together one after the other as far as they are legal together. Where each is the best for
 * its part, all fit together, and more load never relieves a limit, so is the whole: of any plan the
 * moves in one part alone are legal too, so it serves no part better.
 * @param least - the plan without a step.
 * @returns null where there are no two parts, or what must stay dead may be live.
 */
export function planByParts<Found extends Candidate>(
  problem: RestorationProblem,
  scope: Scope,
  test: StateTest<Found>,
  budget: Budget,
  least: Found,
): PlannedParts<Found> | null {
  if (problem.request.options.untrusted.size > 0) return null;
  const parts = deadParts(problem, scope);
  if (parts.length < 2) return null;
  let complete = true;
  const planned: PlannedPart<Found>[] = [];
  for (const [at, part] of parts.entries()) {
    const share = Math.max(FIRST_LOOK, Math.ceil(budget.left / (parts.length - at)));
    const own: Budget = { left: share, explored: 0 };
    reachScope(problem, scope);
    reachPart(problem, part);
    const search = new Search(problem, part, test, own, least);
    const { best, complete: searched } = search.run();
    budget.left -= share - own.left;
    budget.explored += own.explored;
    if (!searched || !search.moreLoadNeverRelieves) complete = false;
    if (best !== null && best !== least) planned.push({ part, best });
  }
  reachScope(problem, scope);
  let positions = least.positions;
  const taken: PlannedPart<Found>[] = [];
  for (const each of planned) {
    const next = withMoves(positions, each.part, each.best);
    if (test.isLegal(next)) {
      positions = next;
      taken.push(each);
    } else complete = false;
  }
  // The steps on the way may not fit together where the ends do: then with fewer parts.
  while (taken.length > 0) {
    const best = together(test, least, taken);
    if (best !== null) return { best, complete };
    complete = false;
    taken.length = Math.floor(taken.length / 2);
  }
  return { best: least, complete };
}

function withMoves(positions: Uint8Array, part: Scope, { positions: own }: Candidate): Uint8Array {
  const next = positions.slice();
  for (const at of part.free) next[at] = own[at]!;
  return next;
}

function together<Found extends Candidate>(
  test: StateTest<Found>,
  least: Found,
  taken: readonly PlannedPart<Found>[],
): Found | null {
  let { critical_W, customers, active_W, operations } = least.score;
  let positions = least.positions;
  for (const { part, best } of taken) {
    positions = withMoves(positions, part, best);
    critical_W += best.score.critical_W - least.score.critical_W;
    customers += best.score.customers - least.score.customers;
    active_W += best.score.active_W - least.score.active_W;
    operations += best.score.operations - least.score.operations;
  }
  return test.evaluate(positions, { critical_W, customers, active_W }, operations);
}
