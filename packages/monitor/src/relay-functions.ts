import type { PointValue, Signal } from '@relight/contract';
import type { Passage } from './suspects.ts';

// What a protection function says of the fault: ANSI/IEEE C37.2 numbers, as the relay reports them.

/** Signals that go with a trip. */
export const TRIP_SIGNALS: readonly Signal[] = ['protectionTrip', 'lockout', 'lockoutRelay86'];

const UNIT: ReadonlySet<PointValue> = new Set(['87T', '96', '87B', '86']);
const EARTH: ReadonlySet<PointValue> = new Set(['50N', '51N', '67N']);
const PHASE: ReadonlySet<PointValue> = new Set(['50', '51', '67']);

/** By unit protection the fault lies in what stands at the device, not beyond it. */
export function isUnitProtection(relay: PointValue | null, isLockout86: boolean): boolean {
  return relay === null ? isLockout86 : UNIT.has(relay);
}

/** Which kind of fault the function sees; null, the relay does not say, is unknown. */
export function faultKind(relay: PointValue | null): 'earth' | 'phase' | 'unknown' {
  if (relay !== null && EARTH.has(relay)) return 'earth';
  return relay !== null && PHASE.has(relay) ? 'phase' : 'unknown';
}

/** False for what opens without a fault beyond it: load shedding, voltage, remote and unit trips. */
export function seesFaultBeyond(relay: PointValue): boolean {
  return relay === '79' || faultKind(relay) !== 'unknown';
}

/** What an indicator says of the fault current; null: nothing. */
export function passageOf(signal: Signal, value: PointValue | null): Passage | null {
  if (signal === 'faultIndicator' || signal === 'earthFault') {
    return value === true ? 'passed' : null;
  }
  if (signal !== 'faultDirection') return null;
  return value === 'forward' || value === 'reverse' ? value : null;
}
