import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { checkPlan } from '../kit/check-plan.ts';
import { furnishedGrid } from '../kit/furnished-grid.ts';
import { runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

test('with generators, pickups, couplers, vector groups and loads that feed in every plan passes the checker', () => {
  const seen = { planned: 0, withSteps: 0 };
  fc.assert(
    fc.property(
      furnishedGrid,
      fc.array(fc.nat(400), { minLength: 1, maxLength: 2 }),
      difficulties,
      (file, picks, hard) => {
        const faults = [...new Set(picks.map((pick) => faultOf(file, pick)))];
        const { asked, result } = planFor(file, faults, hard);
        if (!result.ok) return;
        seen.planned += 1;
        if (result.value.plan.steps.length > 0) seen.withSteps += 1;
        expect(checkPlan(asked, result.value.plan)).toEqual([]);
      },
    ),
    runs(120),
  );
  expect(seen.planned).toBeGreaterThan(80);
  expect(seen.withSteps).toBeGreaterThan(10);
});

test('and no sequence of legal moves ends better than one called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(furnishedGrid, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan, 100)) compared += 1;
    }),
    runs(100),
  );
  expect(compared).toBeGreaterThan(30);
});
