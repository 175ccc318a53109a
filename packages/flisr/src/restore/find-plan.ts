import { CLOSED, OPEN } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import { Search, type Budget, type Candidate, type StateTest } from './search.ts';
import { flowBound, unlimitedFlow } from './flow-bound.ts';
import { gridBound, tighter, type GridBound } from './grid-bound.ts';
import { newlyFedByTie } from './phase-order.ts';
import { planByParts } from './plan-by-parts.ts';
import { reachScope } from './reach.ts';
import { readRelaxation } from './relaxation.ts';
import { scopeOfRing, type Scope } from './scope.ts';
import { compareProved, compareScores, type Served } from './score.ts';
import { surroundedBound } from './surrounded-bound.ts';
import { transferCost } from './transfer-cost.ts';
import { sequence, type Sequence } from './sequence.ts';
import { lastKnown } from './last-known.ts';
import { servedAt, touchedSources } from './switching-state.ts';

/** A final state with the steps that lead to it. */
export interface FoundPlan extends Candidate {
  readonly sequence: Sequence;
}

/** The best plan found, and how well that is known. */
export interface PlanSearch {
  readonly best: FoundPlan;
  /** Whether served load and operations are proved the best in the whole grid. */
  readonly optimal: boolean;
  /** No plan can serve more than this, nor as much with fewer operations. */
  readonly bound: Served & { readonly operations: number };
  readonly explored: number;
}

/** However small the budget, ring 0 is looked at this far: an answer is always there. */
const FIRST_LOOK = 64;
/** Plans equal in served load and operations that the rest of the objective compares. */
const EQUAL_PLANS = 48;
const WIDEST_RING = 1_000_000;
/** Ways of supply are looked for among the sources of rings up to this. */
const WIDEST_SURROUNDINGS = 2;
/** Grids of up to so many nodes are looked at as a whole where that may prove a plan. */
const LOOKED_AT_WHOLE = 5_000;

/**
 * Searches the dead area first, then ever wider rings of feeders around it, until the best plan
 * meets the bound for the whole grid, the whole grid was searched, or the budget is spent. null
 * where nothing keeps dead what must stay so.
 */
export function findPlan(problem: RestorationProblem): PlanSearch | null {
  const test = stateTest(problem);
  const steps = problem.request.options.searchSteps;
  const budget: Budget = { left: Math.max(steps, FIRST_LOOK), explored: 0 };
  const near = scopeOfRing(problem, 0);
  let scope = near;
  reachScope(problem, scope);
  let best = leastPlan(problem, test);
  let bound = gridBound(problem, near, unlimitedFlow(problem, near));
  const mayShedFeeding = shedsFeeding(problem);
  const tighten = tighterBounds(problem, near, mayShedFeeding ? null : test);
  const cost = transferCost(problem, near, readRelaxation(problem, new Set()));
  let complete = false;
  /** Operations that are sure to be needed by all that is not searched yet, beside the bound. */
  let elsewhere = 0;
  const isCertain = (): boolean =>
    best !== null &&
    compareProved({ ...bound.served, operations: bound.operations + elsewhere }, best.score) >= 0;

  const isWhole = (each: Scope): boolean =>
    each.wholeGrid && !problem.deadOnlyInDoubt && !mayShedFeeding;
  let freeBefore = -1;
  let lookedInto = 0;
  for (let ring = 0; ; ring++) {
    if (ring > 0) scope = scopeOfRing(problem, ring);
    reachScope(problem, scope);
    if (scope.free.length !== freeBefore) {
      freeBefore = scope.free.length;
      const byParts = best && ring === 0 ? planByParts(problem, scope, test, budget, best) : null;
      best = byParts?.best ?? best;
      const result =
        byParts?.complete === true ? byParts : new Search(problem, scope, test, budget, best).run();
      best = result.best ?? best;
      complete = result.complete && isWhole(scope);
      // What ring 0 leaves out are transfers, all of them.
      if (ring === 0 && result.complete && !test.leftOpen()) elsewhere = cost;
    } else complete ||= isWhole(scope) && budget.left > 0;
    for (let next = tighten.shift(); next !== undefined && !isCertain(); next = tighten.shift()) {
      const found = next();
      if (found !== null) bound = tighter(bound, found);
    }
    const isDeeper = ring <= WIDEST_SURROUNDINGS && scope.sources.size > lookedInto;
    if (!isCertain() && isDeeper && !mayShedFeeding) {
      lookedInto = scope.sources.size;
      const found = surroundedBound(problem, near, scope.sources);
      if (found !== null) bound = tighter(bound, found);
    }
    if (isCertain() || scope.wholeGrid || budget.left <= 0 || steps === 0) break;
    if (ring > problem.network.grid.feeders.length + problem.network.sourceNode.length) break;
  }
  if (best === null) return null;
  const optimal = (complete && !test.leftOpen()) || isCertain();
  return {
    best,
    optimal,
    bound: optimal ? best.score : { ...bound.served, operations: bound.operations },
    explored: budget.explored,
  };
}

/**
 * True where live loads that feed in may be shed: with them off fewer kW are unserved by the figures,
 * on whatever feeder they are, so what open switches lead to is not all that counts.
 */
function shedsFeeding({ values, isLive, mustServe }: RestorationProblem): boolean {
  return values.feeding.some((section) => isLive[section] === 1 && mustServe[section] === 0);
}

/**
 * Bounds that cost more, each to be asked only where those before it leave a doubt.
 * @param test - null where the reach of open switches does not tell what can change.
 */
