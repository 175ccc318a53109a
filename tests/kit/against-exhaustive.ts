import type { Plan } from '@relight/contract';
import { expect } from 'vitest';
import { bestByExhaustion } from './exhaustive.ts';
import type { PlanCase } from './switching-rules.ts';

/**
 * Holds a plan against all legal ways there are: one called optimal must end as well as the best,
 * any other must not claim that less than the best stays dark.
 * @returns false where there is nothing to hold it against: too many states, or no legal end.
 */
export function holdsAgainstAll(asked: PlanCase, plan: Plan, mostStates?: number): boolean {
  const best = bestByExhaustion(asked, mostStates);
  if (best === null || best === 'tooLarge') return false;
  const { unrestored, switchOperations } = plan.result;
  const { status, bounds } = plan.proof;
  if (status === 'optimal') expect({ ...unrestored, switchOperations }).toEqual(best);
  else expect(bounds.customers).toBeLessThanOrEqual(best.customers);
  return true;
}
