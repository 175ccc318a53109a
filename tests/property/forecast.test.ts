import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, forecasts, planFor } from '../kit/random-request.ts';

test('with a forecast every state on the way is legal by the load of each hour too', () => {
  const seen = { otherSteps: 0, namesHour: 0 };
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, forecasts, (file, pick, hard, forecast) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], { ...hard, forecast });
      if (!result.ok) return;
      const { plan } = result.value;
      expect(checkPlan(asked, plan)).toEqual([]);
      expect(plan.forecast?.hours.length).toBe(forecast.length + 1);
      if (plan.rejected.some(({ ahead_h }) => ahead_h !== undefined)) seen.namesHour += 1;
      const now = planFor(file, [faultOf(file, pick)], hard).result;
      const steps = now.ok ? now.value.plan.steps.map((step) => step.switch) : [];
      const isOther = steps.join(' ') !== plan.steps.map((step) => step.switch).join(' ');
      if (isOther) seen.otherSteps += 1;
    }),
    runs(120),
  );
  expect(seen.otherSteps).toBeGreaterThan(2);
  expect(seen.namesHour).toBeGreaterThan(2);
});

test('with a forecast no sequence of legal moves ends better than a plan called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, forecasts, (file, pick, hard, forecast) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], { ...hard, forecast });
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan)) compared += 1;
    }),
    runs(60),
  );
  expect(compared).toBeGreaterThan(20);
});

test('a forecast that stays below the load of now changes nothing but what is reported', () => {
  const onlyLoads = randomGrid.map((file) => ({ ...file, generators: [], shunts: [] }));
  fc.assert(
    fc.property(onlyLoads, fc.nat(400), (file, pick) => {
      const faults = [faultOf(file, pick)];
      const now = planFor(file, faults).result;
      const ahead = planFor(file, faults, { ...NO_DIFFICULTY, forecast: [[1], [1]] }).result;
      if (!now.ok || !ahead.ok) return expect(ahead.ok).toBe(now.ok);
      expect(ahead.value.plan.steps).toEqual(now.value.plan.steps);
      expect(ahead.value.plan.rejected).toEqual(now.value.plan.rejected);
    }),
    runs(40),
  );
});

const NO_DIFFICULTY = {
  stuck: [],
  untrusted: [],
  blocked: [],
  keepDead: [],
  coldLoadFactor: 1,
  allowShedding: false,
  noTransfer: false,
  emergencyRatings: false,
};
