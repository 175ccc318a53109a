import { describe, expect, test } from 'vitest';
import { operateSwitch } from './drives.ts';
import { placeFault, repairFault } from './faults.ts';
import { misbehave } from './misbehave.ts';
import { advance } from './plant.ts';
import { read } from './readings.ts';
import type { Plant } from './state.ts';
import { deviceOf, plantOf, twoFeeders } from './testing/small-grids.ts';

const EVERYWHERE = ['CB1', 'CB2', 'S1', 'S2', 'S3', 'TIE', 'FI-S1', 'FI-S2'];

function latched(plant: Plant): readonly string[] {
  return EVERYWHERE.filter((id) => read(plant, id, 'faultIndicator')?.value === true);
}

describe('fault indicators', () => {
  test('latch on the way of the fault current and nowhere else', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 3_000);
    expect(latched(plant)).toEqual(['CB1', 'S1', 'FI-S1']);
  });

  test('behind the last switch on the way only those the current entered', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La3' });
    advance(plant, 3_000);
    expect(latched(plant)).toEqual(['CB1', 'S1', 'S2', 'FI-S1', 'FI-S2']);
  });

  test('of an indicator at the far end of the faulted line nothing is seen', () => {
    const plant = plantOf(
      twoFeeders({ faultIndicators: [{ id: 'FI-S2', node: 'a4', line: 'La2', remote: true }] }),
    );
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 3_000);
    expect(latched(plant)).toEqual(['CB1', 'S1']);
  });

  test('stay latched as long as their place is dead, and fall back after voltage has returned', () => {
    const plant = plantOf(twoFeeders());
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 3_600_000);
    // CB1 keeps the voltage of its busbar: it has fallen back.
    expect(latched(plant)).toEqual(['S1', 'FI-S1']);
    repairFault(plant, 'F1');
    operateSwitch(plant, deviceOf(plant, 'CB1'), 'close');
    advance(plant, 3_605_000);
    expect(latched(plant)).toEqual(['S1', 'FI-S1']);
    advance(plant, 3_612_000);
    expect(latched(plant)).toEqual([]);
  });

  test('misbehave as told: silent, false, invalid', () => {
    const plant = plantOf(twoFeeders());
    misbehave(plant, 'S1', { indicator: 'missing' });
    misbehave(plant, 'S2', { indicator: 'false' });
    misbehave(plant, 'FI-S1', { indicator: 'invalid' });
    placeFault(plant, { equipment: 'La2' });
    advance(plant, 3_000);
    expect(latched(plant)).toEqual(['CB1', 'S2', 'FI-S1']);
    expect(read(plant, 'FI-S1', 'faultIndicator')?.valid).toBe(false);
    expect(read(plant, 'S2', 'faultIndicator')?.valid).toBe(true);
  });
});
