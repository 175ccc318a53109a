import { expect, test } from 'vitest';
import { CLOSED, normalPositions } from '@relight/topology';
import {
  behindTransformer,
  change,
  compile,
  feeder,
  join,
  ladder,
  switchSet,
  tie,
} from './small-grids.ts';
import { applyTrip } from './trip-model.ts';

function tripOf(network: ReturnType<typeof compile>, faults: string[], failing: string[] = []) {
  const trip = applyTrip(network, normalPositions(network), faults, {
    failsToTrip: switchSet(network, ...failing),
  });
  if (!trip.ok) throw new Error(trip.error.ids.join());
  return trip.value;
}

test('a fault mid-feeder trips the breaker at its head, not the load-break switches', () => {
  expect(tripOf(compile(ladder()), ['LA2']).tripped).toEqual(['A1']);
});

test('a recloser nearer to the fault trips before the breaker', () => {
  const network = compile(change(ladder(), { A2: { kind: 'recloser' } }));
  expect(tripOf(network, ['LA3']).tripped).toEqual(['A2']);
  expect(tripOf(network, ['LA3'], ['A2']).tripped).toEqual(['A1']);
});

test('two faults walk separately and the devices are joined', () => {
  expect(tripOf(compile(ladder()), ['LB3', 'LA1']).tripped).toEqual(['A1', 'B1']);
});

test('with no protecting device before it the source itself is lost', () => {
  const trip = tripOf(compile(change(ladder(), { A1: { protects: false } })), ['LA1']);
  expect(trip.tripped).toEqual(['SA']);
  expect(trip.lostSources).toEqual([0]);
  expect(trip.trippedSwitches).toEqual([]);
});

test('a source that goes trips nothing and supplies nothing', () => {
  const trip = tripOf(compile(ladder()), ['SA']);
  expect(trip.tripped).toEqual([]);
  expect(trip.lostSources).toEqual([0]);
  expect(trip.faultedSections).toEqual([]);
});

test('a faulted switch cannot trip, and both its sides are faulted', () => {
  const network = compile(change(ladder(), { A2: { kind: 'recloser' } }));
  const trip = tripOf(network, ['A2']);
  expect(trip.tripped).toEqual(['A1']);
  expect(trip.faultedSections).toHaveLength(2);
  expect(trip.immovable).toEqual([network.index.switch.get('A2')]);
});

test('unit protection opens every breaker around a transformer', () => {
  const grid = behindTransformer();
  expect(tripOf(compile(grid), ['MBA']).tripped).toEqual(['131', '431']);
  expect(tripOf(compile(grid), ['A0']).tripped).toEqual(['431']);
});

test('what nobody knows is named', () => {
  const network = compile(ladder());
  const trip = applyTrip(network, normalPositions(network), ['LA1', 'nowhere', 'LX']);
  expect(trip).toEqual({
    ok: false,
    error: { kind: 'unknownEquipment', ids: ['nowhere', 'LX'] },
  });
});

test('a loop that feeds a fault from two sides is opened on both', () => {
  const network = compile(
    join(feeder('A', 2), { switches: [tie('T', 'A0', 'AN2', { kind: 'recloser' })] }),
  );
  const looped = normalPositions(network).fill(CLOSED);
  const trip = applyTrip(network, looped, ['LA2']);
  expect(trip.ok && trip.value.tripped).toEqual(['A1', 'T']);
  expect(trip.ok && trip.value.lostSources).toEqual([]);
});
