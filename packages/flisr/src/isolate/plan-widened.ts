import type { Bilingual, Plan } from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import type { EnergyConsumer } from '@relight/grid';
import type { PlannedRestoration, PlanRefusal, PlanRequest } from '../plan-request.ts';
import { amountOf, outageFigures, round } from '../restore/figures.ts';
import { isKeptDead } from '../restore/must-stay-dead.ts';
import { findPlan, type PlanSearch } from '../restore/find-plan.ts';
import { phaseAdvisory } from '../restore/phase-advisory.ts';
import { readProblem, type RestorationProblem } from '../restore/problem.ts';
import { DEAD_ONLY_IN_DOUBT } from '../restore/refusals.ts';
import { advisories } from '../restore/remarks.ts';
import { compareServed } from '../restore/score.ts';
import { endOf, type SequencedStep } from '../restore/switching-state.ts';
import { planStep, writePlan } from '../restore/write-plan.ts';
import { cutOffLive, tiedToDeadOnly, tiedToFault, type CutOffLive } from './cut-off-live.ts';
import { withWhyNotCut } from './why-not-cut.ts';

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
  const first = readProblem(request);
  if (request.options.noTransfer) return fail(withWhyNotCut(first, undefined, refusal));
  const feeders = feedersSwitchedOff(first);
  const parts = tiedToFault(first);
  const cuts = cutsOff(first, parts);
  let reason: PlanRefusal | null = null;
  for (const keepsServed of [true, false]) {
    for (const cut of cuts) {
      const next = afterCut(request, cut, keepsServed);
      const critical = namesOf(heldBack(first, next, true));
      if (critical !== '') {
        reason = leavesCriticalDark(refusal, critical);
        continue;
      }
      const search = findPlan(next);
      if (search === null) continue;
      const written = writtenWith(first, next, cut, search, refusal, feeders);
      const proof = proofAfterCut(first, next, cut, search, written.plan);
      return ok({
        written: { ...written, plan: { ...written.plan, proof } },
        first,
        problem: next,
        search,
      });
    }
  }
  return fail(reason ?? withWhyNotCut(readProblem(request), parts[0], refusal));
}

/**
 * A better plan than one that leaves load dark for the sake of switches that move only dead and may
 * have a live side: that side is switched off, they are moved, and it is given back. Nobody loses
 * supply by it for good who may not by any plan. null: none serves more.
 * @param plain - not proved the best; its bounds hold for every plan.
 */
export function planBetterWidened(request: PlanRequest, plain: WidenedPlan): WidenedPlan | null {
  if (request.options.noTransfer || !plain.problem.deadOnlyInDoubt) return null;
  const first = readProblem(request);
  const feeders = feedersSwitchedOff(first);
  const cuts = cutsOff(first, [...tiedToFault(first), tiedToDeadOnly(first)]);
  let best = plain;
  for (const cut of cuts) {
    const next = afterCut(request, cut, true);
    if (heldBack(first, next, request.options.allowShedding).length > 0) continue;
    const search = findPlan(next);
    if (search === null) continue;
    if (compareServed(search.best.score, best.search.best.score) >= 0) continue;
    const written = writtenWith(first, next, cut, search, DEAD_ONLY_IN_DOUBT, feeders);
    const proof = proofAgainst(plain.written.plan.proof, written.plan, search.explored);
    best = {
      written: { ...written, plan: { ...written.plan, proof } },
      first,
      problem: next,
      search,
    };
  }
  return best === plain ? null : best;
}

/** A live part, and how it is switched off. */
interface Cut extends CutOffLive {
  /** By section. */
  readonly part: Uint8Array;
}

function cutsOff(first: RestorationProblem, parts: readonly Uint8Array[]): readonly Cut[] {
  const found: Cut[] = [];
  for (const part of parts) {
    if (found.some((cut) => cut.part.every((is, section) => is === part[section]))) continue;
    const cut = cutOffLive(first, part);
    if (cut !== null) found.push({ ...cut, part });
  }
  return found;
}

/** Each problem read takes over the pictures of the one before. */
function afterCut(request: PlanRequest, cut: Cut, keepsServed: boolean): RestorationProblem {
  const mayLose = keepsServed ? new Uint8Array(cut.loses.length) : cut.loses;
  return readProblem({
    ...request,
    positionsNow: cut.positions,
    widened: { positionsAfterTrip: request.positionsNow, mayLose },
  });
}

