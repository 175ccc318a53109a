import { expect, test } from 'vitest';
import { loadStateFromGrid } from '@relight/powerflow';
import { CLOSED, normalPositions, OPEN } from '@relight/topology';
import { planOptions } from './options.ts';
import { planReturn } from './plan-return.ts';
import { change, compile, ladder, switchSet, type SmallGrid } from './small-grids.ts';

/** After the restoration of a fault on LA2: A2 and A3 open, T closed; LA2 is repaired. */
function back(grid: SmallGrid, stuck: readonly string[] = []) {
  const network = compile(grid);
  const positionsNow = normalPositions(network);
  for (const id of ['A2', 'A3']) positionsNow[network.index.switch.get(id) ?? -1] = OPEN;
  positionsNow[network.index.switch.get('T') ?? -1] = CLOSED;
  return planReturn({
    network,
    positionsNow,
    loads: loadStateFromGrid(network),
    options: planOptions({ stuck: switchSet(network, ...stuck) }),
  }).plan;
}

const parallel = { SA: { angleGroup: 'north' }, SB: { angleGroup: 'north' } };

test('the repaired part first, then the open point moves back without interruption', () => {
  const plan = back(change(ladder(), { ...parallel, A3: { parallelAllowed: true } }));
  expect(plan.steps.map((step) => `${step.action} ${step.switch} ${step.purpose}`)).toEqual([
    'close A2 return',
    'close A3 parallel',
    'open T return',
  ]);
  expect(plan.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
  expect(plan.result.openSwitches).toEqual(['T']);
  expect(plan.result.unrestored.customers).toBe(0);
});

test('where sources may not be joined the way back interrupts, and says how many', () => {
  const plan = back(ladder());
  expect(plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'close A2',
    'open T',
    'close A3',
  ]);
  expect(plan.steps[1]?.interruptsCustomers).toBe(100);
});

test('a switch that does not move is left as it is', () => {
  const plan = back(ladder(), ['T']);
  expect(plan.steps.map((step) => step.switch)).toEqual(['A2']);
  expect(plan.result.openSwitches).toEqual(['A3']);
  expect(plan.advisory).toEqual([
    'Off the normal position and not to be operated: T.',
    'Not returned to normal within every limit: A3.',
  ]);
  expect(plan.proof).toMatchObject({ status: 'bounded', bounds: { customers: 0 } });
});

test('what cannot come back since its breaker is stuck is named, and nothing is called proved', () => {
  const network = compile(ladder());
  const positionsNow = normalPositions(network);
  positionsNow[network.index.switch.get('A1') ?? -1] = OPEN;
  const { plan } = planReturn({
    network,
    positionsNow,
    loads: loadStateFromGrid(network),
    options: planOptions({ stuck: switchSet(network, 'A1') }),
  });
  expect(plan.steps).toEqual([]);
  expect(plan.result.unrestored.customers).toBe(300);
  expect(plan.advisory).toEqual(['Off the normal position and not to be operated: A1.']);
  expect(plan.rejected).toEqual([{ switch: 'A1', kind: 'stuck' }]);
  expect(plan.proof).toMatchObject({ status: 'bounded', gap_pct: 100 });
});

test('in the normal state there is nothing to do', () => {
  const network = compile(ladder());
  const planned = planReturn({
    network,
    positionsNow: normalPositions(network),
    loads: loadStateFromGrid(network),
    options: planOptions(),
  });
  expect(planned).toMatchObject({ plan: { steps: [], advisory: [] } });
});
