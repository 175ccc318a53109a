import type { MeasurementView } from '@relight/contract';
import type { OneLineBay } from '@relight/diagram';
import type { Speech } from '../app-context.ts';
import { qualityLetter } from '../scene/picture.ts';
import type { LiveState } from '../store/live-store.ts';

/** One figure beside a bay; `letter` where its quality is not good. */
export interface BayValue {
  readonly figure: string;
  readonly unit: string;
  readonly letter: string | null;
}

const SHOWN = [
  ['activePower_kW', 'MW', 0.001, 1],
  ['reactivePower_kvar', 'MVAr', 0.001, 1],
  ['current_A', 'A', 1, 0],
  ['oilTemperature_C', '°C', 1, 0],
  ['tapPosition', '', 1, 0],
] as const;

function valueOf(
  found: MeasurementView | undefined,
  unit: string,
  factor: number,
  decimals: number,
  { num }: Speech,
): BayValue[] {
  if (found === undefined) return [];
  const letter = qualityLetter(found.quality);
  if (typeof found.value !== 'number') return [{ figure: '–', unit, letter: letter ?? '?' }];
  return [{ figure: num(found.value * factor, decimals), unit, letter }];
}

/** What telemetry says of a bay, in fixed order; a signal nobody measures has no line. */
export function valuesOfBay(bay: OneLineBay, live: LiveState, speech: Speech): BayValue[] {
  return SHOWN.flatMap(([signal, unit, factor, decimals]) =>
    valueOf(live.measurements.get(`${bay.equipment} ${signal}`), unit, factor, decimals, speech),
  );
}

/** The one figure that is shown where there is no room for more: the current, else the first. */
export function valuesInShort(values: readonly BayValue[]): readonly BayValue[] {
  const current = values.find(({ unit }) => unit === 'A');
  return current === undefined ? values.slice(0, 1) : [current];
}

/** Voltage of a busbar; nothing where it is not measured. */
export function voltageOfBus(node: string, live: LiveState, speech: Speech): BayValue[] {
  return valueOf(live.measurements.get(`${node} voltage_kV`), 'kV', 1, 1, speech);
}
