import { loadStateFromGrid, solveLoadFlow } from '@relight/powerflow';
import { CLOSED, energise, normalPositions, OPEN, type Network } from '@relight/topology';
import { expect, test } from 'vitest';
import { change, compile, feeder, join, tie, type SmallGrid } from '../small-grids.ts';
import { createForest, scoreOf, solveForest } from './forest.ts';
import { createLossBound } from './loss-bound.ts';
import { reconfigureForLosses, type Reconfiguration } from './reconfigure.ts';
import { buildSwitchableGraph } from './switchable-graph.ts';

/** 26.24 A through 0.1 ohm in three phases: one section that carries one load of 1,000 kW. */
const UNIT_W = 3 * 0.1 * 26.243 ** 2;

function start(network: Network) {
  return { network, positions: normalPositions(network), loads: loadStateFromGrid(network) };
}

function reconfigured(grid: SmallGrid): Reconfiguration {
  const found = reconfigureForLosses(start(compile(grid)));
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

/** Feeder A of four sections, feeder B of one, tied at their ends: 16 + 9 + 4 + 1 + 1 = 31 units. */
function lopsided(): SmallGrid {
  return join(feeder('A', 4), feeder('B', 1), { switches: [tie('T', 'AN4', 'BN1')] });
}

test('two of four sections go over to the idle feeder: 15 units of losses instead of 31', () => {
  // With A3 open, A carries 4 + 1 units, B carries 9 in its own line and 1 in the last of A.
  const found = reconfigured(lopsided());
  expect(found).toMatchObject({ openSwitches: ['A3'], open: ['A3'], close: ['T'], warnings: [] });
  // Voltage drop adds less than one percent to currents taken at 22 kV.
  expect((found.baseLosses_kW * 1000) / UNIT_W).toBeGreaterThan(31);
  expect((found.baseLosses_kW * 1000) / UNIT_W).toBeLessThan(31.6);
  expect((found.losses_kW * 1000) / UNIT_W).toBeGreaterThan(15);
  expect((found.losses_kW * 1000) / UNIT_W).toBeLessThan(15.3);
});

test('a line for 60 A takes over one section and not two, 52 A and not 79 A', () => {
  const grid = change(lopsided(), { LB1: { rated_A: 60 } });
  expect(reconfigured(grid).openSwitches).toEqual(['A4']);
});

test('so does a source for 2.5 MVA, a breaker that picks up at 70 A, and a switch for 60 A', () => {
  for (const limit of [
    { SB: { max_MVA: 2.5 } },
    { B1: { pickup_A: 70 } },
    { T: { rated_A: 30 } },
  ]) {
    expect(reconfigured(change(lopsided(), limit)).openSwitches).toEqual(['A4']);
  }
});

test('a switch without remote control, or one that cannot break load, stays where it is', () => {
  for (const unusable of [{ remote: false }, { kind: 'disconnector' }]) {
    const grid = change(lopsided(), { A3: unusable });
    expect(reconfigured(grid).openSwitches).toEqual(['A4']);
  }
});

test('a grid without a choice is proved optimal as it is', () => {
  const found = reconfigured(feeder('A', 3));
  expect(found).toMatchObject({ open: [], close: [], openSwitches: [] });
  expect(found.proof).toMatchObject({
    status: 'optimal',
    bounds: { losses_kW: found.losses_kW },
    gap_pct: 0,
  });
});

test('what is dark stays dark, and is said', () => {
  const grid = join(lopsided(), {
    nodes: [{ id: 'X', nominalVoltage_kV: 22 }],
    loads: [{ id: 'DX', node: 'X', p_kW: 500 }],
    switches: [tie('TX', 'AN4', 'X')],
  });
  const found = reconfigured(grid);
  expect(found.openSwitches).toEqual(['A3', 'TX']);
  expect(found.warnings).toEqual(['nodes without supply at the start, and still: 1']);
  expect(found.warningsVi).toHaveLength(1);
});

test('an overload at the start may stay, no second one may come, and it is named', () => {
  // LA1 carries 105 A at the start and 52 A with A3 open.
  const relieved = reconfigured(change(lopsided(), { LA1: { rated_A: 90 } }));
  expect(relieved.warnings).toEqual(['limits broken at the start: 1, in the state found: 0']);
  // With 40 A it stays overloaded; the losses are what is left to win.
  const still = reconfigured(change(lopsided(), { LA1: { rated_A: 40 } }));
  expect(still.openSwitches).toEqual(['A3']);
  expect(still.warnings[1]).toMatch(/^LA1: loading 13\d\.\d %, 100\.0 % allowed$/);
});

test('a loop that is closed at the start is opened where it costs least', () => {
  const ring = join(feeder('A', 5), {
    nodes: [{ id: 'R', nominalVoltage_kV: 22 }],
    switches: [
      tie('R1', 'A0', 'R', { normallyOpen: false }),
      tie('R2', 'R', 'AN5', { normallyOpen: false }),
    ],
  });
  const found = reconfigured(change(ring, { DA1: { p_kW: 3000 } }));
  // Loads of 3, 1, 1, 1: 16 + 1 units from one side and 4 + 1 from the other; with A2 open 9 + 14.
  expect(found.openSwitches).toEqual(['A3']);
  // The closed ring itself loses less; radial is a duty, not a gain.
  expect(found.losses_kW).toBeGreaterThan(found.baseLosses_kW);
  expect(found.warnings[0]).toContain('closed loop');
});

test('a loop of lines alone cannot be opened: its lines are named', () => {
  const twin = { id: 'LA2b', from: 'AM2', to: 'AN2', r_ohm: 0.1, x_ohm: 0.3 };
  const found = reconfigureForLosses(start(compile(join(lopsided(), { lines: [twin] }))));
  expect(found).toEqual({
    ok: false,
    error: { kind: 'fixedLoop', equipment: ['LA2', 'LA2b'] },
  });
});

/** A 110 kV load behind a bad line; behind it a transformer whose 22 kV side is tied to feeder B. */
function stationBehindBadLine(): SmallGrid {
  return join(feeder('B', 1), {
    nodes: [
      { id: 'H0', nominalVoltage_kV: 110 },
      { id: 'H1', nominalVoltage_kV: 110 },
      { id: 'H2', nominalVoltage_kV: 110 },
      { id: 'C', nominalVoltage_kV: 22 },
    ],
    sources: [{ id: 'SH', node: 'H0' }],
    lines: [{ id: 'LH', from: 'H1', to: 'H2', r_ohm: 40, x_ohm: 40 }],
    transformers: [
      {
        id: 'T1',
        from: 'H2',
        to: 'C',
        rated_MVA: 25,
        shortCircuitVoltage_pct: 10.5,
        losses_kW: 110,
        noLoadLosses_kW: 15,
        tap_pu: 0.98,
      },
    ],
    switches: [tie('HS', 'H0', 'H1', { normallyOpen: false }), tie('T', 'C', 'BN1')],
    loads: [{ id: 'DH', node: 'H2', p_kW: 8000 }],
  });
}

test('a transformer is not fed from its other side, however bad its own line is', () => {
  const found = reconfigured(stationBehindBadLine());
  expect(found.open).not.toContain('HS');
  // Feeding the station the other way would in truth lose less.
  const network = compile(stationBehindBadLine());
  const positions = normalPositions(network);
  positions[network.index.switch.get('HS') ?? -1] = OPEN;
  positions[network.index.switch.get('T') ?? -1] = CLOSED;
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads });
  expect(flow.converged && flow.losses_W / 1e3 < found.losses_kW).toBe(true);
});

