import { RandomStream } from '@relight/foundation';
import type { GridFile, PlantTruth } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { solveLoadFlow, violations } from '@relight/powerflow';
import type { Violation } from '@relight/powerflow';
import { CLOSED, energise, OPEN } from '@relight/topology';
import type { Energisation } from '@relight/topology';
import { describe, expect, test } from 'vitest';
import { operateSwitch } from '../drives.ts';
import { placeFault, repairFault } from '../faults.ts';
import { misbehave } from '../misbehave.ts';
import { advance } from '../plant.ts';
import type { Plant } from '../state.ts';
import {
  deviceOf,
  gridOf,
  lineOf,
  nodesOf,
  plantOf,
  switchOf,
  twoFeeders,
} from '../testing/small-grids.ts';
import type { SupplyQuestion } from './supply-question.ts';
import { searchSupply } from './supply-search.ts';
import { openTruth, truth } from './truth.ts';

/** The truth once protection has locked out. */
function afterFault(grid: Grid, equipment: string, prepare: (plant: Plant) => void = () => {}) {
  const plant = plantOf(grid);
  prepare(plant);
  placeFault(plant, { equipment });
  advance(plant, 5_000);
  return { plant, judged: truth(plant) };
}

function figures(judged: PlantTruth) {
  return {
    out: judged.customersOut,
    insideFault: judged.insideFaultCustomers,
    restorable: judged.restorableDarkCustomers,
    unrestorable: judged.unrestorableCustomers,
  };
}

/** Every line of feeder F2 carries so much and no more. */
function withRating(rated_A: number): Grid {
  return twoFeeders({
    lines: [
      lineOf('La1', 'a1', 'a2'),
      lineOf('La2', 'a3', 'a4'),
      lineOf('La3', 'a5', 'a6'),
      lineOf('Lb1', 'b1', 'b2', rated_A),
      lineOf('Lb2', 'b3', 'b4', rated_A),
    ],
  });
}

