import type { StepPurpose } from '@relight/contract';
import { mayParallel } from './parallel.ts';
import type { RestorationProblem } from './problem.ts';
import { move, type SwitchingState } from './switching-state.ts';

/**
 * One served part handed over without interruption: closed, then opened, where both sides may be
 * joined for a moment. null: no pair of moves left does it.
 */
export function changeOver(
  problem: RestorationProblem,
  state: SwitchingState,
  touched: ReadonlySet<number>,
  purpose: Extract<StepPurpose, 'transfer' | 'return'>,
): SwitchingState | null {
  if (state.opens.length === 0) return null;
  for (const close of state.closes) {
    if (!mayParallel(problem, state.positions, close)) continue;
    const joined = problem.judge.joinedBy(close, () =>
      move(problem, state, close, 'parallel', touched, 1),
    );
    if (joined === null) continue;
    for (const open of joined.opens) {
      const parted = move(problem, joined, open, purpose, touched);
      if (parted !== null && parted.steps.at(-1)?.interruptsCustomers === 0) return parted;
    }
  }
  return null;
}
