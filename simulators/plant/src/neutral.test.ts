import { expect, test } from 'vitest';
import { operateSwitch } from './drives.ts';
import { placeFault, repairFault } from './faults.ts';
import { advance } from './plant.ts';
import { read, signalsOfBusbar } from './readings.ts';
import type { Plant } from './state.ts';
import { deviceOf, plantOf, twoFeeders } from './testing/small-grids.ts';

/** The feeder of A with an isolated neutral, that of B solidly earthed. */
function compensated() {
  return twoFeeders({
    sources: [
      { id: 'A', node: 'A.bus', neutralEarthing: 'isolated' },
      { id: 'B', node: 'B.bus' },
    ],
  });
}

const threeU0 = (plant: Plant, node: string): unknown => {
  return read(plant, node, 'neutralVoltage_kV')?.value;
};

test('an earth fault behind an isolated neutral trips nothing and raises 3U0 in its network alone', () => {
  const plant = plantOf(compensated());
  expect(threeU0(plant, 'A.bus')).toBe(0);
  const placed = placeFault(plant, { equipment: 'La3', standing: true });
  advance(plant, 60_000);
  // 22 kV / √3
  expect(threeU0(plant, 'A.bus')).toBeCloseTo(12.702, 3);
  expect(threeU0(plant, 'B.bus')).toBe(0);
  expect(plant.protectionLog.map(({ event }) => event)).toEqual(['earth fault']);
  expect(read(plant, 'CB1', 'position')?.value).toBe('closed');
  expect(read(plant, 'S2', 'faultIndicator')?.value).toBe(false);
  repairFault(plant, placed.ok ? placed.value.id : '');
  expect(threeU0(plant, 'A.bus')).toBe(0);
});

test('3U0 falls when the part with the earth fault is switched off, and not before', () => {
  const plant = plantOf(compensated());
  placeFault(plant, { equipment: 'La2', standing: true });
  for (const [id, left] of [
    ['S2', 12.702],
    ['S1', 0],
  ] as const) {
    expect(operateSwitch(plant, deviceOf(plant, id), 'open').ok).toBe(true);
    advance(plant, plant.now_ms + 60_000);
    expect(threeU0(plant, 'A.bus')).toBeCloseTo(left, 3);
  }
});

test('where it could not stand it is refused: an earthed neutral, a dead line, a switch', () => {
  const plant = plantOf(compensated());
  for (const equipment of ['Lb1', 'S1']) {
    const refused = placeFault(plant, { equipment, standing: true });
    expect(refused).toMatchObject({ ok: false, error: { kind: 'cannotStand', equipment } });
  }
  operateSwitch(plant, deviceOf(plant, 'S2'), 'open');
  advance(plant, plant.now_ms + 60_000);
  expect(placeFault(plant, { equipment: 'La3', standing: true }).ok).toBe(false);
  expect(plant.faults).toEqual([]);
});

test('busbars measure 3U0 where an earth fault can stand', () => {
  expect(signalsOfBusbar(compensated(), 0)).toEqual(['voltage_kV', 'neutralVoltage_kV']);
  expect(signalsOfBusbar(twoFeeders(), 0)).toEqual(['voltage_kV']);
});