describe('customers that could have supply', () => {
  test('nobody is out on a healthy grid', () => {
    const plant = plantOf(twoFeeders());
    const none = { out: 0, insideFault: 0, restorable: 0, unrestorable: 0 };
    expect(figures(truth(plant))).toEqual(none);
    expect(truth(plant).loops).toBe(0);
  });

  test('before and behind the faulted section all, through the breaker and through the tie', () => {
    const { judged } = afterFault(twoFeeders(), 'La2');
    expect(figures(judged)).toEqual({
      out: 300,
      insideFault: 100,
      restorable: 200,
      unrestorable: 0,
    });
  });

  test('none more once isolated and restored', () => {
    const { plant } = afterFault(twoFeeders(), 'La2');
    for (const id of ['S1', 'S2']) operateSwitch(plant, deviceOf(plant, id), 'open');
    advance(plant, 15_000);
    for (const id of ['CB1', 'TIE']) operateSwitch(plant, deviceOf(plant, id), 'close');
    advance(plant, 25_000);
    expect(figures(truth(plant))).toEqual({
      out: 100,
      insideFault: 100,
      restorable: 0,
      unrestorable: 0,
    });
    expect(truth(plant).faultedEnergisedAfterTrip).toBe(false);
  });

  test('a stuck border switch ties its neighbour to the fault', () => {
    const { judged } = afterFault(twoFeeders(), 'La2', (plant) => {
      misbehave(plant, 'S2', { stuck: true });
    });
    expect(figures(judged)).toMatchObject({ restorable: 100, unrestorable: 100 });
  });

  test('a switch that is not remote, or out of reach, helps as little as a stuck one', () => {
    const local = twoFeeders({}, (each) => (each.id === 'TIE' ? { ...each, remote: false } : each));
    expect(figures(afterFault(local, 'La2').judged)).toMatchObject({
      restorable: 100,
      unrestorable: 100,
    });
    const { plant } = afterFault(twoFeeders(), 'La2');
    expect(truth(plant, new Set(['TIE'])).restorableDarkCustomers).toBe(100);
  });

  test('a helping feeder at its limit helps nobody', () => {
    // 2,000 kW of F2 take 52.5 A; a third thousand would make it about 79 A.
    expect(afterFault(withRating(70), 'La2').judged.restorableDarkCustomers).toBe(100);
    expect(afterFault(withRating(90), 'La2').judged.restorableDarkCustomers).toBe(200);
  });

  test('nine tenths of the pickup are a limit, too', () => {
    const grid = twoFeeders({}, (each) => (each.id === 'CB2' ? { ...each, pickup_A: 80 } : each));
    expect(afterFault(grid, 'La2').judged.restorableDarkCustomers).toBe(100);
  });

  test('a fault in the first section leaves the tie for all the rest', () => {
    expect(figures(afterFault(twoFeeders(), 'La1').judged)).toEqual({
      out: 300,
      insideFault: 100,
      restorable: 200,
      unrestorable: 0,
    });
    // Three thousand kW are what F2 may carry: of a4 and a6 it can take one, and only a6 alone.
    const tight = figures(afterFault(withRating(85), 'La1').judged);
    expect(tight).toMatchObject({ restorable: 100, unrestorable: 100 });
  });

  test('an earthed section stays dead', () => {
    const grid = twoFeeders({ groundDisconnectors: [{ id: 'E1', node: 'a6', closed: true }] });
    expect(afterFault(grid, 'La2').judged.restorableDarkCustomers).toBe(100);
  });

  test('after the repair everything is restorable', () => {
    const { plant } = afterFault(twoFeeders(), 'La2');
    repairFault(plant, 'F1');
    expect(figures(truth(plant))).toMatchObject({ insideFault: 0, restorable: 300 });
  });

  /**
   * A third feeder takes over the end of the second, so that the second can help the first:
   *
   *   A.bus ─CB1─ a1 ─La─ a2 ─S1─ a3 ─(100 customers)─ T1(open) ─ b3
   *   B.bus ─CB2─ b1 ─Lb(70 A)─ b2 ─S2─ b3 ─(1 MW)  b3 ─T2(open)─ c2
   *   C.bus ─CB3─ c1 ─Lc─ c2
   */
  const chain = (lc_A: number): Grid =>
    gridOf({
      nodes: ['A.bus a1 a2 a3', 'B.bus b1 b2 b3 b4', 'C.bus c1 c2'].flatMap((feeder) =>
        nodesOf(...feeder.split(' ')),
      ),
      sources: ['A', 'B', 'C'].map((id) => ({ id, node: `${id}.bus` })),
      lines: [
        lineOf('La', 'a1', 'a2'),
        lineOf('Lb', 'b1', 'b2', 70),
        lineOf('Lc', 'c1', 'c2', lc_A),
      ],
      switches: [
        switchOf('CB1', 'breaker', 'A.bus', 'a1'),
        switchOf('CB2', 'breaker', 'B.bus', 'b1'),
        switchOf('CB3', 'breaker', 'C.bus', 'c1'),
        switchOf('S1', 'loadBreakSwitch', 'a2', 'a3'),
        switchOf('S2', 'loadBreakSwitch', 'b2', 'b3'),
        switchOf('T1', 'loadBreakSwitch', 'a3', 'b2', { normallyOpen: true }),
        switchOf('T2', 'loadBreakSwitch', 'b3', 'c2', { normallyOpen: true }),
        switchOf('S4', 'loadBreakSwitch', 'b3', 'b4'),
      ],
      loads: ['a2', 'a3', 'b2', 'b3', 'c2'].map((node) => ({
        id: `T-${node}`,
        node,
        p_kW: 1_000,
        customers: 100,
      })),
      feeders: ['1', '2', '3'].map((number) => ({ id: `F${number}`, head: `CB${number}` })),
    });

  test('transferring the end of a helping feeder to its neighbour makes the room', () => {
    expect(afterFault(chain(400), 'La').judged.restorableDarkCustomers).toBe(100);
    // Where the neighbour has no room either, nobody can be helped.
    expect(afterFault(chain(40), 'La').judged.restorableDarkCustomers).toBe(0);
  });

  test('no winding is fed from its lower-voltage side to do it', () => {
    const grid = gridOf({
      nodes: [
        ...['hv', 'hv1'].map((id) => ({ id, nominalVoltage_kV: 110 })),
        ...nodesOf('lv1', 'bus', 'B.bus'),
      ],
      sources: [
        { id: 'grid', node: 'hv' },
        { id: 'B', node: 'B.bus' },
      ],
      transformers: [
        { id: 'T1', from: 'hv1', to: 'lv1', rated_MVA: 40, shortCircuitVoltage_pct: 10 },
      ],
      switches: [
        switchOf('131', 'breaker', 'hv', 'hv1'),
        switchOf('431', 'breaker', 'lv1', 'bus'),
        switchOf('TIE', 'loadBreakSwitch', 'bus', 'B.bus', { normallyOpen: true }),
      ],
      loads: [
        { id: 'AUX', node: 'hv1', p_kW: 10, customers: 7 },
        { id: 'TOWN', node: 'bus', p_kW: 100, customers: 50 },
      ],
    });
    // The source is lost: the town can hang on the tie, the load at the winding's upper side cannot.
    expect(figures(afterFault(grid, 'hv').judged)).toMatchObject({
      restorable: 50,
      unrestorable: 7,
    });
  });
});

