import type { PointValue } from '@relight/contract';

/** One report from the field, as locating takes it. */
export interface EvidenceItem {
  /** Switch or pole indicator id. */
  readonly equipment: string;
  readonly signal: string;
  readonly value: PointValue;
  /** Anything but good is no evidence. */
  readonly quality: 'good' | 'stale' | 'invalid';
  /** Time the source gave it, ms; null = unknown. */
  readonly at_ms: number | null;
}

/** How far the pieces of evidence may be trusted. */
export interface LocatingRates {
  /** Chance that an indicator stays silent although fault current passed. */
  readonly indicatorMiss: number;
  /** Chance that it shows what did not pass. */
  readonly indicatorFalse: number;
  /** Standard error of a fault reactance: share of the reading, and ohm (root of squares). */
  readonly reactanceError: number;
  readonly reactanceError_ohm: number;
  /** Probability that the isolated set must hold. */
  readonly isolateProbability: number;
}

/** Relays pick up this long before they report a trip, at most, clocks' skew included. */
const PICKUP_BEFORE_TRIP_MS = 5_000;
/** Indications later than this after the lockout belong to something else. */
const AFTER_LOCKOUT_MS = 60_000;

const TRIP_SIGNALS = new Set(['protectionTrip', 'lockout', 'tripFunction', 'position']);

/** The time in which an indication belongs to this fault; null where no trip has a time. */
export interface EvidenceWindow {
  readonly from_ms: number;
  readonly to_ms: number;
}

export function evidenceWindow(
  evidence: readonly EvidenceItem[],
  tripped: ReadonlySet<string>,
): EvidenceWindow | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const item of evidence) {
    if (!tripped.has(item.equipment) || !TRIP_SIGNALS.has(item.signal)) continue;
    if (item.at_ms === null) continue;
    first = Math.min(first, item.at_ms);
    last = Math.max(last, item.at_ms);
  }
  if (first > last) return null;
  return { from_ms: first - PICKUP_BEFORE_TRIP_MS, to_ms: last + AFTER_LOCKOUT_MS };
}

/** True where an item is good and from the time of this fault; an unknown time counts as stale. */
export function counts(item: EvidenceItem, window: EvidenceWindow | null): boolean {
  if (item.quality !== 'good') return false;
  if (window === null) return true;
  return item.at_ms !== null && item.at_ms >= window.from_ms && item.at_ms <= window.to_ms;
}
