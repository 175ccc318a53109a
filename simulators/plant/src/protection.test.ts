import { describe, expect, test } from 'vitest';
import { operateSwitch } from './drives.ts';
import { isLive } from './electrical.ts';
import { placeFault, repairFault } from './faults.ts';
import { misbehave } from './misbehave.ts';
import { advance } from './plant.ts';
import { read } from './readings.ts';
import type { Plant } from './state.ts';
import {
  deviceOf,
  eventsOf,
  gridOf,
  lineOf,
  nodesOf,
  plantOf,
  switchOf,
  timeOf,
  twoFeeders,
} from './testing/small-grids.ts';

function isDark(plant: Plant, node: string): boolean {
  return !isLive(plant, plant.network.index.node.get(node) ?? -1);
}

function tripOf(plant: Plant, id: string): string {
  return eventsOf(plant, id).find((event) => event.startsWith('trip')) ?? 'none';
}

describe('a permanent fault behind a feeder breaker', () => {
  test('trips, recloses once, trips again and locks out in the times of the sequence', () => {
    const plant = plantOf(twoFeeders());
    advance(plant, 1_000);
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 1_000.5);
    expect(eventsOf(plant, 'CB1')).toEqual([]);
    advance(plant, 5_000);
    const trip = tripOf(plant, 'CB1');
    expect(['trip 51', 'trip 51N']).toContain(trip);
    expect(eventsOf(plant, 'CB1')).toEqual([trip, 'reclosed', trip, 'lockout']);
    const tripped_ms = timeOf(plant, 'CB1', trip);
    expect(tripped_ms).toBeGreaterThanOrEqual(1_001);
    expect(tripped_ms).toBeLessThanOrEqual(1_050);
    // 60 ms to open, 500 ms dead, 80 ms to close.
    expect(timeOf(plant, 'CB1', 'reclosed') - tripped_ms).toBeCloseTo(640, 6);
    const lockedOut_ms = timeOf(plant, 'CB1', 'lockout') - timeOf(plant, 'CB1', 'reclosed');
    expect(lockedOut_ms).toBeGreaterThanOrEqual(61);
    expect(lockedOut_ms).toBeLessThanOrEqual(110);
    expect(isDark(plant, 'a2')).toBe(true);
    expect(isDark(plant, 'b4')).toBe(false);
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(true);
    expect(read(plant, 'CB1', 'position')?.value).toBe('open');
    expect(read(plant, 'CB1', 'reclosingInProgress')?.value).toBe(false);
    expect(plant.faultedEnergisedAfterTrip).toBe(false);
  });

  test('with two shots the second reclose comes after ten seconds', () => {
    const plant = plantOf(twoFeeders(), { recloseShots: 2 });
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 9_000);
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(false);
    expect(read(plant, 'CB1', 'reclosingInProgress')?.value).toBe(true);
    advance(plant, 12_000);
    expect(eventsOf(plant, 'CB1').filter((event) => event === 'reclosed')).toHaveLength(2);
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(true);
  });

  test('everything is ten times as fast at speed 10', () => {
    const plant = plantOf(twoFeeders(), { speed: 10 });
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 80);
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(true);
  });

  test('the length of the tick changes nothing', () => {
    const [fine, coarse] = [1, 700].map((tick_ms) => {
      const plant = plantOf(twoFeeders());
      placeFault(plant, { equipment: 'La2' });
      for (let now_ms = 0; now_ms <= 7_000; now_ms += tick_ms) advance(plant, now_ms);
      return plant.protectionLog;
    });
    expect(fine).toEqual(coarse);
    expect(fine).toHaveLength(5);
  });

  test('locks out at once where reclosing is off', () => {
    const plant = plantOf(twoFeeders());
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'disableReclosing');
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'CB1')).toEqual([tripOf(plant, 'CB1'), 'lockout']);
  });

  test('a breaker with a stuck drive still trips, but cannot reclose', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'CB1', { stuck: true });
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'CB1')).toEqual([tripOf(plant, 'CB1'), 'lockout']);
    expect(isDark(plant, 'a2')).toBe(true);
  });

  test('the relay reports the reactance to the middle of the line within its error', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 5_000);
    // 1 ohm of La1 and half an ohm of La2; six standard errors of 2 %.
    const reactance_ohm = Number(read(plant, 'CB1', 'faultReactance_ohm')?.value);
    expect(Math.abs(reactance_ohm - 1.5)).toBeLessThan(1.5 * 0.12);
    expect(reactance_ohm).not.toBe(1.5);
  });
});

