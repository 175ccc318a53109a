import { expect, test } from 'vitest';
import { solveFile } from './testing/solve-file.ts';

/** Two feeders from two busbars to one load, paralleled through TIE; impedances as given. */
const paralleled = (
  one: { r_ohm: number; x_ohm: number },
  other: { r_ohm: number; x_ohm: number },
  more: { p_kW?: number; otherVoltage_pu?: number } = {},
): object => ({
  nodes: ['A', 'a', 'B', 'b'].map((id) => ({ id, nominalVoltage_kV: 22 })),
  sources: [
    { id: 'src-A', node: 'A', angleGroup: 'north' },
    { id: 'src-B', node: 'B', angleGroup: 'north', voltage_pu: more.otherVoltage_pu ?? 1 },
  ],
  lines: [
    { id: 'LA', from: 'A', to: 'a', ...one },
    { id: 'LB', from: 'b', to: 'B', ...other },
  ],
  switches: [
    {
      id: 'TIE',
      kind: 'loadBreakSwitch',
      from: 'a',
      to: 'b',
      normallyOpen: true,
      parallelAllowed: true,
    },
  ],
  loads: [{ id: 'load', node: 'b', p_kW: more.p_kW ?? 4000, q_kvar: (more.p_kW ?? 4000) / 4 }],
});

test('two equal feeders in parallel share the load by half, as one line of half the impedance', () => {
  const whole = { r_ohm: 4, x_ohm: 3 };
  const { flow, branch, voltage_pu } = solveFile(paralleled(whole, whole), { close: ['TIE'] });
  const single = solveFile({
    nodes: ['A', 'b'].map((id) => ({ id, nominalVoltage_kV: 22 })),
    sources: [{ id: 'src', node: 'A' }],
    lines: [{ id: 'L', from: 'A', to: 'b', r_ohm: 2, x_ohm: 1.5 }],
    loads: [{ id: 'load', node: 'b', p_kW: 4000, q_kvar: 1000 }],
  });
  expect(flow.converged).toBe(true);
  expect(voltage_pu('b')).toBeCloseTo(single.voltage_pu('b'), 9);
  expect(flow.losses_W).toBeCloseTo(single.flow.losses_W, 2);
  expect(flow.current_A[branch('LA')]).toBeCloseTo(flow.current_A[branch('LB')] ?? 0, 6);
  expect(flow.sourceActivePower_W[0]).toBeCloseTo(flow.sourceActivePower_W[1] ?? 0, 1);
});

test('the feeder with a third of the impedance carries three quarters of the load', () => {
  const { flow, branch } = solveFile(
    paralleled({ r_ohm: 4, x_ohm: 3 }, { r_ohm: 4 / 3, x_ohm: 1 }),
    { close: ['TIE'] },
  );
  const [one, other] = [flow.current_A[branch('LA')] ?? 0, flow.current_A[branch('LB')] ?? 0];
  expect(other / one).toBeCloseTo(3, 8);
  expect(flow.current_A[branch('TIE')]).toBeCloseTo(one, 8);
});

test('sources of unequal voltage drive the difference through the impedance between them', () => {
  const { flow, branch } = solveFile(
    paralleled({ r_ohm: 4, x_ohm: 3 }, { r_ohm: 4, x_ohm: 3 }, { p_kW: 0, otherVoltage_pu: 1.01 }),
    { close: ['TIE'] },
  );
  const expected_A = (0.01 * 22e3) / Math.sqrt(3) / Math.sqrt(8 ** 2 + 6 ** 2);
  expect(flow.current_A[branch('TIE')]).toBeCloseTo(expected_A, 6);
  expect(flow.activePower_W[branch('LA')]).toBeLessThan(0);
});

test('a ring on one source and two rings that share a line balance to the last watt', () => {
  const line = (id: string, from: string, to: string, r_ohm: number): object => ({
    id,
    from,
    to,
    r_ohm,
    x_ohm: 2 * r_ohm,
  });
  const { flow, energisation } = solveFile({
    nodes: ['A', 'b', 'c', 'd'].map((id) => ({ id, nominalVoltage_kV: 22 })),
    sources: [{ id: 'src', node: 'A' }],
    lines: [
      line('L1', 'A', 'b', 1),
      line('L2', 'A', 'c', 2),
      line('L3', 'b', 'c', 0.5),
      line('L4', 'c', 'd', 1),
      line('L5', 'd', 'b', 3),
    ],
    loads: [
      { id: 'load-b', node: 'b', p_kW: 900, q_kvar: 300 },
      { id: 'load-d', node: 'd', p_kW: 1500, q_kvar: 500 },
    ],
  });
  expect(energisation.loopBranches).toHaveLength(2);
  expect(flow.converged).toBe(true);
  expect(flow.sourceActivePower_W[0]).toBeCloseTo(2.4e6 + flow.losses_W, 0);
});

