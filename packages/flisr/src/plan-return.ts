import type { Bilingual } from '@relight/contract';
import type { LoadState } from '@relight/powerflow';
import { normalPositions, type Network, type Positions } from '@relight/topology';
import type { PlannedRestoration, PlanOptions } from './plan-request.ts';
import { readProblem, type RestorationProblem } from './restore/problem.ts';
import { returnSequence } from './restore/return-sequence.ts';
import type { FoundPlan } from './restore/find-plan.ts';
import { amountOf } from './restore/figures.ts';
import { endOf } from './restore/switching-state.ts';
import { writePlan } from './restore/write-plan.ts';

export interface ReturnRequest {
  readonly network: Network;
  readonly positionsNow: Positions;
  readonly loads: LoadState;
  readonly options: PlanOptions;
}

/**
 * The way back to the normal state, every state on the way legal: dead parts first, then each
 * open point moved back, without interruption where paralleling is allowed. Goes as far as it
 * legally can: what may not be moved, or not within every limit, is left and named.
 *
 * Figures: `outage` is what the normal state serves and the present one does not.
 */
export function planReturn(request: ReturnRequest): PlannedRestoration {
  const { network, positionsNow, loads, options } = request;
  const normal = normalPositions(network);
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
  const final = problem.positions.map((position, at) =>
    problem.bars[at] === null ? normal[at]! : position,
  );
  const sequence = returnSequence(problem, final);
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
  const optimal = sequence.left.length === 0;
  const written = writePlan(problem, { best, optimal, bound: score, explored: 0 });
  return optimal ? written : withRest(written, problem, sequence.left);
}

/** Names the switches that are left off their normal position: a person has to decide. */
function withRest(
  written: PlannedRestoration,
  { network }: RestorationProblem,
  left: readonly number[],
): PlannedRestoration {
  const names = left.map((at) => network.grid.switches[at]!.name).join(', ');
  const { advisory, advisoryVi = [] } = written.plan;
  return {
    ...written,
    plan: {
      ...written.plan,
      advisory: [...advisory, `Not returned to normal within every limit: ${names}.`],
      advisoryVi: [...advisoryVi, `Chưa trả về kết dây cơ bản được mà giữ mọi giới hạn: ${names}.`],
    },
  };
}
