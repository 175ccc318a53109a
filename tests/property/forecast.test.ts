import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, forecasts, planFor, sunny } from '../kit/random-request.ts';

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

/** One to three hours with generation that goes, stays or grows. */
const suns = fc.array(fc.array(fc.constantFrom(0, 0.3, 1, 1.6), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

test('with a forecast of generation every state on the way is legal with what it then gives', () => {
  const seen = { planned: 0, namesHour: 0 };
  fc.assert(
    fc.property(sunny(randomGrid), fc.nat(400), suns, (file, pick, generation) => {
      const forecast = generation.map(() => [1]);
      const hard = { ...NO_DIFFICULTY, forecast, generation };
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      const { plan } = result.value;
      expect(checkPlan(asked, plan)).toEqual([]);
      seen.planned += 1;
      // By the load of every hour alone, which is that of now, nothing is refused for an hour ahead.
      if (plan.rejected.some(({ ahead_h }) => ahead_h !== undefined)) seen.namesHour += 1;
    }),
    runs(300),
  );
  expect(seen.planned).toBeGreaterThan(150);
  expect(seen.namesHour).toBeGreaterThan(0);
});

test('with less sun ahead no sequence of legal moves ends better than a plan called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(sunny(randomGrid), fc.nat(400), suns, forecasts, (file, pick, sun, loads) => {
      const hours = Math.min(sun.length, loads.length);
      const hard = { ...NO_DIFFICULTY, forecast: loads.slice(0, hours) };
      const generation = sun.slice(0, hours);
      const { asked, result } = planFor(file, [faultOf(file, pick)], { ...hard, generation });
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan)) compared += 1;
    }),
    runs(60),
  );
  expect(compared).toBeGreaterThan(20);
});

test('more load ahead, everywhere by the same share, never gives back more', () => {
  let less = 0;
  const onlyLoads = randomGrid.map((file) => ({ ...file, generators: [], shunts: [] }));
  fc.assert(
    fc.property(onlyLoads, fc.nat(400), fc.constantFrom(1, 1.2, 1.6), (file, pick, factor) => {
      const faults = [faultOf(file, pick)];
      const [light, heavy] = [factor, factor * 1.25].map(
        (each) => planFor(file, faults, { ...NO_DIFFICULTY, forecast: [[each]] }).result,
      );
      if (light?.ok !== true || heavy?.ok !== true) return;
      const [one, other] = [light.value.plan, heavy.value.plan];
      if (one.proof.status !== 'optimal') return;
      const served = ({ result: { unrestored } }: typeof one) => [
        unrestored.critical_kW,
        unrestored.customers,
        unrestored.p_kW,
      ];
      const [least, most] = [served(one), served(other)];
      const differs = least.findIndex((value, at) => Math.abs(value - (most[at] ?? 0)) > 1e-3);
      if (differs === -1) return;
      expect(most[differs]).toBeGreaterThan(least[differs] ?? 0);
      less += 1;
    }),
    runs(120),
  );
  expect(less).toBeGreaterThan(2);
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
