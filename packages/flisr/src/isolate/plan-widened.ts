import type { Bilingual, Plan } from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import type { PlannedRestoration, PlanRefusal, PlanRequest } from '../plan-request.ts';
import { amountOf, outageFigures, round } from '../restore/figures.ts';
import { findPlan, type PlanSearch } from '../restore/find-plan.ts';
import { readProblem, type RestorationProblem } from '../restore/problem.ts';
import { advisories } from '../restore/remarks.ts';
import { endOf, type SequencedStep } from '../restore/switching-state.ts';
import { planStep, writePlan } from '../restore/write-plan.ts';
import { cutOffLive, tiedToFault } from './cut-off-live.ts';

/** A plan whose isolation was widened, and the problem from which crews may go on. */
export interface WidenedPlan {
  readonly written: PlannedRestoration;
  /** The state after the trip: figures are against its outage. */
  readonly first: RestorationProblem;
  readonly problem: RestorationProblem;
  readonly search: PlanSearch;
}

/**
 * The plan where something live may feed the fault through a switch of unknown position and
 * nothing between the two can be opened: that live part is switched off as well, first of all, and
 * the rest is restored from there. Everybody who can be supplied again is, if a legal plan does so;
 * else as many as can be. Always advisory: it tells who loses supply that has it now. Critical load
 * is never left dark that way.
 *
 * It is not called `optimal`: to open further away may take fewer operations. The bounds on what can
 * be served hold, for whatever is done that part stays dead, or has been: what hangs on a tag as well
 * is then given no life again. Where that bars more than the part, the bounds are weaker.
 * @param refusal - what is said where there is no such plan.
 */
export function planWidened(
  request: PlanRequest,
  refusal: PlanRefusal,
): Result<WidenedPlan, PlanRefusal> {
  if (request.options.noTransfer) return fail(refusal);
  const asIs = readProblem(request);
  const parts = tiedToFault(asIs);
  const feeders = feedersSwitchedOff(asIs);
  let reason = refusal;
  for (const part of parts) {
    // Each problem read takes over the pictures of the one before.
    const first = readProblem(request);
    const cutOff = cutOffLive(first, part);
    if (cutOff === null) continue;
    for (const keepsServed of [true, false]) {
      const next = readProblem({
        ...request,
        positionsNow: cutOff.positions,
        widened: { positionsAfterTrip: request.positionsNow, keepsServed },
      });
      const critical = criticalTiedToFault(first, next);
      if (critical !== '') {
        reason = leavesCriticalDark(refusal, critical);
        break;
      }
      const search = findPlan(next);
      if (search === null) continue;
      const written = writePlan(next, search);
      return ok({
        written: {
          ...written,
          plan: withCutOff(first, next, part, cutOff.steps, search, written.plan, refusal),
          helpingFeeders: ascending([...written.helpingFeeders, ...feeders(next)]),
        },
        first,
        problem: next,
        search,
      });
    }
  }
  return fail(reason);
}

/** Names of critical loads that are served and would have to stay dark; empty: none. */
function criticalTiedToFault(
  { network, isLive }: RestorationProblem,
  { stayDead }: RestorationProblem,
): string {
  return network.grid.loads
    .filter(({ node, priority }) => {
      const section = network.nodeSection[node]!;
      const isBarred = stayDead.reason[section] !== null && isLive[section] === 1;
      return priority === 'critical' && isBarred;
    })
    .map(({ name }) => name)
    .join(', ');
}

function leavesCriticalDark({ kind, text, equipment }: PlanRefusal, names: string): PlanRefusal {
  return {
    kind,
    text: {
      vi: `${text.vi} Mở rộng vùng cô lập sẽ làm mất điện phụ tải đặc biệt quan trọng: ${names}.`,
      en: `${text.en} To isolate more widely would leave critical load dark: ${names}.`,
    },
    equipment,
  };
}

/**
 * Feeders on which something live is switched off: their modes count too.
 * @returns To be asked once the next problem is read; the pictures of this one are gone by then.
 */