test('a loop without impedance does not say how its current divides: not converged', () => {
  const none = { r_ohm: 0, x_ohm: 0 };
  expect(solveFile(paralleled(none, none), { close: ['TIE'] }).flow.converged).toBe(false);
});

/** Two incomers to a sectionalised busbar, nothing with an impedance between the two sources. */
const busbar = (one: object, other: object): object => ({
  nodes: ['E1', 'E2', 'C1', 'C2'].map((id) => ({ id, nominalVoltage_kV: 110 })),
  sources: [
    { id: 'src-1', node: 'E1', angleGroup: 'north', ...one },
    { id: 'src-2', node: 'E2', angleGroup: 'north', ...other },
  ],
  switches: [
    { id: '171', kind: 'breaker', from: 'E1', to: 'C1' },
    { id: '172', kind: 'breaker', from: 'E2', to: 'C2' },
    {
      id: '112',
      kind: 'breaker',
      from: 'C1',
      to: 'C2',
      normallyOpen: true,
      parallelAllowed: true,
    },
  ],
  loads: [
    { id: 'load-1', node: 'C1', p_kW: 30_000 },
    { id: 'load-2', node: 'C2', p_kW: 12_000 },
  ],
});

test('a coupler between two sources of one angle group: every voltage, and the current shared out evenly', () => {
  const { flow, branch, voltage_pu } = solveFile(
    busbar({}, {}),
    { close: ['112'] },
    { divideEvenly: true },
  );
  expect(flow.converged).toBe(true);
  expect(voltage_pu('C2')).toBe(1);
  // Three equal small resistances around the loop: 171 carries two thirds of the one load and a
  // third of the other, 172 the rest, and the coupler what is missing at its side.
  const active_W = (id: string): number => flow.activePower_W[branch(id)] ?? 0;
  expect(active_W('171')).toBeCloseTo(24e6, 3);
  expect(active_W('172')).toBeCloseTo(18e6, 3);
  expect(active_W('112')).toBeCloseTo(-6e6, 3);
  expect(flow.sourceActivePower_W[0]).toBeCloseTo(24e6, 3);
  expect(flow.assumed).toEqual([branch('112'), branch('171'), branch('172')].sort((a, b) => a - b));
});

test('sources of unequal voltage or angle group behind such a coupler are a short circuit', () => {
  const closed = { close: ['112'] };
  const even = { divideEvenly: true };
  expect(solveFile(busbar({}, { voltage_pu: 1.01 }), closed, even).flow.converged).toBe(false);
  expect(solveFile(busbar({}, { angleGroup: 'south' }), closed, even).flow.converged).toBe(false);
});

const stationPair = (shift_deg: number): object => ({
  nodes: [
    { id: 'H', nominalVoltage_kV: 110 },
    { id: 'x', nominalVoltage_kV: 22 },
    { id: 'y', nominalVoltage_kV: 22 },
  ],
  sources: [{ id: 'src', node: 'H' }],
  transformers: ['x', 'y'].map((to) => ({
    id: `T${to}`,
    from: 'H',
    to,
    rated_MVA: 25,
    shortCircuitVoltage_pct: 10,
    phaseShift_deg: to === 'y' ? shift_deg : 0,
  })),
  switches: [
    {
      id: '412',
      kind: 'breaker',
      from: 'x',
      to: 'y',
      normallyOpen: true,
      parallelAllowed: true,
    },
  ],
  loads: [{ id: 'load', node: 'x', p_kW: 10_000 }],
});

test('two transformers of one vector group may be paralleled and share the load', () => {
  const { flow, branch } = solveFile(stationPair(360), { close: ['412'] });
  expect(flow.converged).toBe(true);
  expect(flow.activePower_W[branch('Tx')]).toBeCloseTo(flow.activePower_W[branch('Ty')] ?? 0, 1);
});

test('paralleling different vector groups is a short circuit, not a state: not converged', () => {
  expect(solveFile(stationPair(30), { close: ['412'] }).flow.converged).toBe(false);
});
