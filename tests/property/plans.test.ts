import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs, shuffled } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

test('every plan for one fault passes the independent checker', () => {
  const seen = { planned: 0, restoring: 0, throughTies: 0 };
  fc.assert(
    fc.property(randomGrid, fc.nat(400), (file, pick) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)]);
      if (!result.ok) return;
      const { plan } = result.value;
      const ties = new Set(
        file.switches?.filter((each) => each.normallyOpen).map((each) => each.id),
      );
      seen.planned += 1;
      if (plan.result.restored.p_kW > 0) seen.restoring += 1;
      if (plan.steps.some((step) => ties.has(step.switch))) seen.throughTies += 1;
      expect(checkPlan(asked, plan)).toEqual([]);
    }),
    runs(120),
  );
  expect(seen.planned).toBeGreaterThan(80);
  expect(seen.restoring).toBeGreaterThan(20);
  expect(seen.throughTies).toBeGreaterThan(5);
});

test('so does every plan with stuck, unknown and blocked switches, tags, two faults, cold load, options', () => {
  fc.assert(
    fc.property(
      randomGrid,
      fc.array(fc.nat(400), { minLength: 1, maxLength: 2 }),
      difficulties,
      (file, picks, hard) => {
        const faults = [...new Set(picks.map((pick) => faultOf(file, pick)))];
        const { asked, result } = planFor(file, faults, hard);
        if (result.ok) expect(checkPlan(asked, result.value.plan)).toEqual([]);
        else expect(result.error.kind).toBe('cannotKeepDead');
      },
    ),
    runs(120),
  );
});

test('so does every plan where all sources may be joined for a moment, at any tie', () => {
  const joinable = randomGrid.map((file) => ({
    ...file,
    sources: file.sources.map((source) => ({ ...source, angleGroup: 'north' })),
    switches: (file.switches ?? []).map((each) => ({ ...each, parallelAllowed: true })),
  }));
  fc.assert(
    fc.property(joinable, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], {
        ...hard,
        noTransfer: false,
      });
      if (result.ok) expect(checkPlan(asked, result.value.plan)).toEqual([]);
    }),
    runs(100),
  );
});

test('the order of the lists in the file changes no plan', () => {
  const pairs = randomGrid.chain((file) => fc.tuple(fc.constant(file), shuffled(file)));
  fc.assert(
    fc.property(pairs, fc.nat(400), ([file, other], pick) => {
      const faults = [faultOf(file, pick)];
      expect(planFor(other, faults).result).toEqual(planFor(file, faults).result);
    }),
    runs(60),
  );
});

test('the checker itself finds what a plan leaves out, adds, or claims wrongly', () => {
  fc.assert(
    fc.property(randomGrid, fc.nat(400), fc.nat(), (file, pick, spoil) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)]);
      // Only a plan with steps can be spoilt; others are drawn again.
      fc.pre(result.ok && result.value.plan.steps.length > 0);
      if (!result.ok) return;
      const { plan } = result.value;
      const at = spoil % plan.steps.length;
      const without = { ...plan, steps: plan.steps.filter((_, step) => step !== at) };
      const claims = { ...plan.result.restored, customers: plan.result.restored.customers + 1 };
      expect(checkPlan(asked, without)).not.toEqual([]);
      expect(checkPlan(asked, { ...plan, steps: [...plan.steps].reverse() })).not.toEqual(
        plan.steps.length > 1 ? [] : null,
      );
      expect(
        checkPlan(asked, { ...plan, result: { ...plan.result, restored: claims } }),
      ).not.toEqual([]);
    }),
    runs(40),
  );
});

test('no sequence of legal moves ends better than a plan that is called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan)) compared += 1;
    }),
    runs(60),
  );
  expect(compared).toBeGreaterThan(20);
});