function tighterBounds(
  problem: RestorationProblem,
  near: Scope,
  test: StateTest<FoundPlan> | null,
): (() => GridBound | null)[] {
  return [
    () => {
      const flow = flowBound(problem, near, readRelaxation(problem, near.sources));
      return flow === null ? null : gridBound(problem, near, flow);
    },
    () =>
      test === null || problem.network.nodeCount > LOOKED_AT_WHOLE
        ? null
        : wholeOutlook(problem, test),
  ];
}

function wholeOutlook(problem: RestorationProblem, test: StateTest<FoundPlan>): GridBound {
  const whole = scopeOfRing(problem, WIDEST_RING);
  return new Search(problem, whole, test, { left: 0, explored: 0 }, null).rootOutlook();
}

/**
 * The plan without a step: the fault is dead already, so it is always legal. Where an unknown
 * switch may feed what must stay dead, the plan that only cuts it off; null if that breaks a limit,
 * and where somebody who was switched off has to come back.
 */
function leastPlan(problem: RestorationProblem, test: StateTest<FoundPlan>): FoundPlan | null {
  const { request, mustServe, isLive } = problem;
  const isDue = (must: number, section: number): boolean => must === 1 && isLive[section] === 0;
  if (request.widened !== undefined && mustServe.some(isDue)) return null;
  const { served } = problem;
  if (problem.stayDead.mayBeLive) {
    const final = apartOnAllSides(problem);
    const operations = final.reduce((sum, to, at) => sum + +(to !== problem.positions[at]), 0);
    return test.evaluate(final, served, operations);
  }
  const found = test.evaluate(problem.positions.slice(), served, 0);
  return (
    found ?? {
      score: { ...served, operations: 0, interrupted: 0, loading: 0, losses_W: 0 },
      positions: problem.positions.slice(),
      sequence: { steps: [], interrupted: 0, touched: new Set() },
    }
  );
}

/** Everything that must stay dead, with each switch around it open that can be opened. */
function apartOnAllSides({ network, positions, bars, stayDead }: RestorationProblem): Uint8Array {
  const isOut = (section: number): boolean => {
    const reason = stayDead.reason.get(section);
    return reason !== undefined && reason !== 'dark';
  };
  return positions.map((position, at) =>
    position === CLOSED &&
    bars.of(at) === null &&
    (isOut(network.switchSectionFrom[at]!) || isOut(network.switchSectionTo[at]!))
      ? OPEN
      : position,
  );
}

interface PlanTest extends StateTest<FoundPlan> {
  /** True where a final state was given up for want of an order that is known not to exist. */
  leftOpen(): boolean;
}

function stateTest(problem: RestorationProblem): PlanTest {
  const { judge } = problem;
  let leftOpen = false;
  const isLegal = (positions: Uint8Array): boolean => {
    const touched = touchedSources(problem, positions);
    return judge.judge(lastKnown(problem, positions), touched).violation === null;
  };
  return {
    equalPlans: EQUAL_PLANS,
    isLegal,
    leftOpen: () => leftOpen,
    evaluate(positions, served, operations) {
      // The final state decides most often, and costs one load flow instead of one a step.
      if (newlyFedByTie(problem, problem.positions, positions) !== -1) return null;
      if (!isLegal(positions)) return null;
      const exact = servedExactly(problem, positions, served);
      const steps = exact === null ? null : sequence(problem, positions);
      if (steps === 'givenUp') leftOpen = true;
      if (exact === null || steps === null || steps === 'givenUp') return null;
      const { loading, losses_W } = finalFigures(problem, positions, steps);
      const score = { ...exact, operations, interrupted: steps.interrupted, loading, losses_W };
      return { score, positions, sequence: steps };
    },
    isOverstretched(positions) {
      const known = lastKnown(problem, positions);
      const { violation } = judge.judge(known, touchedSources(problem, positions));
      if (violation === null || violation === 'notConverged') return violation !== null;
      return violation.kind !== 'voltage' || violation.value < violation.allowed;
    },
    compare: (a, b) => compareScores(a.score, b.score) || compareMoves(a, b),
  };
}

/**
 * What a final state serves. The search counts whoever was live and is live; where supply that was
 * known now hangs on a switch of unknown position, that is too much. null where somebody who must be
 * served is not.
 */
function servedExactly(
  problem: RestorationProblem,
  final: Uint8Array,
  atMost: Served,
): Served | null {
  if (problem.request.options.untrusted.size === 0) return atMost;
  const is = servedAt(problem, final);
  if (problem.mustServe.some((must, section) => must === 1 && is[section] === 0)) return null;
  return valueOf(problem, is);
}

function valueOf({ values }: RestorationProblem, served: Uint8Array): Served {
  const sum = { critical_W: 0, customers: 0, active_W: 0 };
  served.forEach((is, section) => {
    if (is === 0) return;
    sum.critical_W += values.critical_W[section]!;
    sum.customers += values.customers[section]!;
    sum.active_W += values.active_W[section]!;
  });
  return sum;
}

/** Highest loading among elements whose current the plan changes, and what losses it adds. */
function finalFigures(problem: RestorationProblem, final: Uint8Array, { touched }: Sequence) {
  const { judge } = problem;
  if (touched.size === 0) return { loading: 0, losses_W: 0 };
  const before = judge.judge(lastKnown(problem, problem.positions), touched);
  const after = judge.judge(lastKnown(problem, final), touched);
  return {
    loading: Math.round(after.changedLoading_pct * 100),
    losses_W: Math.round(after.losses_W - before.losses_W),
  };
}

/** Equal in every figure: the plan whose moved switches come first by id. */
function compareMoves(a: FoundPlan, b: FoundPlan): number {
  for (let at = 0; at < a.positions.length; at++) {
    if (a.positions[at] !== b.positions[at]) return a.positions[at]! - b.positions[at]!;
  }
  return 0;
}
