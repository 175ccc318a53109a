import type { PointListFile } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import { expect, test } from 'vitest';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** Behind a2 of feeder 471 a lateral with a fuse and three metered stations. */
function field(): ScriptedField {
  const { file, pointList } = twoFeeders();
  const parsed = parseGrid({
    ...file,
    nodes: [...file.nodes, ...['c1', 'c2'].map((id) => ({ id, nominalVoltage_kV: 22 }))],
    lines: [
      ...(file.lines ?? []),
      { id: 'LC', from: 'c1', to: 'c2', length_m: 500, r_ohm: 0.2, x_ohm: 0.2 },
    ],
    switches: [...(file.switches ?? []), { id: 'F1', kind: 'fuse', from: 'a2', to: 'c1' }],
    loads: [
      ...(file.loads ?? []),
      ...['C1', 'C2', 'C3'].map((id) => ({ id, node: 'c2', p_kW: 50, customers: 20 })),
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const points: PointListFile['points'] = [
    ...pointList.points,
    ...['A1', 'C1', 'C2', 'C3'].map((equipment) => ({
      id: `${equipment}.lossOfSupply`,
      rtu: 'RTU.T',
      equipment,
      signal: 'lossOfSupply' as const,
    })),
  ];
  const world = new ScriptedField({ grid: parsed.value.grid, pointList: { ...pointList, points } });
  world.run(10_000);
  return world;
}

function lose(world: ScriptedField, ...ids: readonly string[]): void {
  for (const id of ids) world.setValue(id, 'lossOfSupply', true);
}

test('a fuse that blew in the dead time is a fault with its lateral as candidate; only the rest was momentary', () => {
  const world = field();
  world.placeFault('L1', true);
  lose(world, 'A1', 'C1', 'C2', 'C3');
  world.run(3_000);
  // The line came back, the lateral did not.
  world.setValue('A1', 'lossOfSupply', false);
  world.run(60_000);
  const [momentary, blown] = world.views.incidents;
  expect(momentary?.state).toBe('momentary');
  expect(blown).toMatchObject({
    state: 'noPlan',
    tripped: ['F1'],
    customersOut: 60,
    customersRestored: 0,
  });
  expect(blown?.suspects).toMatchObject([{ section: 'S.c1', probability: 1 }]);
  expect(world.views.sections.find(({ id }) => id === 'S.c1')?.state).toBe('faulted');
  expect(world.isLive('a2')).toBe(true);
  expect(world.orders).toHaveLength(0);
});

test('meters that were dark in the dead time and are back tell of no fuse', () => {
  const world = field();
  world.placeFault('L1', true);
  lose(world, 'C1', 'C2', 'C3');
  world.run(2_500);
  for (const id of ['C1', 'C2', 'C3']) world.setValue(id, 'lossOfSupply', false);
  world.run(60_000);
  expect(world.views.incidents.map(({ state }) => state)).toEqual(['momentary']);
});

test('one dark meter alone is a customer, not a fuse', () => {
  const world = field();
  lose(world, 'C2');
  world.run(30_000);
  expect(world.views.incidents).toEqual([]);
});

test('once it is declared repaired the lateral counts as supplied again', () => {
  const world = field();
  lose(world, 'C1', 'C2', 'C3');
  world.run(9_000);
  expect(world.views.incidents).toEqual([]);
  world.run(2_000);
  expect(world.incident.tripped).toEqual(['F1']);
  for (const id of ['C1', 'C2', 'C3']) world.setValue(id, 'lossOfSupply', false);
  world.decide('abort');
  world.decide('liftBlocks');
  world.run(1_000);
  expect(world.views.sections.find(({ id }) => id === 'S.c1')?.state).toBe('live');
  expect(world.views.incidents).toHaveLength(1);
});

test('meters are evidence: a section that still has supply is not the faulted one', () => {
  const world = field();
  lose(world, 'A1');
  world.placeFault('L1');
  world.runUntil(() => (world.views.incidents.at(-1)?.suspects.length ?? 0) > 0, 60_000);
  const told = world.incident.evidence.filter(({ signal }) => signal === 'lossOfSupply');
  expect(told.map(({ equipment }) => equipment).sort()).toEqual(['A1', 'C1', 'C2', 'C3']);
  expect(told.every(({ quality }) => quality === 'good')).toBe(true);
  // Its fuse did not keep the breaker from tripping, and three meters say that it has supply.
  expect(world.incident.suspects.map(({ section }) => section)).not.toContain('S.c1');
});
