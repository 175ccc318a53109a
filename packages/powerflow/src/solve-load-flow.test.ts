import { describe, expect, test } from 'vitest';
import { solveLoadFlow } from './solve-load-flow.ts';
import { solveFile } from './testing/solve-file.ts';

const kV22 = (...ids: string[]): object[] => ids.map((id) => ({ id, nominalVoltage_kV: 22 }));

/** A ─CB─ a ─L─ b with one load at b. */
const oneLine = (p_kW: number, q_kvar: number): object => ({
  nodes: kV22('A', 'a', 'b'),
  sources: [{ id: 'src', node: 'A' }],
  switches: [{ id: 'CB', kind: 'breaker', from: 'A', to: 'a' }],
  lines: [{ id: 'L', from: 'a', to: 'b', r_ohm: 4, x_ohm: 3 }],
  loads: [{ id: 'load', node: 'b', p_kW, q_kvar }],
});

/** The same with the load's shares by voltage. */
const following = (zip: object, p_kW: number, q_kvar: number): object => ({
  ...oneLine(p_kW, q_kvar),
  loads: [{ id: 'load', node: 'b', p_kW, q_kvar, zip }],
});

describe('loads that follow the voltage', () => {
  // Per unit on 1 MVA and 22 kV.
  const [r, x, p, q] = [4 / 22 ** 2, 3 / 22 ** 2, 3, 1];

  test('constant impedance divides the voltage of the source as two impedances in series do', () => {
    const { voltage_pu, flow } = solveFile(following({ impedance: 1 }, 3000, 1000));
    // Z of the load = 1 / conj(S); v = Z / (Z + z) = 1 / (1 + z · conj(S)).
    const [re, im] = [1 + r * p + x * q, x * p - r * q];
    const v = 1 / Math.sqrt(re ** 2 + im ** 2);
    expect(voltage_pu('b')).toBeCloseTo(v, 10);
    const current2 = (p ** 2 + q ** 2) * v ** 2;
    expect(flow.losses_W).toBeCloseTo(r * current2 * 1e6, 2);
    expect(flow.sourceActivePower_W[0]).toBeCloseTo((p * v ** 2 + r * current2) * 1e6, 2);
  });

  test('constant current drops as much whatever the voltage', () => {
    const { voltage_pu, flow } = solveFile(following({ current: 1 }, 3000, 1000));
    // With v as reference i = p − jq; |v + z i| = 1.
    const v = Math.sqrt(1 - (x * p - r * q) ** 2) - (r * p + x * q);
    expect(voltage_pu('b')).toBeCloseTo(v, 10);
    expect(flow.losses_W).toBeCloseTo(r * (p ** 2 + q ** 2) * 1e6, 2);
    expect(flow.sourceActivePower_W[0]).toBeCloseTo((p * v + r * (p ** 2 + q ** 2)) * 1e6, 2);
  });

  test('shares mixed take p (z v² + i v + rest), and the voltage lies between the pure ones', () => {
    const mixed = solveFile(following({ impedance: 0.3, current: 0.3, power: 0.4 }, 3000, 1000));
    const v = mixed.voltage_pu('b');
    const taken_W = 3e6 * (0.3 * v ** 2 + 0.3 * v + 0.4);
    expect(mixed.flow.sourceActivePower_W[0]).toBeCloseTo(taken_W + mixed.flow.losses_W, 2);
    const pure = (zip: object): number => solveFile(following(zip, 3000, 1000)).voltage_pu('b');
    expect(v).toBeGreaterThan(pure({ power: 1 }));
    expect(v).toBeLessThan(pure({ impedance: 1 }));
  });

  test('constant power said in so many words is what stands without them, to the last digit', () => {
    const plain = solveFile(oneLine(3000, 1000)).flow;
    expect(solveFile(following({ power: 1 }, 3000, 1000)).flow).toEqual(plain);
  });

  test('a load that no line could carry at constant power has a state as an impedance', () => {
    const { flow, voltage_pu } = solveFile(following({ impedance: 1 }, 40_000, 10_000));
    expect(flow.converged).toBe(true);
    expect(voltage_pu('b')).toBeLessThan(0.8);
  });
});

