import type { Bilingual } from '@relight/contract';
import type { LoadState } from '@relight/powerflow';
import { normalPositions, type Network, type Positions } from '@relight/topology';
import type { PlannedRestoration, PlanOptions } from './plan-request.ts';
import { readProblem, type RestorationProblem } from './restore/problem.ts';
import type { ReturnRules } from './restore/return-rules.ts';
import { returnSequence } from './restore/return-sequence.ts';
import type { FoundPlan, PlanSearch } from './restore/find-plan.ts';
import { amountOf } from './restore/figures.ts';
import { endOf } from './restore/switching-state.ts';
import { whyLeft } from './restore/why-left.ts';
import { writePlan } from './restore/write-plan.ts';

export interface ReturnRequest {
  readonly network: Network;
  readonly positionsNow: Positions;
  readonly loads: LoadState;
  readonly options: PlanOptions;
  /** The state to go back to; absent: `normallyOpen` of the grid file. */
  readonly normal?: Positions;
  /** Switches that go back, by index; absent: every one that is off its normal position. */
  readonly only?: ReadonlySet<number>;
  /** How a repaired part is energised first, and whether anybody may be interrupted; absent: anyhow. */
  readonly rules?: Partial<ReturnRules>;
}

/**
 * The way back to the normal state, every state on the way legal: dead parts first, then each
 * open point moved back, without interruption where paralleling is allowed. Goes as far as it
 * legally can: what may not be moved, or not within every limit, is left and named, with why.
 *
 * Figures: `outage` is what the normal state serves and the present one does not.
 */
export function planReturn(request: ReturnRequest): PlannedRestoration {
  const { network, positionsNow, loads, options, only } = request;
  const normal = request.normal ?? normalPositions(network);
  const because: Bilingual[] = [
    { vi: 'Trả về kết dây cơ bản.', en: 'Return to the normal configuration.' },
  ];
  const problem = readProblem({
    network,
    positionsBefore: normal,
    positionsNow,
    loads,
    faultedSections: [],
    lostSources: [],
    tripped: [],
    candidates: [],
    because,
    options,
  });
  const rules: ReturnRules = {
    repaired: request.rules?.repaired ?? new Set(),
    energisers: request.rules?.energisers ?? new Set(),
    mayInterrupt: request.rules?.mayInterrupt ?? true,
  };
  const goesBack = (at: number): boolean => only?.has(at) ?? true;
  const final = problem.positions.map((position, at) =>
    problem.bars.of(at) === null && goesBack(at) ? normal[at]! : position,
  );
  const sequence = returnSequence(problem, final, rules);
  const { served } = endOf(problem, sequence.positions);
  const amount = amountOf(problem, (section) => served[section] === 1);
  const score = {
    critical_W: Math.round(amount.critical_kW * 1000),
    customers: amount.customers,
    active_W: Math.round(amount.p_kW * 1000),
    operations: sequence.steps.length,
    interrupted: sequence.interrupted,
    loading: 0,
    losses_W: 0,
  };
  const best: FoundPlan = { score, positions: sequence.positions, sequence };
  const barred = barredOffNormal(problem, normal).filter((at) => goesBack(at));
  const optimal = sequence.left.length === 0 && barred.length === 0;
  const bound = optimal ? score : normalServes(problem);
  const written = writePlan(problem, { best, optimal, bound, explored: 0 });
  const reasons = sequence.left.map((at) => whyLeft(problem, sequence, at, rules));
  return withRest(written, problem, { left: sequence.left, barred, reasons });
}

/** Switches that stand off their normal position and may not be moved. */
function barredOffNormal(
  { bars, positions }: RestorationProblem,
  normal: Positions,
): readonly number[] {
  const off: number[] = [];
  positions.forEach((position, at) => {
    if (position !== normal[at] && bars.of(at) !== null) off.push(at);
  });
  return off;
}

/** What the normal state serves: no way back serves more. */
function normalServes(problem: RestorationProblem): PlanSearch['bound'] {
  const { critical_kW, customers, p_kW } = amountOf(
    problem,
    (section) => problem.wasLive[section] === 1,
  );
  return {
    critical_W: Math.round(critical_kW * 1000),
    customers,
    active_W: Math.round(p_kW * 1000),
    operations: 0,
  };
}

/**
 * Names the switches that are left off their normal position: a person has to decide. Ties that
 * stand open as they do normally are no matter of the way back.
 */
function withRest(
  written: PlannedRestoration,
  { network }: RestorationProblem,
  rest: {
    readonly left: readonly number[];
    readonly barred: readonly number[];
    readonly reasons: readonly Bilingual[];
  },
): PlannedRestoration {
  const { left, barred, reasons } = rest;
  const names = (switches: readonly number[]): string =>
    switches.map((at) => network.grid.switches[at]!.name).join(', ');
  const ids = new Set([...left, ...barred].map((at) => network.grid.switches[at]!.id));
  const advisory = [...written.plan.advisory];
  const advisoryVi = [...(written.plan.advisoryVi ?? [])];
  if (barred.length > 0) {
    advisory.push(`Off the normal position and not to be operated: ${names(barred)}.`);
    advisoryVi.push(`Đang khác kết dây cơ bản và không được thao tác: ${names(barred)}.`);
  }
  for (const { vi, en } of reasons) {
    advisory.push(en);
    advisoryVi.push(vi);
  }
  const rejected = written.plan.rejected.filter((each) => ids.has(each.switch));
  return { ...written, plan: { ...written.plan, advisory, advisoryVi, rejected } };
}
