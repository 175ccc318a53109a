import { expect, test } from 'vitest';
import { describeLoadFlow } from './describe-load-flow.ts';
import { branchLoading_pct } from './loading.ts';
import { solveFile } from './testing/solve-file.ts';
import { violations } from './violations.ts';

/** 1,905 kW at 22 kV and power factor 1 is 50 A where the line has no impedance. */
const fiftyAmpere = (more: { line?: object; switch?: object; source?: object } = {}): object => ({
  nodes: ['A', 'a', 'b'].map((id) => ({ id, nominalVoltage_kV: 22 })),
  sources: [{ id: 'src', node: 'A', ...more.source }],
  switches: [{ id: 'CB', kind: 'breaker', from: 'A', to: 'a', ...more.switch }],
  lines: [{ id: 'L', from: 'a', to: 'b', r_ohm: 0, x_ohm: 0, ...more.line }],
  loads: [{ id: 'load', node: 'b', p_kW: Math.sqrt(3) * 22 * 50 }],
});

const judge = (file: object, emergencyRatings = false) => {
  const { network, flow } = solveFile(file);
  return violations(network, flow, { emergencyRatings });
};

test('a line at exactly its rating is allowed, one ampere more is not', () => {
  expect(judge(fiftyAmpere({ line: { rated_A: 50 } }))).toEqual([]);
  const [broken] = judge(fiftyAmpere({ line: { rated_A: 40 } }));
  expect(broken).toMatchObject({ kind: 'loading', equipment: 'L', allowed: 100, unit: '%' });
  expect(broken?.value).toBeCloseTo(125, 9);
});

test('the loading factor scales what is allowed, and an emergency rating takes its place when asked', () => {
  const file = {
    ...fiftyAmpere({ line: { rated_A: 50, emergency_A: 55 } }),
    limits: { loadingFactor: 0.8 },
  };
  expect(judge(file)).toMatchObject([{ kind: 'loading', equipment: 'L', allowed: 80 }]);
  expect(judge(file, true)).toEqual([]);
});

test('load stays below nine tenths of the pickup of every protection it passes', () => {
  expect(judge(fiftyAmpere({ switch: { pickup_A: 56 } }))).toEqual([]);
  expect(judge(fiftyAmpere({ switch: { pickup_A: 55 } }))).toMatchObject([
    { kind: 'pickup', equipment: 'CB', allowed: 49.5, unit: 'A' },
  ]);
});

test('a source gives no more than its maximum', () => {
  expect(judge(fiftyAmpere({ source: { max_MVA: 2 } }))).toEqual([]);
  expect(judge(fiftyAmpere({ source: { max_MVA: 1.8 } }))).toMatchObject([
    { kind: 'source', equipment: 'src', allowed: 1.8, unit: 'MVA' },
  ]);
});

test('a voltage below the band and one above it are named with the limit they break', () => {
  const low = judge(fiftyAmpere({ line: { r_ohm: 20 } }));
  expect(low).toMatchObject([{ kind: 'voltage', equipment: 'b', allowed: 0.95, unit: 'pu' }]);
  const high = judge(fiftyAmpere({ source: { voltage_pu: 1.06 } }));
  expect(high.map((each) => each.equipment)).toEqual(['A', 'a', 'b']);
  expect(high[0]).toMatchObject({ allowed: 1.05, value: 1.06 });
});

test('a transformer is judged by its more loaded end', () => {
  const { network, flow, branch } = solveFile({
    nodes: [
      { id: 'H', nominalVoltage_kV: 110 },
      { id: 'x', nominalVoltage_kV: 22 },
    ],
    sources: [{ id: 'src', node: 'H' }],
    transformers: [{ id: 'T', from: 'H', to: 'x', rated_MVA: 10, shortCircuitVoltage_pct: 10 }],
    loads: [{ id: 'load', node: 'x', p_kW: 9900 }],
  });
  // 9.9 MW and nearly 1 Mvar of its own make 9.95 MVA on the primary side.
  const loading = branchLoading_pct(network, flow, branch('T')) ?? 0;
  expect(loading).toBeGreaterThan(99.4);
  expect(loading).toBeLessThan(99.7);
  expect(violations(network, flow)).toEqual([]);
});

test('where power flows back through a transformer its iron is fed from the lower side too', () => {
  const { network, flow, branch } = solveFile({
    nodes: [
      { id: 'H', nominalVoltage_kV: 110 },
      { id: 'x', nominalVoltage_kV: 22 },
    ],
    sources: [{ id: 'src', node: 'H' }],
    transformers: [
      {
        id: 'T',
        from: 'H',
        to: 'x',
        rated_MVA: 1,
        shortCircuitVoltage_pct: 0.1,
        noLoadLosses_kW: 50,
      },
    ],
    loads: [{ id: 'plant', node: 'x', p_kW: -800 }],
  });
  // 800 kW enter the winding, 50 of them stay in the iron.
  expect(branchLoading_pct(network, flow, branch('T'))).toBeCloseTo(80, 1);
});

test('an unconverged state cannot be judged', () => {
  const { network, flow } = solveFile(fiftyAmpere({ line: { r_ohm: 500 } }));
  expect(flow.converged).toBe(false);
  expect(() => violations(network, flow)).toThrow('unconverged');
});

test('the description names worst voltage, worst loading and dead nodes, in the units of the file', () => {
  const file = fiftyAmpere({ line: { r_ohm: 2, rated_A: 100 } });
  const live = solveFile(file);
  const view = describeLoadFlow(live.network, live.energisation, live.flow);
  expect(view.minVoltageNode).toBe('b');
  expect(view.maxLoadingAt).toBe('L');
  expect(view.branches['CB']).toMatchObject({ q_kvar: 0, loading_pct: null });
  expect(view.losses_kW).toBeCloseTo((view.branches['L']?.p_kW ?? 0) - Math.sqrt(3) * 22 * 50, 5);
  const dark = solveFile(file, { open: ['CB'] });
  expect(describeLoadFlow(dark.network, dark.energisation, dark.flow)).toMatchObject({
    deenergised: ['a', 'b'],
    maxLoading_pct: null,
    minVoltageNode: 'A',
  });
});

test('the description of an unconverged state has no figures', () => {
  const { network, energisation, flow } = solveFile(fiftyAmpere({ line: { r_ohm: 500 } }));
  expect(describeLoadFlow(network, energisation, flow)).toMatchObject({
    converged: false,
    losses_kW: null,
    nodes: {},
    branches: {},
  });
});
