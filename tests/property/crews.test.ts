import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCrews } from '../kit/check-crews.ts';
import { furnishedGrid } from '../kit/furnished-grid.ts';
import { runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

test('what crews do after remote control keeps every rule and limit, and adds to what is served', () => {
  const seen = { planned: 0, byCrews: 0, better: 0 };
  fc.assert(
    fc.property(
      furnishedGrid,
      fc.array(fc.nat(400), { minLength: 1, maxLength: 2 }),
      difficulties,
      (file, picks, hard) => {
        const faults = [...new Set(picks.map((pick) => faultOf(file, pick)))];
        const { asked, result } = planFor(file, faults, { ...hard, includeManual: true });
        if (!result.ok) return;
        const { plan } = result.value;
        seen.planned += 1;
        if (plan.steps.some(({ phase }) => phase === 2)) seen.byCrews += 1;
        expect(checkCrews(asked, plan)).toEqual([]);
        const [first, end] = [plan.result.unrestored, plan.resultWithCrews?.unrestored];
        expect(end?.critical_kW).toBeLessThanOrEqual(first.critical_kW);
        if (end !== undefined && end.customers < first.customers) seen.better += 1;
      },
    ),
    runs(250),
  );
  expect(seen.planned).toBeGreaterThan(200);
  expect(seen.byCrews).toBeGreaterThan(5);
  expect(seen.better).toBeGreaterThan(5);
});