describe('one line', () => {
  test('its end has the voltage that the quadratic equation of one line gives', () => {
    const { flow, voltage_pu } = solveFile(oneLine(3000, 1000));
    // V⁴ + (2(PR + QX) − E²) V² + (P² + Q²)(R² + X²) = 0, V in kV and P, Q in MW, Mvar.
    const half = 22 ** 2 / 2 - (3 * 4 + 1 * 3);
    const square = half + Math.sqrt(half ** 2 - (3 ** 2 + 1 ** 2) * (4 ** 2 + 3 ** 2));
    expect(flow.converged).toBe(true);
    expect(voltage_pu('b')).toBeCloseTo(Math.sqrt(square) / 22, 10);
  });

  test('losses are R and X times the square of the current, three times over', () => {
    const { flow, branch, voltage_pu } = solveFile(oneLine(3000, 1000));
    const current_A = Math.sqrt(3 ** 2 + 1 ** 2) * (1e3 / (Math.sqrt(3) * 22 * voltage_pu('b')));
    expect(flow.current_A[branch('L')]).toBeCloseTo(current_A, 6);
    expect(flow.losses_W).toBeCloseTo(3 * 4 * current_A ** 2, 3);
    expect(flow.losses_var).toBeCloseTo(3 * 3 * current_A ** 2, 3);
    expect(flow.sourceActivePower_W[0]).toBeCloseTo(3e6 + flow.losses_W, 2);
  });

  test('a load that feeds in raises the voltage above its source', () => {
    expect(solveFile(oneLine(-3000, 0)).voltage_pu('b')).toBeGreaterThan(1);
  });

  test('without load every voltage is that of the source', () => {
    const { flow, voltage_pu } = solveFile(oneLine(0, 0));
    expect(flow.converged).toBe(true);
    expect(voltage_pu('b')).toBe(1);
    expect(flow.losses_W).toBe(0);
  });

  test('a load beyond what the line can carry does not converge and gives no figure', () => {
    const { flow } = solveFile(oneLine(40_000, 10_000));
    expect(flow.converged).toBe(false);
    expect([...flow.voltage_pu, ...flow.current_A, flow.losses_W]).toEqual(
      Array.from({ length: 6 }, () => 0),
    );
  });

  test('too few iterations for the tolerance is not converged', () => {
    const { flow } = solveFile(oneLine(3000, 1000), {}, { maxIterations: 2 });
    expect(flow.converged).toBe(false);
    expect(flow.iterations).toBe(2);
  });

  test('a dead end has voltage 0 and its load is not served', () => {
    const { flow, voltage_pu } = solveFile(oneLine(3000, 1000), { open: ['CB'] });
    expect(flow.converged).toBe(true);
    expect(voltage_pu('A')).toBe(1);
    expect(voltage_pu('b')).toBe(0);
    expect(flow.sourceActivePower_W[0]).toBe(0);
  });

  test('lines and switches without impedance carry current without a voltage drop', () => {
    const file = {
      ...oneLine(3000, 1000),
      lines: [{ id: 'L', from: 'a', to: 'b', r_ohm: 0, x_ohm: 0 }],
    };
    const { flow, branch, voltage_pu } = solveFile(file);
    expect(voltage_pu('b')).toBe(1);
    expect(flow.activePower_W[branch('L')]).toBeCloseTo(3e6, 6);
  });
});

describe('shunts and generators', () => {
  test('a capacitor gives reactive power by the square of its voltage', () => {
    const file = { ...oneLine(3000, 0), shunts: [{ id: 'C', node: 'b', q_kvar: -600 }] };
    const { flow, branch, voltage_pu } = solveFile(file);
    const current = flow.current_A[branch('L')] ?? 0;
    const atEnd = (flow.reactivePower_var[branch('L')] ?? 0) - 3 * 3 * current ** 2;
    expect(atEnd).toBeCloseTo(-600e3 * voltage_pu('b') ** 2, 2);
  });

  test('generators count only where asked for', () => {
    const file = { ...oneLine(1000, 0), generators: [{ id: 'G', node: 'b', p_kW: 1000 }] };
    expect(solveFile(file).voltage_pu('b')).toBeLessThan(1);
    expect(solveFile(file, {}, { generators: true }).voltage_pu('b')).toBeCloseTo(1, 10);
  });
});