test('the trees of the search solve to the losses of the load flow', () => {
  for (const grid of [lopsided(), stationBehindBadLine()]) {
    const request = start(compile(grid));
    const energisation = energise(request.network, request.positions);
    const flow = solveLoadFlow({ ...request, energisation });
    const graph = buildSwitchableGraph({ ...request, energisation, generators: true });
    const range = { lowest_pu: 0.8, highest_pu: 1.2 };
    const forest = createForest(graph, graph.closedAtStart, range);
    expect(solveForest(forest)).toBe(true);
    expect(Math.abs(scoreOf(forest).losses_pu * 1e6 - flow.losses_W)).toBeLessThan(1e-3);
  }
});

test('a switch and its line are one way: 12 nodes of two feeders are 7 places where power is taken or given', () => {
  const request = start(compile(lopsided()));
  const energisation = energise(request.network, request.positions);
  const graph = buildSwitchableGraph({ ...request, energisation, generators: true });
  expect(request.network.nodeCount).toBe(12);
  expect([graph.vertexCount, graph.edgeCount]).toEqual([7, 6]);
});

/** Bound of all radial states with some switches open for good, W. */
function bound_W(grid: SmallGrid, ...open: readonly string[]): number {
  const { network, positions, loads } = start(compile(grid));
  const energisation = energise(network, positions);
  const graph = buildSwitchableGraph({ network, positions, energisation, loads, generators: true });
  const allowed = Uint8Array.from(graph.edgeSwitches, (own) =>
    own.some((index) => open.includes(network.grid.switches[index]?.id ?? '')) ? 0 : 1,
  );
  const boundOf = createLossBound(graph, { lowest_pu: 0.8, highest_pu: 1.2 });
  return boundOf(allowed).bound * 1e6;
}

