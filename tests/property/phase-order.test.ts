import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

const joined = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });

test('no step of a plan makes a parallel or closes a tie through conductors of unconfirmed phase order', () => {
  const seen = { rejected: 0, otherSteps: 0, advisory: 0 };
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, joined, (file, pick, hard, nodes) => {
      const faults = [faultOf(file, pick)];
      const { asked, result } = planFor(file, faults, { ...hard, phaseUnconfirmed: nodes });
      if (!result.ok) return;
      const { plan } = result.value;
      expect(checkPlan(asked, plan)).toEqual([]);
      if (plan.rejected.some(({ kind }) => kind === 'phaseOrder')) seen.rejected += 1;
      if (plan.advisory.some((text) => text.startsWith('The phase order'))) seen.advisory += 1;
      const sure = planFor(file, faults, hard).result;
      const steps = sure.ok ? sure.value.plan.steps.map((step) => step.switch) : [];
      if (steps.join(' ') !== plan.steps.map((step) => step.switch).join(' ')) seen.otherSteps += 1;
    }),
    runs(200),
  );
  expect(seen.rejected).toBeGreaterThan(2);
  expect(seen.otherSteps).toBeGreaterThan(2);
  expect(seen.advisory).toBeGreaterThan(2);
});

test('with phase order unconfirmed no sequence of legal moves ends better than a plan called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, joined, (file, pick, hard, nodes) => {
      const faults = [faultOf(file, pick)];
      const { asked, result } = planFor(file, faults, { ...hard, phaseUnconfirmed: nodes });
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan)) compared += 1;
    }),
    runs(100),
  );
  expect(compared).toBeGreaterThan(20);
});