function feedersSwitchedOff({
  network,
  now,
  isLive,
}: RestorationProblem): (next: RestorationProblem) => readonly number[] {
  const feederOf = Array.from(
    { length: network.sectionCount },
    (_, section) => now.nodeFeeder[network.sectionNodes[network.sectionStart[section]!]!]!,
  );
  return (next) =>
    feederOf.filter(
      (feeder, section) => feeder !== -1 && isLive[section] === 1 && next.isLive[section] === 0,
    );
}

function withCutOff(
  first: RestorationProblem,
  next: RestorationProblem,
  part: Uint8Array,
  steps: readonly SequencedStep[],
  search: PlanSearch,
  plan: Plan,
  refusal: PlanRefusal,
): Plan {
  const { served } = endOf(next, search.best.positions);
  const why = [
    tellsWhoLoses(steps, stayDark(first, served), refusal),
    ...advisories(first, search.best.sequence, served),
  ];
  const operations = steps.length + search.best.sequence.steps.length;
  const { bounds } = plan.proof;
  const result = { ...plan.result, ...outageFigures(first, served), switchOperations: operations };
  return {
    ...plan,
    advisory: why.map(({ en }) => en),
    advisoryVi: why.map(({ vi }) => vi),
    steps: [
      ...steps.map((step, at) => planStep(next, step, at + 1)),
      ...plan.steps.map((step) => ({ ...step, n: step.n + steps.length })),
    ],
    result,
    proof: mayStayLiveOnTag(first, next, part)
      ? { ...plan.proof, ...leastDark(next, result), status: 'bounded' }
      : {
          ...plan.proof,
          status: 'bounded',
          // One of the first openings may be spared by opening further away.
          bounds: {
            ...bounds,
            switchOperations: Math.max(0, search.bound.operations - steps.length),
          },
        },
  };
}

/**
 * True where something outside the part was switched off with it and may not be given life again,
 * for the sake of a tag or an earth that hangs on it by unknown switches: another plan might have
 * kept it live all along.
 */
function mayStayLiveOnTag(
  { isLive }: RestorationProblem,
  { stayDead }: RestorationProblem,
  part: Uint8Array,
): boolean {
  return stayDead.reason.some(
    (reason, section) =>
      (reason === 'tag' || reason === 'earth') && isLive[section] === 1 && part[section] === 0,
  );
}

/** The bound that holds in any case: what hangs on the fault, or on a lost source, stays dark. */
function leastDark(
  next: RestorationProblem,
  { unrestored, outage }: Plan['result'],
): Pick<Plan['proof'], 'bounds' | 'gap_pct'> {
  const least = amountOf(next, (section) => {
    const reason = next.stayDead.reason[section];
    return next.wasLive[section] === 1 && (reason === 'fault' || reason === 'source');
  });
  const gap = Math.max(0, unrestored.customers - least.customers);
  return {
    bounds: { ...least, switchOperations: 0 },
    gap_pct: outage.customers === 0 ? 0 : round((100 * gap) / outage.customers, 2),
  };
}

/** Customers who are served after the trip and dark at the end. */
function stayDark(first: RestorationProblem, served: Uint8Array): number {
  return first.values.customers.reduce(
    (sum, customers, section) =>
      first.isLive[section] === 1 && served[section] === 0 ? sum + customers : sum,
    0,
  );
}

function tellsWhoLoses(
  steps: readonly SequencedStep[],
  dark: number,
  { text }: PlanRefusal,
): Bilingual {
  const off = steps.reduce((sum, step) => sum + step.interruptsCustomers, 0);
  return {
    vi: `${text.vi} Vì vậy phương án cắt thêm phần đang có điện: ${off} khách hàng mất điện, trong đó ${dark} chưa được cấp lại.`,
    en: `${text.en} So the plan switches off a part that is live: ${off} customers lose supply, ${dark} of them stay dark.`,
  };
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