test('where there is no choice the bound comes to the losses themselves, from below', () => {
  const request = start(compile(feeder('A', 3)));
  const energisation = energise(request.network, request.positions);
  const { losses_W } = solveLoadFlow({ ...request, energisation });
  expect(bound_W(feeder('A', 3))).toBeLessThanOrEqual(losses_W);
  expect(bound_W(feeder('A', 3))).toBeGreaterThan(losses_W * (1 - 1e-5));
});

/** One load of 1,000 kW and two equal lines to it. */
function twoWays(): SmallGrid {
  return join(feeder('A', 1), {
    lines: [{ id: 'LB1', from: 'BM1', to: 'AN1', r_ohm: 0.1, x_ohm: 0.3 }],
    nodes: [{ id: 'BM1', nominalVoltage_kV: 22 }],
    switches: [tie('B1', 'A0', 'BM1')],
  });
}

test('two equal ways to one load are bound by half of what one way costs: r·P²/U² = 207 W', () => {
  const one_W = (0.1 * 1e6 ** 2) / 22_000 ** 2;
  expect(bound_W(twoWays())).toBeCloseTo(one_W / 2, 6);
  expect(bound_W(twoWays(), 'B1')).toBeGreaterThan(one_W);
});

test('with both ways looked at one after the other, the first is proved as good as any', () => {
  const { proof, losses_kW, openSwitches } = reconfigured(twoWays());
  expect(openSwitches).toEqual(['B1']);
  expect(proof).toMatchObject({ status: 'optimal', bounds: { losses_kW }, gap_pct: 0 });
});

test('a proof that may look at one part only says how far the best can be', () => {
  const found = reconfigureForLosses({ ...start(compile(twoWays())), parts: 1 });
  if (!found.ok) throw new Error(found.error.kind);
  const { proof, losses_kW } = found.value;
  expect(proof.status).toBe('bounded');
  expect(proof.gap_pct).toBeCloseTo(100 * (1 - proof.bounds.losses_kW / losses_kW), 6);
  expect(proof.gap_pct).toBeGreaterThan(50);
  expect(proof.gap_pct).toBeLessThan(51);
});

test('no load flow at the start: nothing to compare with', () => {
  const heavy = change(lopsided(), { DA4: { p_kW: 3_000_000 } });
  expect(reconfigureForLosses(start(compile(heavy)))).toEqual({
    ok: false,
    error: { kind: 'unsolved' },
  });
});
