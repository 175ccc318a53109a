import { expect, test } from 'vitest';
import { sectionsOfEquipment } from '@relight/topology';
import { compile, feeder, join } from '../small-grids.ts';
import { unitSections, type UnitTrip } from './unit-sections.ts';

/** 110 kV breaker H, transformer T1, incomer L, busbar, and on it the feeder A. */
const network = compile(
  join(feeder('A', 1), {
    nodes: [
      { id: 'H0', nominalVoltage_kV: 110 },
      { id: 'H1', nominalVoltage_kV: 110 },
      { id: 'L0', nominalVoltage_kV: 22 },
      { id: 'BB', nominalVoltage_kV: 22, busbar: true },
      { id: 'B9', nominalVoltage_kV: 22 },
    ],
    sources: [{ id: 'G', node: 'H0' }],
    transformers: [{ id: 'T1', from: 'H1', to: 'L0', rated_MVA: 40, shortCircuitVoltage_pct: 10 }],
    switches: [
      { id: 'H', kind: 'breaker', from: 'H0', to: 'H1', remote: true },
      { id: 'L', kind: 'breaker', from: 'L0', to: 'BB', remote: true },
      { id: 'B', kind: 'breaker', from: 'BB', to: 'B9', remote: true },
    ],
  }),
);

function condemned(...trips: readonly (readonly [string, string | null])[]): readonly number[] {
  return unitSections(
    network,
    trips.map(([id, tripFunction]): UnitTrip => ({
      switchIndex: network.index.switch.get(id) ?? -1,
      tripFunction,
    })),
  );
}

const sectionOf = (id: string): number => sectionsOfEquipment(network, id)?.[0] ?? -1;

test('transformer protection that opened both sides condemns the transformer, not the busbar', () => {
  expect(condemned(['H', '87T'], ['L', '87T'])).toEqual([sectionOf('T1')]);
});

test('of a single opened incomer the function says which side: 87T the transformer, 87B the busbar', () => {
  expect(condemned(['L', '96'])).toEqual([sectionOf('T1')]);
  expect(condemned(['L', '87B'])).toEqual([sectionOf('BB')]);
});

test('busbar protection condemns what all the opened breakers border', () => {
  expect(condemned(['L', '87B'], ['B', '87B'])).toEqual([sectionOf('BB')]);
});

test('where nothing tells the sides apart both are condemned', () => {
  expect(condemned(['B', '87T'])).toEqual([sectionOf('BB'), sectionOf('B9')].sort((a, b) => a - b));
});
