import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { bestByExhaustion } from '../kit/exhaustive.ts';
import { followingGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

test('plans among loads that follow the voltage pass the checker, and none is better than an optimal one', () => {
  let compared = 0;
  fc.assert(
    fc.property(followingGrid, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      expect(checkPlan(asked, result.value.plan)).toEqual([]);
      const best = bestByExhaustion(asked, 100);
      if (best === null || best === 'tooLarge') return;
      compared += 1;
      const { unrestored, switchOperations } = result.value.plan.result;
      const { status, bounds } = result.value.plan.proof;
      if (status === 'optimal') expect({ ...unrestored, switchOperations }).toEqual(best);
      else expect(bounds.customers).toBeLessThanOrEqual(best.customers);
    }),
    runs(80),
  );
  expect(compared).toBeGreaterThan(20);
});
