import { expect, test } from 'vitest';
import { normalPositions } from '@relight/topology';
import { planOptions } from '../options.ts';
import { change, compile, feeder, join, tie } from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

/**
 * A hangs on B by T, B on C by V. B can carry 4,000 kW: after a fault on LA1 its end has to go over to C.
 * A plant of 900 kW stands there, and C has room for that end only while the plant gives.
 */
function withPlant(changes: Readonly<Record<string, object>>) {
  const grid = join(feeder('A', 3), feeder('B', 3), feeder('C', 1), {
    switches: [tie('T', 'AN3', 'BN1'), tie('V', 'BN3', 'CN1', { parallelAllowed: true })],
    generators: [{ id: 'PV', node: 'BN3', p_kW: 900 }],
  });
  const room = { B1: { rated_A: 106 }, C1: { rated_A: 47 } };
  return change(change(grid, room), changes);
}

function plan(changes: Readonly<Record<string, object>> = {}) {
  const network = compile(withPlant(changes));
  const planned = planForFault(network, normalPositions(network), ['LA1'], planOptions());
  if (!planned.ok) throw new Error(planned.error.kind);
  return planned.value.plan;
}

test('a part is not handed over with a break to a feeder that bears it only with the plant that stops by it', () => {
  const { steps, result, proof } = plan();
  expect(steps.map(({ switch: id }) => id)).not.toContain('V');
  expect(result.unrestored.customers).toBeGreaterThan(100);
  expect(proof.status).toBe('bounded');
});

test('without a break the plant goes on, and the part is handed over', () => {
  const { steps, result } = plan({ SB: { angleGroup: 'north' }, SC: { angleGroup: 'north' } });
  expect(steps.map(({ purpose, action, switch: id }) => `${purpose} ${action} ${id}`)).toContain(
    'parallel close V',
  );
  expect(result.unrestored.customers).toBe(100);
});

test('nor is it kept where the feeder bears it without the plant', () => {
  const { steps, result } = plan({ C1: { rated_A: 106 } });
  expect(steps.map(({ switch: id }) => id)).toContain('V');
  expect(result.unrestored.customers).toBe(100);
});
