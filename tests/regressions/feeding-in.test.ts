import type { GridFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { bestByExhaustion } from '../kit/exhaustive.ts';
import { planCase } from '../kit/plan-case.ts';

const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.1, x_ohm: 0.1 });
const lbs = (id: string, from: string, to: string, more: object = {}) => ({
  ...({ id, kind: 'loadBreakSwitch', from, to, remote: true } as const),
  ...more,
});
const breaker = (id: string, from: string, to: string) =>
  ({ id, kind: 'breaker', from, to, remote: true }) as const;

/** Two feeders with a tie; the fault is in the first section of the first. */
const twoFeeders: GridFile = {
  format: 'relight-grid/1',
  id: 'feeding-in',
  limits: { minVoltage_pu: 0.9, maxVoltage_pu: 1.1 },
  nodes: ['C0', 'C1', 'a', 'bad', 'x', 'x2', 'y', 'y2', 'b', 'b2'].map((id) => ({
    id,
    nominalVoltage_kV: 22,
  })),
  sources: [
    { id: 'SRC0', node: 'C0' },
    { id: 'SRC1', node: 'C1' },
  ],
  lines: [
    line('L-bad', 'a', 'bad'),
    line('L-x', 'x', 'x2'),
    line('L-y', 'y', 'y2'),
    line('L-b', 'b', 'b2'),
  ],
  switches: [
    breaker('CB0', 'C0', 'a'),
    breaker('CB1', 'C1', 'b'),
    lbs('S1', 'bad', 'x'),
    lbs('S2', 'x2', 'y'),
    lbs('TIE', 'b', 'x', { normallyOpen: true }),
  ],
};

// Found by the property test of furnished grids: what feeds in made a whole part worth less than nothing.
test('a plant that hangs behind dark load is no proof that nothing is to be gained there', () => {
  const grid: GridFile = {
    ...twoFeeders,
    loads: [
      { id: 'load', node: 'x2', p_kW: 300 },
      { id: 'plant', node: 'y2', p_kW: -1000 },
    ],
  };
  const asked = { grid, faults: ['L-bad'] };
  const result = planCase(asked);
  if (!result.ok) throw new Error(result.error.kind);
  const { plan } = result.value;
  expect(checkPlan(asked, plan)).toEqual([]);
  expect(plan.result.restored.p_kW).toBe(300);
  const { unrestored, switchOperations } = plan.result;
  expect({ ...unrestored, switchOperations }).toEqual(bestByExhaustion(asked));
});

// Found the same way: the most that feeds in counted as if it had to flow over the conductor.
test('a plant that fills its conductor, and gives less as the voltage falls, bars no tie beside it', () => {
  const grid: GridFile = {
    ...twoFeeders,
    lines: (twoFeeders.lines ?? []).map((each) =>
      each.id === 'L-b' ? { ...each, rated_A: 54 } : each,
    ),
    loads: [
      { id: 'load', node: 'x2', p_kW: 300, customers: 40 },
      { id: 'plant', node: 'b2', p_kW: -2000, zip: { impedance: 1, current: 0, power: 0 } },
    ],
  };
  const asked = { grid, faults: ['L-bad'], noTransfer: true };
  const result = planCase(asked);
  if (!result.ok) throw new Error(result.error.kind);
  const { plan } = result.value;
  expect(checkPlan(asked, plan)).toEqual([]);
  expect(plan.result.restored.customers).toBe(40);
});

// Found the same way: the only legal order closes the tie while both its sides are dead.
test('a plant that relieves the fuse on the way is joined to the dead part before that is given life', () => {
  const grid: GridFile = {
    ...twoFeeders,
    nodes: [...twoFeeders.nodes, ...['z', 'b2x'].map((id) => ({ id, nominalVoltage_kV: 22 }))],
    lines: [
      ...(twoFeeders.lines ?? []).filter(({ id }) => id !== 'L-b'),
      line('L-b', 'b2x', 'b2'),
      line('L-z', 'y2', 'z'),
    ],
    switches: [
      breaker('CB0', 'C0', 'a'),
      breaker('CB1', 'C1', 'b'),
      lbs('S1', 'bad', 'x'),
      { id: 'FUSE', kind: 'fuse', from: 'x2', to: 'y', pickup_A: 37 },
      lbs('S4', 'b', 'b2x'),
      lbs('TIE', 'b', 'x', { normallyOpen: true }),
      lbs('TIE2', 'z', 'b2x', { normallyOpen: true }),
    ],
    loads: [
      { id: 'near', node: 'x2', p_kW: 2600, customers: 147 },
      { id: 'far', node: 'y2', p_kW: 1760, customers: 54 },
      { id: 'plant', node: 'b2', p_kW: -930, customers: 299 },
    ],
  };
  const asked = { grid, faults: ['L-bad'] };
  const result = planCase(asked);
  if (!result.ok) throw new Error(result.error.kind);
  const { plan } = result.value;
  expect(checkPlan(asked, plan)).toEqual([]);
  expect(plan.result.unrestored.customers).toBe(0);
  expect(plan.steps.map(({ action, switch: id }) => `${action} ${id}`)).toEqual([
    'open S1',
    'open S4',
    'close TIE2',
    'close TIE',
  ]);
});

// Found by the long run over furnished grids: to shed what feeds in leaves fewer kW unserved by the figures.
test('where load may be shed a live plant elsewhere leaves the plan without proof, not with a wrong one', () => {
  const grid: GridFile = {
    ...twoFeeders,
    loads: [
      { id: 'dead', node: 'bad', p_kW: 100 },
      { id: 'plant', node: 'b2', p_kW: -50 },
    ],
    switches: (twoFeeders.switches ?? []).filter(({ id }) => id !== 'TIE'),
  };
  const asked = { grid, faults: ['L-bad'], allowShedding: true };
  const result = planCase(asked);
  if (!result.ok) throw new Error(result.error.kind);
  const { plan } = result.value;
  expect(checkPlan(asked, plan)).toEqual([]);
  expect(bestByExhaustion(asked)).toMatchObject({ p_kW: 50, switchOperations: 1 });
  expect(plan.proof).toMatchObject({ status: 'bounded', bounds: { p_kW: 50 } });
});
