import { expect, test } from 'vitest';
import { loadStateFromGrid } from '@relight/powerflow';
import { CLOSED, normalPositions, OPEN } from '@relight/topology';
import { planOptions } from './options.ts';
import { planReturn } from './plan-return.ts';
import { change, compile, join, ladder, switchSet, type SmallGrid } from './small-grids.ts';

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
    'Not returned to normal: A3: the switch may not close a loop.',
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

/** As `back`, with LA2 repaired: what energises it first, and whether anybody may be interrupted. */
function energise(
  grid: SmallGrid,
  energisers: readonly string[],
  mayInterrupt: boolean,
  only?: readonly string[],
) {
  const network = compile(grid);
  const positionsNow = normalPositions(network);
  for (const id of ['A2', 'A3']) positionsNow[network.index.switch.get(id) ?? -1] = OPEN;
  positionsNow[network.index.switch.get('T') ?? -1] = CLOSED;
  const node = network.index.node.get('AN2') ?? -1;
  const repaired = new Set([network.nodeSection[node] ?? -1]);
  const { plan } = planReturn({
    network,
    positionsNow,
    loads: loadStateFromGrid(network),
    options: planOptions(),
    rules: { repaired, energisers: switchSet(network, ...energisers), mayInterrupt },
    ...(only === undefined ? {} : { only: switchSet(network, ...only) }),
  });
  return { plan, steps: plan.steps.map((step) => `${step.action} ${step.switch}`) };
}

const tied = { ...parallel, A2: { parallelAllowed: true }, A3: { parallelAllowed: true } };

test('a repaired part with a recloser before it is energised by that recloser', () => {
  const grid = change(ladder(), { ...tied, A2: { kind: 'recloser', parallelAllowed: true } });
  const { steps, plan } = energise(grid, ['A1', 'A2', 'B1'], false);
  expect(steps).toEqual(['close A2', 'close A3', 'open T']);
  expect(plan.reclosingOff).toContain('A2');
});

test('a recloser behind the repaired part energises it too, before the load-break switch joins', () => {
  const grid = change(ladder(), { ...tied, A3: { kind: 'recloser', parallelAllowed: true } });
  const { steps, plan } = energise(grid, ['A1', 'A3', 'B1'], false);
  expect(steps).toEqual(['close A3', 'close A2', 'open T']);
  expect(plan.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
});

test('between load-break switches the breaker above is opened for a moment, where that is allowed', () => {
  const { steps, plan } = energise(change(ladder(), tied), ['A1', 'B1'], true);
  expect(steps).toEqual(['open A1', 'close A2', 'close A1', 'close A3', 'open T']);
  expect(plan.steps.map((step) => step.interruptsCustomers)).toEqual([100, 0, 0, 0, 0]);
  expect(plan.result.openSwitches).toEqual(['T']);
});

test('where nobody may be interrupted it stays dead, and each switch left says why', () => {
  const { steps, plan } = energise(change(ladder(), tied), ['A1', 'B1'], false);
  expect(steps).toEqual([]);
  expect(plan.advisory).toEqual([
    expect.stringMatching(/^Not returned to normal: A2: .*first by a breaker or recloser/),
    expect.stringMatching(/^Not returned to normal: A3: .*first by a breaker or recloser/),
    expect.stringMatching(/^Not returned to normal: T: to open it would take supply/),
  ]);
});

test('without permission to interrupt an open point that may not be paralleled stays, and says so', () => {
  const grid = change(ladder(), { A2: { kind: 'recloser' } });
  const { steps, plan } = energise(grid, ['A1', 'A2', 'B1'], false);
  expect(steps).toEqual(['close A2']);
  expect(plan.advisory.join(' ')).toContain(
    'A3: the switch may not close a loop, and no interruption is allowed',
  );
});

test('only the switches asked for go back', () => {
  const grid = change(ladder(), { ...tied, A2: { kind: 'recloser', parallelAllowed: true } });
  expect(energise(grid, ['A2'], true, ['A2']).steps).toEqual(['close A2']);
});

/** All of the ladder closed: a parallel that was not parted. */
function looped(stuck: readonly string[]) {
  const network = compile(change(ladder(), tied));
  const positionsNow = normalPositions(network);
  positionsNow[network.index.switch.get('T') ?? -1] = CLOSED;
  const { plan } = planReturn({
    network,
    positionsNow,
    loads: loadStateFromGrid(network),
    options: planOptions({ stuck: switchSet(network, ...stuck) }),
  });
  return plan;
}

test('a parallel that still stands is parted at the switch that is normally open', () => {
  const plan = looped([]);
  expect(plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual(['open T']);
  expect(plan.advisory).toEqual([]);
});

test('where that one is stuck it is parted next to it, so that the fewest stay on the other feeder', () => {
  const plan = looped(['T']);
  expect(plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual(['open A3']);
  expect(plan.steps[0]?.interruptsCustomers).toBe(0);
  expect(plan.advisory).toEqual([
    'Off the normal position and not to be operated: T.',
    expect.stringMatching(/^Not returned to normal: A3: /),
  ]);
});

/** The end of A carries a plant of 900 kW, and A bears all of its own load only while that gives. */
function withPlant(changes: Readonly<Record<string, object>> = {}): SmallGrid {
  const plant = { generators: [{ id: 'PV', node: 'AN3', p_kW: 900 }] };
  return change(join(ladder(), plant), { A1: { rated_A: 70 }, ...changes });
}

test('a part is not taken back with a break by a feeder that bears it only with the plant that stops by it', () => {
  const plan = back(withPlant());
  expect(plan.steps.map((step) => step.switch)).toEqual(['A2']);
  expect(plan.advisory.join(' ')).toMatch(
    /returned to normal: A3: .*returned to normal: T: to open it would take supply/,
  );
});

test('without a break the plant goes on, and the part is taken back', () => {
  const plan = back(withPlant({ ...parallel, A3: { parallelAllowed: true } }));
  expect(plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'close A2',
    'close A3',
    'open T',
  ]);
});

test('with a break too where the feeder bears it without the plant', () => {
  const plan = back(withPlant({ A1: { rated_A: 106 } }));
  expect(plan.steps.map((step) => step.switch)).toEqual(['A2', 'T', 'A3']);
});
