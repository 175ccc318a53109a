import { describe, expect, test } from 'vitest';
import { operateSwitch } from './drives.ts';
import { placeFault } from './faults.ts';
import { misbehave } from './misbehave.ts';
import { advance } from './plant.ts';
import { read } from './readings.ts';
import type { Plant } from './state.ts';
import { deviceOf, eventsOf, plantOf, twoFeeders } from './testing/small-grids.ts';

function positionOf(plant: Plant, id: string): unknown {
  return read(plant, id, 'position')?.value;
}

describe('drives', () => {
  test('a load-break switch takes 3 to 6 seconds and reports intermediate on its way', () => {
    const plant = plantOf(twoFeeders());
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 2_999);
    expect(positionOf(plant, 'S2')).toBe('intermediate');
    // Still conducting: 1,000 kW of a6 at 22 kV are about 26 A.
    expect(Number(read(plant, 'S2', 'current_A')?.value)).toBeGreaterThan(26);
    expect(operateSwitch(plant, deviceOf(plant, 'S2'), 'close')).toEqual({
      ok: false,
      error: 'moving',
    });
    advance(plant, 6_001);
    expect(positionOf(plant, 'S2')).toBe('open');
    expect(read(plant, 'S2', 'current_A')?.value).toBe(0);
  });

  test('a breaker opens within 80 milliseconds', () => {
    const plant = plantOf(twoFeeders());
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'open');
    advance(plant, 79);
    expect(positionOf(plant, 'CB1')).toBe('intermediate');
    advance(plant, 81);
    expect(positionOf(plant, 'CB1')).toBe('open');
    expect(read(plant, 'CB1', 'lockout')?.value).toBe(false);
  });

  test('a stuck drive takes the command and stays where it is', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S2', { stuck: true });
    expect(operateSwitch(plant, deviceOf(plant, 'S2'), 'open').ok).toBe(true);
    advance(plant, 10_000);
    expect(positionOf(plant, 'S2')).toBe('closed');
  });

  test('a drive that sticks closed does not open, but closes; freed, it opens', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S2', { stick: 'closed' });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 10_000);
    expect(positionOf(plant, 'S2')).toBe('closed');
    misbehave(plant, 'S2', { stick: 'open' });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 20_000);
    expect(positionOf(plant, 'S2')).toBe('open');
    operateSwitch(plant, deviceOf(plant, 'S2'), 'close');
    advance(plant, 30_000);
    expect(positionOf(plant, 'S2')).toBe('open');
  });

  test('a drive that falls back reports the end of its way first; repaired, it stays there', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S2', { fallBackAfter_ms: 800 });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    const moved_ms = Math.ceil(deviceOf(plant, 'S2').drive_ms);
    advance(plant, moved_ms);
    expect(positionOf(plant, 'S2')).toBe('open');
    expect(read(plant, 'S2', 'current_A')?.value).toBe(0);
    advance(plant, moved_ms + 799);
    expect(positionOf(plant, 'S2')).toBe('open');
    advance(plant, moved_ms + 801);
    expect(positionOf(plant, 'S2')).toBe('closed');
    expect(Number(read(plant, 'S2', 'current_A')?.value)).toBeGreaterThan(26);
    misbehave(plant, 'S2', { fallBackAfter_ms: 0 });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 30_000);
    expect(positionOf(plant, 'S2')).toBe('open');
  });

  test('a drive that is moved on before it falls back stays where it was moved to', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S2', { fallBackAfter_ms: 10_000 });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 7_000);
    misbehave(plant, 'S2', { fallBackAfter_ms: 0 });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'close');
    advance(plant, 40_000);
    expect(positionOf(plant, 'S2')).toBe('closed');
  });

  test('a drive that sticks halfway stays there, still conducting, until it is freed and told again', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S2', { stick: 'intermediate' });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
    advance(plant, 20_000);
    expect(positionOf(plant, 'S2')).toBe('intermediate');
    expect(Number(read(plant, 'S2', 'current_A')?.value)).toBeGreaterThan(26);
    misbehave(plant, 'S2', { stick: 'free' });
    operateSwitch(plant, deviceOf(plant, 'S2'), 'close');
    advance(plant, 40_000);
    expect(positionOf(plant, 'S2')).toBe('closed');
  });

  test('a disconnector refuses to move with voltage on a side', () => {
    const grid = twoFeeders({}, (each) =>
      each.id === 'S2' ? { ...each, kind: 'disconnector' } : each,
    );
    const plant = plantOf(grid);
    const refused = { ok: false, error: 'interlock' };
    expect(operateSwitch(plant, deviceOf(plant, 'S2'), 'open')).toEqual(refused);
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'open');
    advance(plant, 1_000);
    expect(operateSwitch(plant, deviceOf(plant, 'S2'), 'open').ok).toBe(true);
  });

  test('a load-break switch cannot interrupt fault current, but opens in the dead time', () => {
    // The fault comes half a millisecond before the contacts part, too soon for any relay.
    const plant = plantOf(twoFeeders());
    operateSwitch(plant, deviceOf(plant, 'S1'), 'open');
    const way_ms = deviceOf(plant, 'S1').drive_ms;
    advance(plant, way_ms - 0.5);
    placeFault(plant, { equipment: 'La2' });
    advance(plant, way_ms + 0.25);
    expect(eventsOf(plant, 'S1')).toContain('cannot break fault current');
    expect(positionOf(plant, 'S1')).toBe('intermediate');
    advance(plant, way_ms + 5_000);
    expect(positionOf(plant, 'S1')).toBe('open');
    // With S1 open the reclose finds no fault.
    expect(eventsOf(plant, 'CB1')).not.toContain('lockout');
  });

  test('a switch without reclosing has none to switch off', () => {
    const plant = plantOf(twoFeeders());
    expect(operateSwitch(plant, deviceOf(plant, 'S1'), 'disableReclosing').ok).toBe(false);
    expect(operateSwitch(plant, deviceOf(plant, 'CB1'), 'disableReclosing').ok).toBe(true);
    expect(read(plant, 'CB1', 'reclosing')?.value).toBe(false);
  });
});

describe('a day', () => {
  test('begins in the evening with exactly the load of the file and goes down by night', () => {
    const evening = plantOf(twoFeeders());
    const night = plantOf(twoFeeders(), { hour: 3 });
    expect(evening.loads.activePower_W).toEqual(new Float64Array(5).fill(1e6));
    expect(night.loads.activePower_W.every((power) => power > 3e5 && power < 6e5)).toBe(true);
  });

  test('moves the measurements slowly', () => {
    const plant = plantOf(twoFeeders());
    const before = Number(read(plant, 'CB1', 'current_A')?.value);
    advance(plant, 3_600_000);
    const after = Number(read(plant, 'CB1', 'current_A')?.value);
    expect(after).not.toBe(before);
    expect(Math.abs(after - before) / before).toBeLessThan(0.1);
  });
});
