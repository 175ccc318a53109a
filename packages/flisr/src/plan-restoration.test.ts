import { expect, test } from 'vitest';
import type { Plan } from '@relight/contract';
import { normalPositions, type Network } from '@relight/topology';
import { planOptions } from './options.ts';
import type { PlanOptions } from './plan-request.ts';
import {
  behindTransformer,
  change,
  compile,
  feeder,
  join,
  ladder,
  switchSet,
  tie,
  type SmallGrid,
} from './small-grids.ts';
import { planForFault } from './what-if.ts';

function plan(
  grid: SmallGrid,
  fault: readonly string[],
  options: (network: Network) => Partial<PlanOptions> = () => ({}),
  limits: object = {},
): Plan {
  const network = compile(grid, limits);
  const planned = planForFault(
    network,
    normalPositions(network),
    fault,
    planOptions(options(network)),
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value.plan;
}

function moves({ steps }: Plan): string[] {
  return steps.map((step) => `${step.action} ${step.switch}`);
}

test('a fault mid-feeder: isolate on both sides, back by the own breaker and by the tie', () => {
  const found = plan(ladder(), ['LA2']);
  expect(found.tripped).toEqual(['A1']);
  expect(moves(found)).toEqual(['open A2', 'open A3', 'close A1', 'close T']);
  expect(found.steps.map((step) => step.purpose)).toEqual([
    'isolate',
    'isolate',
    'restore',
    'restore',
  ]);
  expect(found.result.outage).toEqual({ customers: 300, p_kW: 3000, critical_kW: 0 });
  expect(found.result.unrestored).toEqual(found.result.insideFault);
  expect(found.result.insideFault.customers).toBe(100);
  expect(found.fault.isolated).toEqual(['LA2', 'AM2', 'AN2']);
  expect(found.reclosingOff).toEqual(['A1', 'B1']);
  expect(found.proof).toMatchObject({ status: 'optimal', gap_pct: 0 });
  expect(found.result.openSwitches).toEqual(['A2', 'A3']);
});

test('every step tells what it brings back', () => {
  const { steps } = plan(ladder(), ['LA2']);
  expect(steps.map((step) => step.restoresCustomers)).toEqual([0, 0, 100, 100]);
  expect(steps.map((step) => step.restores_kW)).toEqual([0, 0, 1000, 1000]);
});

test('a fault in the first section leaves the breaker open and needs one opening', () => {
  const found = plan(ladder(), ['LA1']);
  expect(moves(found)).toEqual(['open A2', 'close T']);
  expect(found.rejected).toEqual([{ switch: 'A1', kind: 'fault' }]);
});

test('a fault in the last section needs no tie', () => {
  const found = plan(ladder(), ['LA3']);
  expect(moves(found)).toEqual(['open A3', 'close A1']);
  expect(found.rejected).toEqual([{ switch: 'T', kind: 'fault' }]);
});

/** A of four sections; ties T to B and U to C, each with room for 1,500 kW (39.4 A). */
function twoWeakTies(): SmallGrid {
  return join(feeder('A', 4), feeder('B', 1), feeder('C', 1), {
    switches: [tie('T', 'AN3', 'BN1', { rated_A: 40 }), tie('U', 'AN4', 'CN1', { rated_A: 40 })],
  });
}

test('what one tie cannot carry is split over two', () => {
  const found = plan(twoWeakTies(), ['LA2']);
  expect(moves(found)).toEqual(['open A2', 'open A3', 'open A4', 'close A1', 'close T', 'close U']);
  expect(found.steps[2]?.purpose).toBe('split');
  expect(found.result.unrestored.customers).toBe(100);
  expect(found.proof.status).toBe('optimal');
});

test('what is left out is as little as can be, and the reason is the limit', () => {
  const grid = join(feeder('A', 4), feeder('B', 1), {
    switches: [tie('T', 'AN4', 'BN1', { rated_A: 40 })],
  });
  const found = plan(grid, ['LA2']);
  expect(found.result.unrestored.customers).toBe(200);
  expect(found.proof).toMatchObject({ status: 'optimal', bounds: { customers: 200 } });
  expect(found.rejected).toContainEqual(
    expect.objectContaining({ switch: 'A4', kind: 'loading', limit: 'T', allowed: 100 }),
  );
});

test('a tie nobody needs is named so', () => {
  const grid = join(ladder(), feeder('C', 1), { switches: [tie('U', 'AN3', 'CN1')] });
  const found = plan(grid, ['LA2']);
  const used = moves(found).at(-1);
  expect(found.rejected).toContainEqual({
    switch: used === 'close T' ? 'U' : 'T',
    kind: 'notNeeded',
  });
});

/** B can carry 4,000 kW in all; its last section can go over to C. */
function loadedNeighbour(): SmallGrid {
  return change(
    join(feeder('A', 3), feeder('B', 3), feeder('C', 1), {
      switches: [tie('T', 'AN3', 'BN1'), tie('V', 'BN3', 'CN1')],
    }),
    { B1: { rated_A: 106 } },
  );
}

test('a helping feeder first hands a part on to its own neighbour', () => {
  const found = plan(loadedNeighbour(), ['LA1']);
  expect(moves(found)).toEqual(['open A2', 'open B3', 'close V', 'close T']);
  expect(found.steps.map((step) => step.purpose)).toEqual([
    'isolate',
    'transfer',
    'transfer',
    'restore',
  ]);
  expect(found.steps[1]?.interruptsCustomers).toBe(100);
  expect(found.result.unrestored.customers).toBe(100);
  expect(found.advisory).toHaveLength(1);
});

test('without transfers the same load stays dark, and the plan says how much that costs', () => {
  const found = plan(loadedNeighbour(), ['LA1'], () => ({ noTransfer: true }));
  expect(found.result.unrestored.customers).toBe(200);
  expect(found.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
  expect(found.rejected.map((each) => each.kind)).toContain('loading');
});

test('a border switch that is stuck is replaced by the next one outward', () => {
  const found = plan(ladder(), ['LA2'], (network) => ({ stuck: switchSet(network, 'A2') }));
  expect(moves(found)).toEqual(['open A3', 'close T']);
  expect(found.result.insideFault.customers).toBe(100);
  expect(found.result.unrestored.customers).toBe(200);
  expect(found.fault.isolated).toEqual(['LA1', 'AM1', 'AN1', 'LA2', 'AM2', 'AN2']);
  expect(found.rejected).toEqual([
    { switch: 'A1', kind: 'fault', limit: 'A2' },
    { switch: 'A2', kind: 'stuck' },
  ]);
});

test('blocked, distrusted and hand-operated switches are not moved', () => {
  for (const key of ['blocked', 'untrusted'] as const) {
    const found = plan(ladder(), ['LA2'], (network) => ({ [key]: switchSet(network, 'A2') }));
    expect(moves(found)).toEqual(['open A3', 'close T']);
  }
  const byHand = plan(change(ladder(), { T: { remote: false } }), ['LA2']);
  expect(moves(byHand)).toEqual(['open A2', 'close A1']);
  expect(byHand.rejected).toContainEqual({ switch: 'T', kind: 'notRemote' });
});

test('with every border switch stuck nothing is switched, and the plan says so', () => {
  const found = plan(ladder(), ['LA2'], (network) => ({
    stuck: switchSet(network, 'A2', 'A3'),
  }));
  expect(found.steps).toEqual([]);
  expect(found.result.unrestored.customers).toBe(300);
  expect(found.result.insideFault.customers).toBe(100);
  // Every way and every border has its reason, and every dark section too.
  expect(found.rejected).toEqual([
    { switch: 'A1', kind: 'fault', limit: 'A2' },
    { switch: 'A2', kind: 'stuck' },
    { switch: 'A3', kind: 'stuck' },
    { switch: 'T', kind: 'fault', limit: 'A3' },
  ]);
});

test('a tie that is stuck open is named so', () => {
  const found = plan(ladder(), ['LA2'], (network) => ({ stuck: switchSet(network, 'T') }));
  expect(found.rejected).toEqual([{ switch: 'T', kind: 'stuck' }]);
});

test('a source is lost and no other supply is there: nothing is switched, and the reason is told', () => {
  const network = compile(feeder('A', 2));
  const planned = planForFault(network, normalPositions(network), ['SA'], planOptions());
  if (!planned.ok) throw new Error(planned.error.kind);
  const { plan: found, staysDark } = planned.value;
  expect(found).toMatchObject({ steps: [], tripped: [], rejected: [] });
  expect(found.result.unrestored).toEqual({ customers: 200, p_kW: 2000, critical_kW: 0 });
  expect(staysDark.map(({ why }) => why.en)).toEqual([
    'No way leads to a live source.',
    'No way leads to a live source.',
    'It hangs on a lost source that may return at any moment.',
  ]);
});

test('a fault on equipment that is not in the grid is refused by its id', () => {
  const network = compile(ladder());
  const planned = planForFault(network, normalPositions(network), ['LA2', 'L99'], planOptions());
  expect(planned).toEqual({ ok: false, error: { kind: 'unknownEquipment', ids: ['L99'] } });
});

test('a section with a crew or an earth is not energised', () => {
  const tagged = plan(ladder(), ['LA2'], (network) => ({
    keepDead: new Set([network.index.node.get('AN3') ?? -1]),
  }));
  expect(moves(tagged)).toEqual(['open A2', 'close A1']);
  expect(tagged.rejected).toContainEqual({ switch: 'T', kind: 'tag' });
  const earthed = join(ladder(), {
    groundDisconnectors: [{ id: 'A3-76', node: 'AM3', closed: true }],
  });
  const found = plan(earthed, ['LA2']);
  expect(moves(found)).toEqual(['open A2', 'close A1']);
  expect(found.rejected).toContainEqual({ switch: 'T', kind: 'earth' });
});

test('a dead-only switch isolates while dead, and cannot be closed onto a live side', () => {
  const grid = change(ladder(), { A2: { kind: 'disconnector' }, T: { kind: 'disconnector' } });
  const found = plan(grid, ['LA2']);
  expect(moves(found)).toEqual(['open A2', 'close A1']);
  expect(found.rejected).toContainEqual({ switch: 'T', kind: 'deadOnly' });
});

test('cold load counts against ratings and against protection pickup', () => {
  // 2,000 kW behind the tie are 52.5 A; 1.5 times that is 78.7 A.
  const weak = change(ladder(), { T: { rated_A: 70 } });
  expect(plan(weak, ['LA1']).result.unrestored.customers).toBe(100);
  const cold = plan(weak, ['LA1'], () => ({ coldLoadFactor: 1.5 }));
  expect(cold.result.unrestored.customers).toBe(200);
  // Pickup 70 A allows 63 A.
  const pickup = plan(change(ladder(), { T: { pickup_A: 70 } }), ['LA1'], () => ({
    coldLoadFactor: 1.5,
  }));
  expect(pickup.result.unrestored.customers).toBe(200);
  expect(pickup.rejected.map((each) => each.kind)).toContain('pickup');
});

test('emergency ratings help only where they are asked for', () => {
  const grid = change(ladder(), { LB1: { rated_A: 110, emergency_A: 140 } });
  expect(plan(grid, ['LA1']).result.unrestored.customers).toBe(200);
  const found = plan(grid, ['LA1'], () => ({ emergencyRatings: true }));
  expect(found.result.unrestored.customers).toBe(100);
});

test('low voltage at the far end splits no less than overload does', () => {
  // 5 km of feeder B with 5,000 kW at its end: about 1 % for each section and 1,000 kW behind it.
  const grid = change(ladder(), { LB1: { r_ohm: 4 }, LB2: { r_ohm: 4 } });
  const found = plan(grid, ['LA1'], () => ({}), { minVoltage_pu: 0.92 });
  expect(found.result.unrestored.customers).toBeGreaterThan(100);
  expect(found.rejected.map((each) => each.kind)).toContain('voltage');
  for (const step of found.steps) expect(step.minVoltage_pu ?? 1).toBeGreaterThanOrEqual(0.92);
});

test('critical load comes before many customers', () => {
  const grid = change(
    join(feeder('A', 3), feeder('B', 1), { switches: [tie('T', 'AN2', 'BN1', { rated_A: 40 })] }),
    { DA3: { priority: 'critical', customers: 1, p_kW: 400 }, DA2: { p_kW: 0, customers: 0 } },
  );
  const found = plan(grid, ['LA1']);
  expect(found.result.unrestored.critical_kW).toBe(0);
});

test('shedding is allowed only when asked for, is named, and never takes critical load', () => {
  const grid = change(
    join(feeder('A', 2), feeder('B', 2), { switches: [tie('T', 'AN2', 'BN1')] }),
    { B1: { rated_A: 80 }, DA2: { customers: 500 }, DB2: { p_kW: 1500 } },
  );
  expect(plan(grid, ['LA1']).result.unrestored.customers).toBe(600);
  const shed = plan(grid, ['LA1'], () => ({ allowShedding: true }));
  expect(shed.result.unrestored.customers).toBe(200);
  expect(shed.advisory.join()).toContain('DB2');
  const critical = plan(change(grid, { DB2: { priority: 'critical' } }), ['LA1'], () => ({
    allowShedding: true,
  }));
  expect(critical.result.unrestored.customers).toBe(600);
});

test('a lost source is kept apart: it may return at any moment', () => {
  const found = plan(ladder(), ['SA']);
  expect(found.tripped).toEqual([]);
  expect(moves(found)).toEqual(['open A1', 'close T']);
  expect(found.result.unrestored.customers).toBe(0);
});

test('what was dark before the fault is kept dead and stands in no figure', () => {
  const network = compile(ladder());
  const before = normalPositions(network);
  before[network.index.switch.get('A3') ?? -1] = 0;
  const planned = planForFault(network, before, ['LA1'], planOptions());
  if (!planned.ok) throw new Error('refused');
  expect(planned.value.plan.result.outage.customers).toBe(200);
  expect(moves(planned.value.plan)).toEqual([]);
});

test('no winding is energised from its lower-voltage side', () => {
  const grid = behindTransformer();
  // The 110 kV line is lost: the feeder comes back from B, the transformer is cut off first.
  const found = plan(grid, ['E']);
  expect(moves(found)).toEqual(['open 431', 'close T']);
  expect(found.result.unrestored.customers).toBe(0);
});

test('a budget of nothing still gives a legal plan', () => {
  const found = plan(twoWeakTies(), ['LA2'], () => ({ searchSteps: 0 }));
  expect(found.result.unrestored.customers).toBeLessThanOrEqual(300);
  expect(found.proof.bounds.customers).toBeLessThanOrEqual(found.result.unrestored.customers);
});

test('the order of the arrays in the file changes nothing', () => {
  const grid = twoWeakTies();
  const turned: SmallGrid = {
    ...grid,
    nodes: grid.nodes.toReversed(),
    sources: grid.sources.toReversed(),
    lines: grid.lines.toReversed(),
    switches: grid.switches.toReversed(),
    loads: grid.loads.toReversed(),
  };
  expect(plan(turned, ['LA2'])).toEqual(plan(grid, ['LA2']));
});

test('something overloaded before may stay so, and is listed, but no step makes it worse', () => {
  const found = plan(change(ladder(), { LB1: { rated_A: 70 } }), ['LA2']);
  expect(found.warnings[0]).toContain('LB1: overloaded');
  expect(moves(found)).toEqual(['open A2', 'close A1']);
});

test('what remote control cannot do the crews do in a second phase', () => {
  const grid = change(ladder(), { T: { remote: false }, A3: { remote: false, kind: 'fuse' } });
  const found = plan(grid, ['LA2'], () => ({ includeManual: true }));
  expect(found.steps.map((step) => `${step.phase} ${step.action} ${step.switch}`)).toEqual([
    '1 open A2',
    '1 close A1',
    '2 open A3',
    '2 close T',
  ]);
  expect(found.result.unrestored.customers).toBe(200);
  expect(found.result.switchOperations).toBe(2);
  expect(found.resultWithCrews?.unrestored.customers).toBe(100);
  expect(found.resultWithCrews?.outage).toEqual(found.result.outage);
  expect(plan(grid, ['LA2']).resultWithCrews).toBeUndefined();
});

test('a tie to what a generator may carry as an island stays open, and names the generator', () => {
  const generators = [{ id: 'HYDRO', node: 'AN3', p_kW: 500, canIsland: true }];
  const found = plan({ ...ladder(), generators }, ['LA2']);
  expect(moves(found)).toEqual(['open A2', 'close A1']);
  expect(found.rejected).toContainEqual({ switch: 'T', kind: 'generator', limit: 'HYDRO' });
  expect(found.proof.status).toBe('optimal');
  // One that stops by itself once the grid is gone bars nothing.
  const stops = [{ id: 'HYDRO', node: 'AN3', p_kW: 500 }];
  expect(moves(plan({ ...ladder(), generators: stops }, ['LA2'])).at(-1)).toBe('close T');
});

test('what a generator may carry as an island is not transferred either', () => {
  const grid = loadedNeighbour();
  const transfer = moves(plan(grid, ['LA1']));
  expect(transfer).toContain('open B3');
  const generators = [{ id: 'HYDRO', node: 'BN3', p_kW: 0, canIsland: true }];
  expect(moves(plan({ ...grid, generators }, ['LA1']))).not.toContain('open B3');
});

test('a switch that the mode of its feeder takes from the automation is refused for that', () => {
  const found = plan(ladder(), ['LA2'], (network) => ({
    outOfMode: switchSet(network, 'T', 'A3'),
  }));
  expect(moves(found)).toEqual(['open A2', 'close A1']);
  expect(found.rejected).toContainEqual({ switch: 'T', kind: 'mode' });
  expect(found.rejected).toContainEqual({ switch: 'A3', kind: 'mode' });
});
