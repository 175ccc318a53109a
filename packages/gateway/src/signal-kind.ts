import type { Signal } from '@relight/contract';

/**
 * What sort of value a signal is: a double-point position, a protection function by name, the
 * direction of a fault, a yes or no, or a number.
 */
export type SignalKind = 'position' | 'tripFunction' | 'direction' | 'flag' | 'analog';

const NUMBERS: ReadonlySet<Signal> = new Set<Signal>([
  'neutralVoltage_kV',
  'current_A',
  'voltage_kV',
  'activePower_kW',
  'reactivePower_kvar',
  'powerFactor',
  'frequency_Hz',
  'oilTemperature_C',
  'tapPosition',
  'settingGroup',
  'faultReactance_ohm',
]);

export function signalKind(signal: Signal): SignalKind {
  if (signal === 'position' || signal === 'tripFunction') return signal;
  if (signal === 'faultDirection') return 'direction';
  return NUMBERS.has(signal) ? 'analog' : 'flag';
}

const DATED_ANEW: ReadonlySet<Signal> = new Set<Signal>([
  'faultIndicator',
  'faultDirection',
  'earthFault',
  'protectionTrip',
  'faultReactance_ohm',
]);

/**
 * Whether the same value with a newer source time is news: the fault passed, or the relay
 * tripped, once more.
 */
export function isDatedAnew(signal: Signal): boolean {
  return DATED_ANEW.has(signal);
}
