import type { GridFile } from '@relight/contract';
import { applyTrip, planForFault, planOptions, planRestoration } from '@relight/flisr';
import { compileNetwork, normalPositions, CLOSED, OPEN } from '@relight/topology';
import * as fc from 'fast-check';
import { loadStateFromGrid } from '@relight/powerflow';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { faultOf, planFor } from '../kit/random-request.ts';

/** Keys of a grid file whose strings are ids. */
const ID_KEYS = new Set(['id', 'node', 'from', 'to', 'line', 'head', 'substation']);

/** The same grid under other names, which sort the other way round. */
function renamed(file: GridFile): {
  readonly file: GridFile;
  readonly name: (id: string) => string;
} {
  const name = (id: string): string =>
    `${String(9_999 - (Number.parseInt(id.replaceAll(/\D/g, ''), 10) || 0)).padStart(4, '0')}-${id}`;
  const rename = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return ID_KEYS.has(key) ? name(value) : value;
    if (Array.isArray(value)) return value.map((each) => rename(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, each]) => [field, rename(each, field)]),
    );
  };
  return { file: { ...(rename(file, '') as GridFile), id: file.id }, name };
}

/** The same grid with every rating and source raised, and a wider band of voltage. */
function strengthened(file: GridFile, times: number): GridFile {
  const raise = (value: number | undefined): { readonly value?: number } =>
    value === undefined ? {} : { value: value * times };
  const rated = (value: number | undefined): { readonly rated_A?: number } => {
    const raised = raise(value).value;
    return raised === undefined ? {} : { rated_A: raised };
  };
  return {
    ...file,
    sources: file.sources.map((source) =>
      source.max_MVA === undefined ? source : { ...source, max_MVA: source.max_MVA * times },
    ),
    lines: (file.lines ?? []).map((line) => ({ ...line, ...rated(line.rated_A) })),
    switches: (file.switches ?? []).map((device) => ({ ...device, ...rated(device.rated_A) })),
  };
}

/** Negative where `a` leaves less dark than `b`. */
function compareDark(
  a: { readonly critical_kW: number; readonly customers: number; readonly p_kW: number },
  b: typeof a,
): number {
  return a.critical_kW - b.critical_kW || a.customers - b.customers || a.p_kW - b.p_kW;
}

test('other names change neither what is served nor how many operations it takes', () => {
  let proved = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), (file, pick) => {
      const fault = faultOf(file, pick);
      const other = renamed(file);
      const [a, b] = [
        planFor(file, [fault]).result,
        planFor(other.file, [other.name(fault)]).result,
      ];
      expect(b.ok).toBe(a.ok);
      if (!a.ok || !b.ok) return;
      if (a.value.plan.proof.status !== 'optimal') return;
      proved += 1;
      expect(b.value.plan.proof.status).toBe('optimal');
      expect(b.value.plan.result.unrestored).toEqual(a.value.plan.result.unrestored);
      expect(b.value.plan.result.switchOperations).toBe(a.value.plan.result.switchOperations);
    }),
    runs(60),
  );
  expect(proved).toBeGreaterThan(30);
});

test('with stronger lines, switches and sources never more stays dark', () => {
  let better = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), fc.constantFrom(1.1, 1.5, 3), (file, pick, times) => {
      const faults = [faultOf(file, pick)];
      const weak = planFor(file, faults).result;
      const strong = planFor(strengthened(file, times), faults).result;
      expect(strong.ok).toBe(weak.ok);
      if (!weak.ok || !strong.ok || strong.value.plan.proof.status !== 'optimal') return;
      const order = compareDark(
        strong.value.plan.result.unrestored,
        weak.value.plan.result.unrestored,
      );
      expect(order).toBeLessThanOrEqual(0);
      if (order < 0) better += 1;
    }),
    runs(150),
  );
  expect(better).toBeGreaterThan(0);
});

test('planned again from its end, a proved plan needs no step more', () => {
  let again = 0;
  fc.assert(
    fc.property(
      randomGrid,
      fc.array(fc.nat(400), { minLength: 1, maxLength: 2 }),
      (file, picks) => {
        const network = compileNetwork(modelOf(file));
        const before = normalPositions(network);
        const loads = loadStateFromGrid(network);
        const faults = [...new Set(picks.map((pick) => faultOf(file, pick)))];
        const trip = applyTrip(network, before, faults);
        const first = planForFault(network, before, faults, planOptions(), { loads });
        if (!trip.ok || !first.ok || first.value.plan.proof.status !== 'optimal') return;
        const { faultedSections, lostSources, tripped, immovable } = trip.value;
        const open = new Set(first.value.plan.result.openSwitches);
        const second = planRestoration({
          network,
          positionsBefore: before,
          positionsNow: Uint8Array.from(network.grid.switches, ({ id }) =>
            open.has(id) ? OPEN : CLOSED,
          ),
          loads,
          faultedSections,
          lostSources,
          tripped,
          candidates: [],
          because: [],
          options: planOptions({ stuck: new Set(immovable) }),
        });
        expect(second.ok && second.value.plan.steps).toEqual([]);
        if (first.value.plan.steps.length > 0) again += 1;
      },
    ),
    runs(60),
  );
  expect(again).toBeGreaterThan(5);
});

test('without any budget the plan is legal all the same, and mostly gives something back', () => {
  const seen = { possible: 0, restoring: 0 };
  fc.assert(
    fc.property(randomGrid, fc.nat(400), (file, pick) => {
      const faults = [faultOf(file, pick)];
      const network = compileNetwork(modelOf(file));
      const options = planOptions({ searchSteps: 0 });
      const hasty = planForFault(network, normalPositions(network), faults, options);
      const { asked, result } = planFor(file, faults);
      expect(hasty.ok).toBe(result.ok);
      if (!hasty.ok || !result.ok) return;
      expect(checkPlan(asked, hasty.value.plan)).toEqual([]);
      if (result.value.plan.result.restored.p_kW <= 0) return;
      seen.possible += 1;
      if (hasty.value.plan.result.restored.p_kW > 0) seen.restoring += 1;
    }),
    runs(60),
  );
  expect(seen.possible).toBeGreaterThan(3);
  expect(seen.restoring).toBeGreaterThan(seen.possible * 0.8);
});

test('many faults at once: every plan passes the independent checker', () => {
  let withSteps = 0;
  fc.assert(
    fc.property(
      randomGrid,
      fc.array(fc.nat(400), { minLength: 2, maxLength: 5 }),
      (file, picks) => {
        const { asked, result } = planFor(file, [
          ...new Set(picks.map((pick) => faultOf(file, pick))),
        ]);
        if (!result.ok) return;
        if (result.value.plan.steps.length > 0) withSteps += 1;
        expect(checkPlan(asked, result.value.plan)).toEqual([]);
      },
    ),
    runs(60),
  );
  expect(withSteps).toBeGreaterThan(5);
});