/** Loads that are served after the trip and, once switched off, have to stay dark. */
function heldBack(
  { network, isLive }: RestorationProblem,
  { stayDead }: RestorationProblem,
  criticalOnly: boolean,
): readonly EnergyConsumer[] {
  return network.grid.loads.filter(({ node, priority }) => {
    const section = network.nodeSection[node]!;
    const isBarred = stayDead.reason.has(section) && isLive[section] === 1;
    return isBarred && (priority === 'critical' || !criticalOnly);
  });
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

/** The plan with the steps that switch the part off before it; its proof is still to be judged. */
function writtenWith(
  first: RestorationProblem,
  next: RestorationProblem,
  { steps }: Cut,
  search: PlanSearch,
  why: Pick<PlanRefusal, 'text'>,
  feeders: (next: RestorationProblem) => readonly number[],
): PlannedRestoration {
  const written = writePlan(next, search);
  const { plan } = written;
  const { served } = endOf(next, search.best.positions);
  const advisory = [
    tellsWhoLoses(steps, stayDark(first, served), why),
    ...advisories(first, search.best.sequence, served),
    ...phaseAdvisory(next, search.best.positions),
  ];
  const operations = steps.length + search.best.sequence.steps.length;
  return {
    ...written,
    plan: {
      ...plan,
      advisory: advisory.map(({ en }) => en),
      advisoryVi: advisory.map(({ vi }) => vi),
      steps: [
        ...steps.map((step, at) => planStep(next, step, at + 1)),
        ...plan.steps.map((step) => ({ ...step, n: step.n + steps.length })),
      ],
      result: { ...plan.result, ...outageFigures(first, served), switchOperations: operations },
    },
    helpingFeeders: ascending([...written.helpingFeeders, ...feeders(next)]),
  };
}

/** What the search after the cut proves about every plan that keeps the fault dead. */
function proofAfterCut(
  first: RestorationProblem,
  next: RestorationProblem,
  { part, steps }: Cut,
  search: PlanSearch,
  { proof, result }: Plan,
): Plan['proof'] {
  if (leavesDoubtDark(next, search) || mayStayLiveOnTag(first, next, part)) {
    return { ...proof, ...leastDark(next, result), status: 'bounded' };
  }
  // One of the first openings may be spared by opening further away.
  const switchOperations = Math.max(0, search.bound.operations - steps.length);
  return { ...proof, status: 'bounded', bounds: { ...proof.bounds, switchOperations } };
}

/** Another plan against the bounds of the one before it, which hold for every plan. */
function proofAgainst(
  { bounds, explored }: Plan['proof'],
  { result }: Plan,
  exploredMore: number,
): Plan['proof'] {
  const { unrestored, outage, switchOperations } = result;
  const meets =
    unrestored.critical_kW === bounds.critical_kW &&
    unrestored.customers === bounds.customers &&
    unrestored.p_kW === bounds.p_kW &&
    switchOperations === bounds.switchOperations;
  return {
    status: meets ? 'optimal' : 'bounded',
    bounds,
    gap_pct: gapOf(unrestored.customers, bounds.customers, outage.customers),
    explored: explored + exploredMore,
  };
}

function gapOf(dark: number, least: number, outage: number): number {
  return outage === 0 ? 0 : round((100 * Math.max(0, dark - least)) / outage, 2);
}

/**
 * True where somebody healthy stays dark who hung on a switch of unknown position: he might be kept by closing
 * dead parts before that switch is given life again, which the search after the cut does not look at.
 */
function leavesDoubtDark(next: RestorationProblem, { best }: PlanSearch): boolean {
  const { served } = endOf(next, best.positions);
  return next.doubtfulAfterTrip.some(
    (is, section) => is === 1 && served[section] === 0 && !next.stayDead.reason.has(section),
  );
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
  return stayDead.sections.some(
    (section) =>
      isKeptDead(stayDead.reason.get(section)) && isLive[section] === 1 && part[section] === 0,
  );
}

/** The bound that holds in any case: what hangs on the fault, or on a lost source, stays dark. */
function leastDark(
  next: RestorationProblem,
  { unrestored, outage }: Plan['result'],
): Pick<Plan['proof'], 'bounds' | 'gap_pct'> {
  const { values, wasLive, stayDead } = next;
  const isHeld = (section: number): boolean => {
    const reason = stayDead.reason.get(section);
    return reason === 'fault' || reason === 'source';
  };
  const held = amountOf(next, (section) => wasLive[section] === 1 && isHeld(section));
  // What feeds in takes off what is dark, as long as it is dark itself.
  const fedIn = (values_W: Float64Array): number =>
    values_W.reduce(
      (sum, value, at) => (wasLive[at] === 1 && !isHeld(at) ? sum + Math.min(0, value) : sum),
      0,
    ) / 1000;
  const least = {
    customers: held.customers,
    p_kW: round(held.p_kW + fedIn(values.active_W), 3),
    critical_kW: round(held.critical_kW + fedIn(values.critical_W), 3),
  };
  return {
    bounds: { ...least, switchOperations: 0 },
    gap_pct: gapOf(unrestored.customers, least.customers, outage.customers),
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
  { text }: Pick<PlanRefusal, 'text'>,
): Bilingual {
  const off = steps.reduce((sum, step) => sum + step.interruptsCustomers, 0);
  return {
    vi: `${text.vi} Vì vậy phương án cắt thêm phần đang có điện: ${off} khách hàng mất điện, trong đó ${dark} chưa được cấp lại.`,
    en: `${text.en} So the plan switches off a part that is live: ${off} customers lose supply, ${dark} of them stay dark.`,
  };
}

function namesOf(loads: readonly EnergyConsumer[]): string {
  return loads.map(({ name }) => name).join(', ');
}

function ascending(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
