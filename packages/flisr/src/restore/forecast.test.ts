import { expect, test } from 'vitest';
import type { Plan } from '@relight/contract';
import { normalPositions } from '@relight/topology';
import { planOptions } from '../options.ts';
import { change, compile, ladder, type SmallGrid } from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

/** The plan for a fault on LA1, with all loads so many times as large in each hour ahead. */
function planAhead(
  grid: SmallGrid,
  factors: readonly number[],
  more: { readonly sun?: readonly number[]; readonly repair_h?: number } = {},
): Plan {
  const network = compile(grid);
  const { sun } = more;
  const forecast = factors.map((factor, hour) => ({
    ahead_h: hour + 1,
    factor: new Float64Array(network.grid.loads.length).fill(factor),
    ...(sun === undefined
      ? {}
      : { generation: new Float64Array(network.grid.generators.length).fill(sun[hour] ?? 1) }),
  }));
  const options = planOptions({ forecast, repair_h: more.repair_h ?? null });
  const planned = planForFault(network, normalPositions(network), ['LA1'], options);
  if (!planned.ok) throw new Error(planned.error.kind);
  return planned.value.plan;
}

/** The tie carries the two dark sections now (2,000 kW, 52.5 A), and 1.14 times as much at most. */
const weakTie = change(ladder(), { T: { rated_A: 60 } });

test('what a tie can carry now but not in two hours is not laid on it, and the hour is named', () => {
  expect(planAhead(weakTie, []).result.unrestored.customers).toBe(100);
  const plan = planAhead(weakTie, [1.1, 1.5, 1.2]);
  expect(plan.steps.map(({ action, switch: id }) => `${action} ${id}`)).toEqual([
    'open A3',
    'close T',
  ]);
  expect(plan.result.unrestored.customers).toBe(200);
  expect(plan.proof.status).toBe('optimal');
  expect(plan.rejected).toContainEqual({
    switch: 'A3',
    kind: 'loading',
    limit: 'T',
    value: expect.closeTo(131.7, 0),
    allowed: 100,
    unit: '%',
    ahead_h: 2,
  });
});

test('figures of steps and result stay those of now; each hour has its own', () => {
  const plan = planAhead(weakTie, [0.5, 1.1]);
  const [now, first, second] = plan.forecast?.hours ?? [];
  expect(plan.result.maxLoading_pct).toBe(now?.maxLoading_pct);
  expect(first?.maxLoading_pct).toBeCloseTo((now?.maxLoading_pct ?? 0) * 0.5, 0);
  expect(second?.maxLoading_pct).toBeCloseTo((now?.maxLoading_pct ?? 0) * 1.1, 0);
  expect(second).toMatchObject({ ahead_h: 2, maxLoadingAt: 'T' });
  expect(plan.forecast?.because).toMatch(
    /^Checked .* in 1, 2 h\. Highest loading .* at T, in 2 h\./,
  );
  expect(plan.forecast?.becauseVi).toContain('tại T, sau 2 giờ');
});

test('what the forecast overloads whatever is switched forbids no plan, and is a warning', () => {
  const plan = planAhead(change(ladder(), { B1: { rated_A: 160 }, T: { rated_A: 1000 } }), [2.5]);
  // B alone draws 3,000 kW: 197 A of 160 A in an hour, and it must not become more.
  expect(plan.steps).toEqual([]);
  expect(plan.warnings.join(' ')).toMatch(/B1: overloaded in 1 h before the plan already/);
  expect(plan.rejected).toContainEqual(
    expect.objectContaining({ switch: 'T', limit: 'B1', ahead_h: 1 }),
  );
});

/** B carries its own 3,000 kW and the two dark sections with what the sun gives: 92 A of 110 A. */
const sunnyHelper = change(
  { ...ladder(), generators: [{ id: 'PV', node: 'BN1', p_kW: 1500 }] },
  { B1: { rated_A: 110 } },
);

test('where the sun sets on the helping feeder, only what it carries without is laid on it', () => {
  expect(planAhead(sunnyHelper, [1]).result.unrestored.customers).toBe(100);
  const plan = planAhead(sunnyHelper, [1, 1, 1], { sun: [1, 0.9, 0] });
  expect(plan.result.unrestored.customers).toBe(200);
  expect(plan.proof.status).toBe('optimal');
  expect(plan.rejected).toContainEqual({
    switch: 'A3',
    kind: 'loading',
    limit: 'B1',
    value: expect.closeTo(119.5, 0),
    allowed: 100,
    unit: '%',
    ahead_h: 3,
  });
});

test('sun that comes on top of what there is now gives no room: it may go at any moment', () => {
  const risen = planAhead(sunnyHelper, [1.4], { sun: [2] });
  const asNow = planAhead(sunnyHelper, [1.4], { sun: [1] });
  expect(risen.steps).toEqual(asNow.steps);
  expect(risen.result.unrestored.customers).toBe(200);
});

test('a generator in the outage gives nothing, whatever is expected of it', () => {
  const grid = { ...weakTie, generators: [{ id: 'PV', node: 'AN3', p_kW: 900 }] };
  const plan = planAhead(grid, [1.1, 1.5], { sun: [3, 3] });
  expect(plan.steps).toEqual(planAhead(weakTie, [1.1, 1.5]).steps);
});

test('a forecast that ends before the repair says which part is unchecked, and is no worse than none', () => {
  const plan = planAhead(weakTie, [1.1], { repair_h: 4 });
  expect(plan.result.unrestored.customers).toBe(100);
  expect(plan.forecast).toMatchObject({ checkedTo_h: 1, repair_h: 4 });
  expect(plan.warnings).toEqual([
    'The forecast ends in 1 h, the repair is expected to take 4 h: the rest is not checked.',
  ]);
  expect(plan.warningsVi?.[0]).toContain('chưa được kiểm tra');
  expect(planAhead(weakTie, [1.1], { repair_h: 1 }).warnings).toEqual([]);
});
