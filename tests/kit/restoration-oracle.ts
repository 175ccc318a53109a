import type { GridFile } from '@relight/contract';
import * as fc from 'fast-check';
import { bestByExhaustion, type BestOutcome } from './exhaustive.ts';
import { furnishedGrid } from './furnished-grid.ts';
import { randomGrid } from './random-grid.ts';
import { checkPlan } from './check-plan.ts';
import { difficulties, faultOf, planFor, type Difficulties } from './random-request.ts';
import { mayBeLost, situationOf, type PlanCase } from './switching-rules.ts';

/** What comparing plans with exhaustive search has come to so far. */
export interface OracleCount {
  /** Instances tried to the end by the search: the others were too large for it. */
  compared: number;
  /** Plans that are as good as the best there is. */
  equal: number;
  /** Of these, plans called `optimal`. */
  proved: number;
  /** Of those compared, plans with at least one step. */
  withSteps: number;
  /** Requests without any legal plan, by the engine and by the search. */
  refused: number;
  /** Plans that leave somebody served dark, since nothing else keeps the fault dead. */
  widened: number;
  tooLarge: number;
  /** Plans that differ from the best only because a state stands within 2e-5 of a limit. */
  onTheEdge: number;
}

/** One random instance. */
export interface OracleInstance {
  readonly file: GridFile;
  readonly pick: number;
  readonly hard: Difficulties;
}

/** More states than this, and an instance is left out. */
const MOST_STATES = 100;

const instance: fc.Arbitrary<OracleInstance> = fc.record({
  file: fc.oneof(randomGrid, furnishedGrid),
  pick: fc.nat(400),
  hard: difficulties,
});

/** With one to three switches of unknown position, and often a tag or two. */
const doubtful: fc.Arbitrary<OracleInstance> = fc
  .record({
    drawn: instance,
    untrusted: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    keepDead: fc.oneof(fc.constant([]), fc.array(fc.nat(), { minLength: 1, maxLength: 2 })),
  })
  .map(({ drawn, untrusted, keepDead }) => ({
    ...drawn,
    hard: { ...drawn.hard, untrusted, keepDead },
  }));

/** True where something live may feed the fault, or a live part is off for a moment. */
function isInDoubt(asked: PlanCase, result: ReturnType<typeof planFor>['result']): boolean {
  if (!result.ok || mayBeLost(situationOf(asked)).length > 1) return true;
  const { steps } = result.value.plan;
  return new Set(steps.map((step) => step.switch)).size < steps.length;
}

/**
 * One instance against exhaustive search; counted in `count`.
 * @param onlyInDoubt - true: instances without doubt about what may feed the fault are left out.
 * @returns What is wrong, null where nothing is.
 */
export function compareWithOracle(
  { file, pick, hard }: OracleInstance,
  count: OracleCount,
  onlyInDoubt = false,
): string | null {
  const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
  if (onlyInDoubt && !isInDoubt(asked, result)) return null;
  const mayLose = mayBeLost(situationOf(asked));
  const best = bestByExhaustion(asked, MOST_STATES, mayLose);
  const mustLose =
    mayLose.length > 1 && bestByExhaustion(asked, MOST_STATES, mayLose.slice(0, 1)) === null;
  if (best === null || best === 'tooLarge') {
    if (best === null && !result.ok) count.refused += 1;
    else if (best === 'tooLarge') count.tooLarge += 1;
    else return 'a plan where the search finds no legal end';
    return null;
  }
  if (!result.ok) return `refused, the search finds ${JSON.stringify(best)}`;
  count.compared += 1;
  if (mustLose) count.widened += 1;
  const broken = checkPlan(asked, result.value.plan);
  if (broken.length > 0) return broken.join('\n');
  const { plan } = result.value;
  const { unrestored, switchOperations } = plan.result;
  if (plan.steps.length > 0) count.withSteps += 1;
  const found = { ...unrestored, switchOperations };
  const isEqual = (Object.keys(best) as (keyof typeof best)[]).every(
    (field) => best[field] === found[field],
  );
  if (isEqual) count.equal += 1;
  if (isEqual && plan.proof.status === 'optimal') count.proved += 1;
  if (!isEqual && isOnTheEdge(asked, found)) {
    count.onTheEdge += 1;
    return null;
  }
  if (plan.proof.status === 'optimal' && !isEqual) {
    return `called optimal with ${JSON.stringify(found)}, the search finds ${JSON.stringify(best)}`;
  }
  const { bounds } = plan.proof;
  const isBound =
    bounds.critical_kW < best.critical_kW ||
    (bounds.critical_kW === best.critical_kW && bounds.customers <= best.customers);
  return isBound ? null : `bounds ${JSON.stringify(bounds)} above ${JSON.stringify(best)}`;
}

/** A hair less room at every limit than two load flows differ by, and the plan is the best. */
function isOnTheEdge(asked: PlanCase, found: BestOutcome): boolean {
  const best = bestByExhaustion({ ...asked, room: -1e-5 }, MOST_STATES);
  if (best === null || best === 'tooLarge') return false;
  return (Object.keys(found) as (keyof BestOutcome)[]).every((key) => best[key] === found[key]);
}

/**
 * Random instances against exhaustive search, batch by batch, each with a seed of its own, until
 * so many have been compared. A disagreement ends its batch; a run of many ends with the last batch.
 * @param tell - After each batch.
 * @param onlyInDoubt - true: each with switches of unknown position, and only where they matter.
 * @returns The disagreements, each with the seed and path that find it again.
 */
export function runOracle(
  wanted: number,
  seed: number,
  batch: number,
  count: OracleCount,
  tell: (batchSeed: number) => void,
  onlyInDoubt = false,
): readonly string[] {
  const wrong: string[] = [];
  for (let batchSeed = seed; count.compared < wanted; batchSeed++) {
    const checked = fc.check(
      fc.property(onlyInDoubt ? doubtful : instance, (each) => {
        const wrong = compareWithOracle(each, count, onlyInDoubt);
        if (wrong !== null) throw new Error(wrong);
      }),
      // A failing instance is told at once; shrinking one can take longer than the run.
      { numRuns: batch, seed: batchSeed, endOnFailure: true },
    );
    if (checked.failed) {
      wrong.push(`${String(checked.errorInstance)}\n${fc.defaultReportMessage(checked) ?? ''}`);
    }
    tell(batchSeed);
  }
  return wrong;
}
