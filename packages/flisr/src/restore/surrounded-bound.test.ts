import { assert } from '@relight/foundation';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { change, compile, feeder, join, tie, type SmallGrid } from '../small-grids.ts';
import { findPlan } from './find-plan.ts';
import { problemAfterFault } from './problem-after-fault.ts';
import { readRelaxation } from './relaxation.ts';
import { scopeOfRing } from './scope.ts';
import { compareProved } from './score.ts';
import { SupplyWays } from './supply-ways.ts';
import { surroundedBound } from './surrounded-bound.ts';

/** Most kilowatts, in whole hundreds, that can arrive behind tie T after a fault in A1. */
function throughTie(grid: SmallGrid, limits: object = {}): number {
  const network = compile(grid, limits);
  const problem = problemAfterFault(network, 'LA1', { searchSteps: 3_000 });
  const { sources } = scopeOfRing(problem, 2);
  const relaxation = readRelaxation(problem, sources);
  const ways = SupplyWays.of(problem, sources, relaxation);
  assert(ways !== null, 'only loads, and no loop');
  const needs2 = network.grid.limits.minVoltage ** 2;
  const at = network.index.switch.get('T')!;
  let kW = 0;
  while (kW < 10_000 && ways.carries(at, 'to', { active: (kW + 100) * 1e6, reactive: 0, needs2 })) {
    kW += 100;
  }
  return kW;
}

/** A behind a fault in its first section, tied by T to the second of the three sections of B. */
function tied(...more: readonly object[]): SmallGrid {
  return join(feeder('A', 2), feeder('B', 3), feeder('C', 1), {
    switches: [tie('T', 'AN2', 'BN2'), ...(more as ReturnType<typeof tie>[])],
  });
}

test('the way to a dead part carries its own sections and what hangs on them alone', () => {
  // 163 A at 22 kV are 6,211 kW; B1, B2 and B3 take 3,000 of them.
  const weak = { LB1: { rated_A: 163 } };
  expect(throughTie(change(tied(), weak))).toBe(3200);
});

test('a section on the way that could be fed from elsewhere is taken to be', () => {
  const weak = { LB1: { rated_A: 163 }, LC1: { rated_A: 30 } };
  expect(throughTie(change(tied(tie('U', 'BN3', 'CN1')), weak))).toBe(4200);
});

test('a way around the weak line is a way, with the sections on it', () => {
  // Through C1, U, B3 and B2: three sections, of which B1 is not one.
  const weak = { LB1: { rated_A: 30 }, LC1: { rated_A: 163 } };
  expect(throughTie(change(tied(tie('U', 'BN3', 'CN1')), weak))).toBe(3200);
});

test('where the voltage falls too low on the way, less arrives than the lines carry', () => {
  // 10 ohm: v² falls by 2 × 10 ÷ 22² for each MW through B1, so 0.19 allow 4.6 MW without losses.
  const long = { LB1: { r_ohm: 10, x_ohm: 0 } };
  const kW = throughTie(change(tied(), long), { minVoltage_pu: 0.9 });
  expect(kW).toBeLessThan(1600);
  expect(kW).toBeGreaterThan(1000);
});

const someLoad = fc.integer({ min: 2, max: 30 }).map((hundreds) => hundreds * 100);
const someLine = fc.record({
  r_ohm: fc.integer({ min: 1, max: 60 }).map((tenths) => tenths / 10),
  x_ohm: fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 10),
  rated_A: fc.integer({ min: 40, max: 300 }),
});
const SIZES = { A: 3, B: 3, C: 2, D: 2 };
const SECTIONS = Object.entries(SIZES).flatMap(([name, count]) =>
  Array.from({ length: count }, (_, k) => `${name}${k + 1}`),
);
const nodeOf = (section: string): string => `${section[0]}N${section[1]}`;

/** Four feeders with any loads and lines, and up to six ties among them. */
const weakGrid: fc.Arbitrary<SmallGrid> = fc
  .record({
    loads: fc.array(someLoad, { minLength: SECTIONS.length, maxLength: SECTIONS.length }),
    lines: fc.array(someLine, { minLength: SECTIONS.length, maxLength: SECTIONS.length }),
    ties: fc.array(fc.tuple(fc.constantFrom(...SECTIONS), fc.constantFrom(...SECTIONS)), {
      minLength: 2,
      maxLength: 6,
    }),
  })
  .map(({ loads, lines, ties }) => {
    const feeders = Object.entries(SIZES).map(([name, count]) => feeder(name, count));
    const switches = ties
      .filter(([a, b]) => a[0] !== b[0])
      .map(([a, b], k) => tie(`T${k}`, nodeOf(a), nodeOf(b)));
    const changes: Record<string, object> = {};
    SECTIONS.forEach((section, k) => {
      changes[`D${section}`] = { p_kW: loads[k]!, q_kvar: loads[k]! / 4 };
      changes[`L${section}`] = lines[k]!;
    });
    return change(join(...feeders, { switches }), changes);
  });

test('no plan is better than the bound, wherever ways are looked for', () => {
  fc.assert(
    fc.property(weakGrid, fc.constantFrom('LA1', 'LA2', 'LB1'), (grid, fault) => {
      const network = compile(grid, { minVoltage_pu: 0.93 });
      const plan = findPlan(problemAfterFault(network, fault, { searchSteps: 3_000 }));
      assert(plan !== null, 'nothing hangs on a switch that cannot be opened');
      const problem = problemAfterFault(network, fault, { searchSteps: 3_000 });
      const near = scopeOfRing(problem, 0);
      for (const ring of [0, 1, 2]) {
        const bound = surroundedBound(problem, near, scopeOfRing(problem, ring).sources);
        assert(bound !== null, 'only loads, and no loop');
        const { served, operations } = bound;
        expect(compareProved({ ...served, operations }, plan.best.score)).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 150 },
  );
});
