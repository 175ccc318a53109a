import type { Misbehaviour } from '@relight/contract';
import { setIndicatorMode } from './indicators.ts';
import type { Plant } from './state.ts';

/**
 * Makes the drive or the indicator of a switch, or a pole indicator, misbehave from now on;
 * absent fields stay as they are. What concerns its RTU (`vanish`, `refuse`) is not the plant's.
 * @returns false if nothing of that id is there.
 */
export function misbehave(
  plant: Plant,
  equipment: string,
  wanted: Pick<Misbehaviour, 'stuck' | 'stick' | 'fallBackAfter_ms' | 'indicator'>,
): boolean {
  const device = plant.devices[plant.network.index.switch.get(equipment) ?? -1];
  const pole = plant.poleIndicators[plant.poleIndicatorIndex.get(equipment) ?? -1];
  const indicator = device?.indicator ?? pole;
  if (indicator === undefined) return false;
  if (device !== undefined && wanted.stuck !== undefined) device.stuck = wanted.stuck;
  if (device !== undefined && wanted.stick !== undefined) device.sticks = wanted.stick;
  if (device !== undefined && wanted.fallBackAfter_ms !== undefined) {
    device.fallBackAfter_ms = wanted.fallBackAfter_ms;
  }
  if (wanted.indicator !== undefined) setIndicatorMode(plant, indicator, wanted.indicator);
  return true;
}