describe('who trips', () => {
  const withRecloser = twoFeeders({}, (each) =>
    each.id === 'S1' ? { ...each, kind: 'recloser' } : each,
  );

  test('the recloser nearest to the fault, and the breaker before it stays closed', () => {
    const plant = plantOf(withRecloser);
    placeFault(plant, { equipment: 'La3' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'S1')).toContain('lockout');
    expect(eventsOf(plant, 'CB1')).toEqual([]);
    expect(isDark(plant, 'a2')).toBe(false);
    expect(isDark(plant, 'a4')).toBe(true);
  });

  test('two faults at once are each cleared by their own device', () => {
    const plant = plantOf(withRecloser);
    placeFault(plant, { equipment: 'La3' });
    placeFault(plant, { equipment: 'b4' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'S1')).toContain('lockout');
    expect(eventsOf(plant, 'CB2')).toContain('lockout');
    expect(eventsOf(plant, 'CB1')).toEqual([]);
  });

  test('a broken switch cannot clear its own fault: the next one up does', () => {
    const plant = plantOf(withRecloser);
    placeFault(plant, { equipment: 'S1' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'S1')).not.toContain('lockout');
    expect(eventsOf(plant, 'CB1')).toContain('lockout');
  });

  test('where nothing protects up to the source, the source is lost', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'A.bus' });
    advance(plant, 5_000);
    expect(eventsOf(plant, 'A')).toEqual(['source lost']);
    expect(isDark(plant, 'a2')).toBe(true);
    expect(isDark(plant, 'b2')).toBe(false);
  });

  test('a transformer is cut off on both sides at once and stays off', () => {
    const grid = gridOf({
      nodes: [
        ...['hv', 'hv1'].map((id) => ({ id, nominalVoltage_kV: 110 })),
        ...nodesOf('lv1', 'bus', 'n1'),
      ],
      sources: [{ id: 'grid', node: 'hv' }],
      transformers: [
        { id: 'T1', from: 'hv1', to: 'lv1', rated_MVA: 40, shortCircuitVoltage_pct: 10 },
      ],
      switches: [
        switchOf('131', 'breaker', 'hv', 'hv1'),
        switchOf('431', 'breaker', 'lv1', 'bus'),
        switchOf('471', 'breaker', 'bus', 'n1'),
      ],
      feeders: [{ id: 'F471', head: '471' }],
    });
    const plant = plantOf(grid);
    placeFault(plant, { equipment: 'T1' });
    advance(plant, 5_000);
    expect(eventsOf(plant, '131')).toEqual(['trip 87T', 'lockout']);
    expect(eventsOf(plant, '431')).toEqual(['trip 87T', 'lockout']);
    expect(eventsOf(plant, '471')).toEqual([]);
  });

  test('load above the pickup for three seconds trips without reclosing', () => {
    // 3,000 kW at 22 kV are about 79 A.
    const grid = twoFeeders({}, (each) =>
      each.id === 'CB1' ? { ...each, pickup_A: 70 } : { ...each, pickup_A: 600 },
    );
    const plant = plantOf(grid);
    advance(plant, 2_900);
    expect(eventsOf(plant, 'CB1')).toEqual([]);
    advance(plant, 4_000);
    expect(eventsOf(plant, 'CB1')).toEqual(['trip 51', 'lockout']);
  });

  test('a fuse blows and stays open', () => {
    const grid = gridOf({
      nodes: nodesOf('bus', 'n1', 'n2'),
      sources: [{ id: 'grid', node: 'bus' }],
      lines: [lineOf('L1', 'n1', 'n2')],
      switches: [switchOf('F1', 'fuse', 'bus', 'n1', { remote: false, faultIndicator: false })],
    });
    const plant = plantOf(grid);
    placeFault(plant, { equipment: 'L1', kind: 'transient' });
    advance(plant, 20_000);
    expect(isDark(plant, 'n1')).toBe(true);
    expect(plant.positions[0]).toBe(0);
  });
});

describe('a transient fault', () => {
  test('burns out in the dead time, and the reclose succeeds', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La2', kind: 'transient' });
    advance(plant, 600);
    expect(read(plant, 'CB1', 'reclosingInProgress')?.value).toBe(true);
    advance(plant, 20_000);
    expect(eventsOf(plant, 'CB1').slice(1)).toEqual(['reclosed', 'reclosing succeeded']);
    expect(isDark(plant, 'a6')).toBe(false);
    expect(read(plant, 'CB1', 'protectionTrip')?.value).toBe(false);
    expect(read(plant, 'CB1', 'reclosingInProgress')?.value).toBe(false);
    expect(plant.faults[0]?.cleared).toBe(true);
  });
});

describe('closing onto a fault', () => {
  function lockedOut(): Plant {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 5_000);
    return plant;
  }

  test('by the breaker: it trips without reclosing, and the truth remembers', () => {
    const plant = lockedOut();
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'close');
    advance(plant, 10_000);
    const trip = tripOf(plant, 'CB1');
    expect(eventsOf(plant, 'CB1').slice(-2)).toEqual([trip, 'lockout']);
    expect(eventsOf(plant, 'CB1').filter((event) => event === 'reclosed')).toHaveLength(1);
    expect(plant.faultedEnergisedAfterTrip).toBe(true);
  });

  test('by a tie: the helping feeder trips, too', () => {
    const plant = lockedOut();
    operateSwitch(plant, deviceOf(plant, 'TIE'), 'close');
    advance(plant, 20_000);
    expect(eventsOf(plant, 'CB2')).toContain('lockout');
    expect(plant.faultedEnergisedAfterTrip).toBe(true);
  });

  test('not at all once the fault is mended', () => {
    const plant = lockedOut();
    repairFault(plant, 'F1');
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'close');
    advance(plant, 10_000);
    expect(isDark(plant, 'a6')).toBe(false);
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(false);
    expect(plant.faultedEnergisedAfterTrip).toBe(false);
  });

  test('beyond an open border the rest takes supply safely', () => {
    const plant = lockedOut();
    for (const id of ['S1', 'S2']) operateSwitch(plant, deviceOf(plant, id), 'open');
    advance(plant, 12_000);
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'close');
    operateSwitch(plant, deviceOf(plant, 'TIE'), 'close');
    advance(plant, 20_000);
    expect(isDark(plant, 'a2')).toBe(false);
    expect(isDark(plant, 'a4')).toBe(true);
    expect(isDark(plant, 'a6')).toBe(false);
    expect(plant.faultedEnergisedAfterTrip).toBe(false);
    expect(plant.mostLoops).toBe(0);
  });
});
