import { compileNetwork } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { planCase } from '../kit/plan-case.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, forecasts, planFor, sunny } from '../kit/random-request.ts';

const SEARCH_STEPS = 500;

test('what planning keeps of a grid from one request to the next changes no plan', () => {
  let planned = 0;
  const requests = fc.array(
    fc.tuple(
      fc.array(fc.nat(400), { minLength: 1, maxLength: 3 }),
      difficulties,
      fc.option(forecasts, { freq: 3, nil: [] }),
    ),
    { minLength: 2, maxLength: 5 },
  );
  fc.assert(
    fc.property(fc.oneof(randomGrid, sunny(randomGrid)), requests, (file, asks) => {
      const network = compileNetwork(modelOf(file));
      for (const [picks, hard, forecast] of asks) {
        const faults = [...new Set(picks.map((pick) => faultOf(file, pick)))];
        const { asked } = planFor(file, faults, { ...hard, forecast });
        const again = planCase(asked, SEARCH_STEPS, network);
        expect(again).toEqual(planCase(asked, SEARCH_STEPS));
        if (again.ok) planned += 1;
      }
    }),
    runs(100),
  );
  expect(planned).toBeGreaterThan(150);
});