/** The most by trying every combination of every movable switch: slow, and nothing to get wrong. */
function tryEverything(plant: Plant, question: SupplyQuestion): number {
  const { network } = plant;
  const movable = [...question.movable.keys()].filter((index) => question.movable[index] === 1);
  const present = energise(network, question.positions);
  const brokenIn = (positions: Uint8Array, energisation: Energisation) => {
    const flow = solveLoadFlow({ network, positions, energisation, loads: question.loads });
    return flow.converged ? violations(network, flow) : null;
  };
  const brokenNow = brokenIn(question.positions, present) ?? [];
  /** What is outside its limit now may stay so, but not get worse. */
  const isOld = (each: Violation): boolean =>
    brokenNow.some(
      (old) =>
        old.kind === each.kind &&
        old.equipment === each.equipment &&
        Math.abs(each.value - each.allowed) <= Math.abs(old.value - old.allowed) * (1 + 1e-6),
    );
  let most = 0;
  for (let choice = 0; choice < 2 ** movable.length; choice++) {
    const positions = question.positions.slice();
    movable.forEach((index, bit) => {
      positions[index] = (choice >> bit) % 2 === 1 ? CLOSED : OPEN;
    });
    const state = energise(network, positions);
    if (state.loopBranches.length > 0) continue;
    const legal = [...state.nodeSource.keys()].every((node) => {
      const isLive = state.nodeSource[node] !== -1;
      const mustBeDead = question.mustStayDead[network.nodeSection[node] ?? -1] === 1;
      return isLive ? !mustBeDead : present.nodeSource[node] === -1;
    });
    if (!legal) continue;
    let customers = 0;
    for (const load of network.grid.loads) {
      const won = present.nodeSource[load.node] === -1 && state.nodeSource[load.node] !== -1;
      if (won) customers += load.customers;
    }
    if (customers <= most) continue;
    if (brokenIn(positions, state)?.every(isOld) === true) most = customers;
  }
  return most;
}

/** Three feeders of two to four sections with random loads, ratings and ties. */
function randomTown(chance: RandomStream): Grid {
  const file = {
    nodes: [] as GridFile['nodes'],
    sources: [] as GridFile['sources'],
    lines: [] as NonNullable<GridFile['lines']>,
    switches: [] as NonNullable<GridFile['switches']>,
    loads: [] as NonNullable<GridFile['loads']>,
  };
  const ends: string[] = [];
  for (const feeder of ['1', '2', '3']) {
    file.nodes.push(...nodesOf(`${feeder}.bus`));
    file.sources.push({ id: `G${feeder}`, node: `${feeder}.bus` });
    let before = `${feeder}.bus`;
    const sections = chance.integer(2, 3);
    for (let section = 0; section < sections; section++) {
      const [start, end] = [`${feeder}.${section}a`, `${feeder}.${section}b`];
      file.nodes.push(...nodesOf(start, end));
      const kind = section === 0 ? 'breaker' : 'loadBreakSwitch';
      file.switches.push(switchOf(`S${feeder}.${section}`, kind, before, start));
      file.lines.push(lineOf(`L${feeder}.${section}`, start, end, chance.integer(60, 160)));
      const p_kW = chance.integer(300, 1_500);
      file.loads.push({ id: `T${end}`, node: end, p_kW, customers: chance.integer(1, 200) });
      ends.push(end);
      // Now and then the feeder forks.
      before = section > 0 && chance.next() < 0.3 ? `${feeder}.${section - 1}b` : end;
    }
  }
  for (let tie = 0; tie < chance.integer(2, 3); tie++) {
    const from = ends[chance.integer(0, ends.length - 1)] ?? '';
    const others = ends.filter((end) => end[0] !== from[0]);
    const to = others[chance.integer(0, others.length - 1)] ?? '';
    const open = { normallyOpen: true };
    file.switches.push(switchOf(`T${tie}`, 'loadBreakSwitch', from, to, open));
  }
  return gridOf({
    ...file,
    feeders: ['1', '2', '3'].map((feeder) => ({ id: `F${feeder}`, head: `S${feeder}.0` })),
  });
}

test('the search finds what trying every combination of switches finds, on 150 random towns', () => {
  const chance = new RandomStream(20_261_122, 'towns');
  let partly = 0;
  let asked = 0;
  for (let town = 0; town < 150; town++) {
    const grid = randomTown(chance);
    const plant = plantOf(grid);
    const line = grid.lines[chance.integer(0, grid.lines.length - 1)]?.id ?? '';
    placeFault(plant, { equipment: line });
    advance(plant, 5_000);
    const { question, darkHealthyCustomers } = openTruth(plant);
    if (question === null) continue;
    asked += 1;
    const answer = searchSupply(plant.network, question);
    const expected = tryEverything(plant, question);
    expect({ town, line, customers: answer.customers }).toEqual({
      town,
      line,
      customers: expected,
    });
    expect(answer.exhausted).toBe(false);
    if (expected < darkHealthyCustomers) partly += 1;
  }
  // The towns must be worth the trial: many faults, many that leave somebody dark.
  expect(asked).toBeGreaterThan(80);
  expect(partly).toBeGreaterThan(20);
});
