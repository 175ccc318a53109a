import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { followingGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

test('plans among loads that follow the voltage pass the checker, and none is better than an optimal one', () => {
  let compared = 0;
  fc.assert(
    fc.property(followingGrid, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      expect(checkPlan(asked, result.value.plan)).toEqual([]);
      if (holdsAgainstAll(asked, result.value.plan, 100)) compared += 1;
    }),
    runs(80),
  );
  expect(compared).toBeGreaterThan(20);
});
