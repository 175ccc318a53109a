import { expect, test } from 'vitest';
import { normalPositions, type Network } from '@relight/topology';
import { planOptions } from '../options.ts';
import type { PlanOptions } from '../plan-request.ts';
import { change, compile, feeder, join, switchSet, tie } from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

const north = { SB: { angleGroup: 'north' }, SC: { angleGroup: 'north' } };

/**
 * A hangs on B by T, B on C by V. B and C can carry 4,000 kW each, so after a fault on LA1 some of
 * it has to go over to C before T closes.
 */
function loadedNeighbour(changes: Readonly<Record<string, object>>) {
  const grid = join(feeder('A', 3), feeder('B', 3), feeder('C', 1), {
    switches: [tie('T', 'AN3', 'BN1'), tie('V', 'BN3', 'CN1', { parallelAllowed: true })],
  });
  return change(change(grid, { B1: { rated_A: 106 }, C1: { rated_A: 106 } }), changes);
}

function plan(
  grid: ReturnType<typeof loadedNeighbour>,
  options: (network: Network) => Partial<PlanOptions> = () => ({}),
) {
  const network = compile(grid);
  const planned = planForFault(
    network,
    normalPositions(network),
    ['LA1'],
    planOptions(options(network)),
  );
  if (!planned.ok) throw new Error(planned.error.kind);
  return planned.value.plan;
}

const moves = (grid: ReturnType<typeof loadedNeighbour>): string[] =>
  plan(grid).steps.map(({ action, switch: id, purpose }) => `${purpose} ${action} ${id}`);

/** Nobody is interrupted, so the more even of the two ways to share is taken. */
const WITHOUT_A_BREAK = [
  'isolate open A2',
  'parallel close V',
  'transfer open B2',
  'restore close T',
];
const WITH_A_BREAK = ['isolate open A2', 'transfer open B3', 'transfer close V', 'restore close T'];

test('where two feeders may be joined for a moment, a part is handed over without interruption', () => {
  const found = plan(loadedNeighbour(north));
  expect(moves(loadedNeighbour(north))).toEqual(WITHOUT_A_BREAK);
  expect(found.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
  expect(found.advisory).toEqual([]);
  expect(found.result.unrestored.customers).toBe(100);
  // The parallel is carried from both sides, the restoring close from B.
  expect(found.reclosingOff).toEqual(['B1', 'C1']);
});

test('two sources of no common angle group are not joined', () => {
  expect(moves(loadedNeighbour({}))).toEqual(WITH_A_BREAK);
});

test('a switch that is not marked for it joins nothing', () => {
  expect(moves(loadedNeighbour({ ...north, V: { parallelAllowed: false } }))).toEqual(WITH_A_BREAK);
});

test('a loop whose current breaks a limit is not closed, however short it would stand', () => {
  // 2 % between the sources drive some 200 A through 1.3 ohm, and they may carry 106 A.
  const unequal = { ...north, SB: { angleGroup: 'north', voltage_pu: 1.02 } };
  expect(moves(loadedNeighbour(unequal))).toEqual(WITH_A_BREAK);
});

test('nothing is joined where a switch of unknown position may bring in a third source', () => {
  const grid = join(loadedNeighbour(north), feeder('D', 1), {
    switches: [tie('W', 'CN1', 'DN1')],
  });
  const { steps } = plan(grid, (network) => ({ untrusted: switchSet(network, 'W') }));
  expect(steps.filter((step) => step.purpose === 'parallel')).toEqual([]);
});

test('nothing is joined where a generator may hold up an island', () => {
  const grid = {
    ...loadedNeighbour(north),
    generators: [{ id: 'PV', node: 'CN1', p_kW: 100, canIsland: true }],
  };
  expect(moves(grid)).toEqual(WITH_A_BREAK);
});
