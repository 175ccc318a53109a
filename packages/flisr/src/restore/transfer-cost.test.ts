import type { Plan } from '@relight/contract';
import { assert } from '@relight/foundation';
import { normalPositions, type Network } from '@relight/topology';
import { expect, test } from 'vitest';
import { planOptions } from '../options.ts';
import type { ForecastHour } from '../plan-request.ts';
import { change, compile, feeder, join, tie } from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

/**
 * A behind a fault in its first section, tied at its end to B and in the middle to C, which has room for
 * one section of it. B has room for both as long as nothing is drawn behind `R`.
 */
const tied = change(
  join(feeder('A', 3), feeder('B', 1), feeder('C', 1), {
    nodes: [{ id: 'BX', nominalVoltage_kV: 22 }],
    switches: [
      { id: 'R', kind: 'loadBreakSwitch', from: 'BN1', to: 'BX', remote: true },
      tie('T', 'AN3', 'BN1'),
      tie('U', 'AN2', 'CN1'),
    ],
  }),
  { LB1: { rated_A: 100 }, LC1: { rated_A: 60 } },
);

function planWith(more: object, hour?: (network: Network) => ForecastHour): Plan {
  const network = compile({ ...tied, ...more });
  const options = planOptions(hour === undefined ? {} : { forecast: [hour(network)] });
  const planned = planForFault(network, normalPositions(network), ['LA1'], options);
  assert(planned.ok, 'there is a plan');
  return planned.value.plan;
}

function movesOf({ steps }: Plan): readonly string[] {
  return steps.map((step) => `${step.action} ${step.switch}`);
}

test('to switch a reactor off is one operation, and makes room on its feeder', () => {
  // 3 Mvar beside 2 MW are 95 A in LB1, beside 3 MW 111 A, and 3 MW alone 79 A.
  const plan = planWith({ shunts: [{ id: 'K', node: 'BX', q_kvar: 3000 }] });
  expect(movesOf(plan)).toEqual(['open A2', 'open R', 'close T']);
  expect(plan.proof.status).toBe('optimal');
});

test('so it is with a transformer that runs without load', () => {
  const plan = planWith({
    nodes: [...tied.nodes, { id: 'BY', nominalVoltage_kV: 6 }],
    transformers: [
      {
        id: 'I',
        from: 'BX',
        to: 'BY',
        rated_MVA: 5,
        shortCircuitVoltage_pct: 7,
        noLoadLosses_kW: 1500,
      },
    ],
  });
  expect(movesOf(plan)).toEqual(['open A2', 'open R', 'close T']);
  expect(plan.proof.status).toBe('optimal');
});

test('a reactor beside somebody who must be served stays with him', () => {
  const served = { id: 'DX', node: 'BX', p_kW: 1, customers: 1 };
  const plan = planWith({
    shunts: [{ id: 'K', node: 'BX', q_kvar: 3000 }],
    loads: [...tied.loads, served],
  });
  expect(movesOf(plan)).toEqual(['open A2', 'open A3', 'close T', 'close U']);
  expect(plan.proof.status).toBe('optimal');
});

test('a load without customers that takes nothing now but will in an hour is worth nothing, and draws', () => {
  const lamps = { id: 'DX', node: 'BX', p_kW: 0, customers: 0 };
  const plan = planWith({ loads: [...tied.loads, lamps] }, ({ grid }) => {
    const taken = (power: number): Float64Array =>
      Float64Array.from(grid.loads, ({ id }) => (id === 'DX' ? power : 0));
    const added = { activePower_W: taken(1_500_000), reactivePower_var: taken(0) };
    return { ahead_h: 1, factor: taken(0).fill(1), added };
  });
  expect(movesOf(plan)).toEqual(['open A2', 'open R', 'close T']);
  expect(plan.proof.status).toBe('optimal');
});