/** H ─CB─ h ─T1─ x with a load at x; T1 is 110/22 kV. */
const transformer = (more: object, load: object = {}): object => ({
  nodes: [
    { id: 'H', nominalVoltage_kV: 110 },
    { id: 'h', nominalVoltage_kV: 110 },
    { id: 'x', nominalVoltage_kV: 22 },
  ],
  sources: [{ id: 'src', node: 'H' }],
  switches: [{ id: 'CB', kind: 'breaker', from: 'H', to: 'h' }],
  transformers: [
    { id: 'T1', from: 'h', to: 'x', rated_MVA: 25, shortCircuitVoltage_pct: 10, ...more },
  ],
  loads: [{ id: 'load', node: 'x', p_kW: 0, ...load }],
});

describe('a transformer', () => {
  test('without load its tap alone sets the secondary voltage', () => {
    expect(solveFile(transformer({ tap_pu: 1.02 })).voltage_pu('x')).toBeCloseTo(1 / 1.02, 12);
  });

  test('its load losses are those of the file at rated current', () => {
    const { flow, branch } = solveFile(transformer({ losses_kW: 120 }, { p_kW: 20_000 }));
    const atPrimary_A = flow.current_A[branch('T1')] ?? 0;
    const rated_A = 25e6 / (Math.sqrt(3) * 110e3);
    expect(flow.losses_W).toBeCloseTo(120e3 * (atPrimary_A / rated_A) ** 2, 3);
  });

  test('its no-load losses flow without load and count as its own power and losses', () => {
    const { flow, branch } = solveFile(transformer({ noLoadLosses_kW: 20 }));
    expect(flow.losses_W).toBeCloseTo(20e3, 6);
    expect(flow.activePower_W[branch('T1')]).toBeCloseTo(20e3, 6);
  });

  test('its vector group turns the angle and changes nothing else', () => {
    const plain = solveFile(transformer({}, { p_kW: 9000, q_kvar: 3000 }));
    const turned = solveFile(transformer({ phaseShift_deg: 330 }, { p_kW: 9000, q_kvar: 3000 }));
    expect(turned.voltage_pu('x')).toBe(plain.voltage_pu('x'));
    expect(turned.angle_deg('x')).toBeCloseTo(plain.angle_deg('x') + 30, 9);
  });

  test('written the other way round it gives the same state but for the tap, which is at `from`', () => {
    const load = { p_kW: 9000, q_kvar: 3000 };
    const forward = solveFile(transformer({ losses_kW: 120 }, load));
    const file = transformer({ losses_kW: 120, from: 'x', to: 'h' }, load);
    const turned = solveFile(file);
    expect(turned.voltage_pu('x')).toBeCloseTo(forward.voltage_pu('x'), 12);
    expect(turned.flow.losses_W).toBeCloseTo(forward.flow.losses_W, 6);
    const raised = solveFile(transformer({ from: 'x', to: 'h', tap_pu: 1.02 }));
    expect(raised.voltage_pu('x')).toBeCloseTo(1.02, 12);
  });
});

test('only the trees asked for are solved; values elsewhere are 0', () => {
  const file = {
    nodes: kV22('A', 'a', 'B', 'b'),
    sources: [
      { id: 'src-A', node: 'A' },
      { id: 'src-B', node: 'B' },
    ],
    lines: [
      { id: 'LA', from: 'A', to: 'a', r_ohm: 1, x_ohm: 1 },
      { id: 'LB', from: 'B', to: 'b', r_ohm: 1, x_ohm: 1 },
    ],
    loads: [
      { id: 'load-a', node: 'a', p_kW: 1000 },
      { id: 'load-b', node: 'b', p_kW: 1000 },
    ],
  };
  const { flow, voltage_pu, branch } = solveFile(file, {}, { onlySources: new Set([1]) });
  expect(voltage_pu('a')).toBe(0);
  expect(flow.current_A[branch('LA')]).toBe(0);
  expect(voltage_pu('b')).toBeLessThan(1);
  expect(flow.sourceActivePower_W[0]).toBe(0);
});

test('a load that is no number is not converged', () => {
  const { network, energisation } = solveFile(oneLine(100, 0));
  const loads = {
    activePower_W: Float64Array.of(Number.NaN),
    reactivePower_var: Float64Array.of(0),
  };
  const positions = new Uint8Array([1]);
  expect(solveLoadFlow({ network, positions, energisation, loads }).converged).toBe(false);
});
