import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';

/**
 * Random grids with one or two generators, of which at least one may carry an island. They give
 * nothing before the fault: the load flow of the checker knows none.
 */
const withIslands = fc
  .tuple(randomGrid, fc.array(fc.nat(), { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([file, picks, both]) => ({
    ...file,
    generators: picks.map((pick, at) => ({
      id: `PV${at}`,
      node: file.nodes[pick % file.nodes.length]?.id ?? '',
      p_kW: 0,
      canIsland: at === 0 || both,
    })),
  }));

test('no step of a plan joins a live part to what a generator may carry as an island', () => {
  const seen = { planned: 0, kept: 0 };
  fc.assert(
    fc.property(withIslands, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      seen.planned += 1;
      const { plan, staysDark } = result.value;
      expect(checkPlan(asked, plan)).toEqual([]);
      const isKept = staysDark.some(({ why }) => why.en.startsWith('A generator may carry it'));
      const isNamed = plan.rejected.some(({ kind }) => kind === 'generator');
      if (isKept || isNamed) seen.kept += 1;
    }),
    runs(150),
  );
  expect(seen.planned).toBeGreaterThan(80);
  expect(seen.kept).toBeGreaterThan(10);
});

test('beside islands no sequence of legal moves ends better than a plan called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(withIslands, fc.nat(400), difficulties, (file, pick, hard) => {
      const { asked, result } = planFor(file, [faultOf(file, pick)], hard);
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan, 100)) compared += 1;
    }),
    runs(60),
  );
  expect(compared).toBeGreaterThan(20);
});
