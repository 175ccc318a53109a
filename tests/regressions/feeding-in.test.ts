import type { GridFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { bestByExhaustion } from '../kit/exhaustive.ts';
import { planFor } from '../kit/random-request.ts';

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
  const { asked, result } = planFor(grid, ['L-bad']);
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
  const { asked, result } = planFor(grid, ['L-bad'], { ...NO_DIFFICULTIES, noTransfer: true });
  if (!result.ok) throw new Error(result.error.kind);
  const { plan } = result.value;
  expect(checkPlan(asked, plan)).toEqual([]);
  expect(plan.result.restored.customers).toBe(40);
});

const NO_DIFFICULTIES = {
  stuck: [],
  untrusted: [],
  blocked: [],
  keepDead: [],
  coldLoadFactor: 1,
  allowShedding: false,
  emergencyRatings: false,
};
