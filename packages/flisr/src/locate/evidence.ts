import type { PointValue } from '@relight/contract';

/** One report from the field, as locating takes it. */
export interface EvidenceItem {
  /** Switch, pole indicator, load, transformer or node id. */
  readonly equipment: string;
  readonly signal: string;
  readonly value: PointValue;
  /** Anything but good is no evidence. */
  readonly quality: 'good' | 'stale' | 'invalid';
  /** Time the source gave it, ms; null = unknown. */
  readonly at_ms: number | null;
  /** Terminal of a switch that a voltage stands at; absent or null: not told. */
  readonly side?: 'from' | 'to' | null;
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

/** Relays pick up this long before they report a trip, at most, clocks' skew included, ms. */
export const EVIDENCE_BEFORE_TRIP_MS = 5_000;
/** Indications later than this after the lockout belong to something else, ms. */
export const EVIDENCE_AFTER_LOCKOUT_MS = 60_000;

/** The times of one fault; null where no trip has a time. */
export interface EvidenceWindow {
  /** First pickup at the earliest. */
  readonly from_ms: number;
  /** From here on the part is dead: the last lockout, or the last opening where none is told. */
  readonly lockedOut_ms: number;
  readonly to_ms: number;
}

/** Reads the window off what the tripped devices report of their own trip. */
export function evidenceWindow(
  evidence: readonly EvidenceItem[],
  tripped: ReadonlySet<string>,
): EvidenceWindow | null {
  const opened: number[] = [];
  const lockedOut: number[] = [];
  const other: number[] = [];
  for (const { equipment, signal, value, at_ms } of evidence) {
    if (!tripped.has(equipment) || at_ms === null) continue;
    if (signal === 'lockout' && value === true) lockedOut.push(at_ms);
    else if (signal === 'position' && value === 'open') opened.push(at_ms);
    else if (signal === 'protectionTrip' && value === true) opened.push(at_ms);
    else if (signal === 'tripFunction' && value !== 'none') other.push(at_ms);
  }
  const all = [...opened, ...lockedOut, ...other];
  if (all.length === 0) return null;
  const last = Math.max(...(lockedOut.length > 0 ? lockedOut : all));
  return {
    from_ms: Math.min(...all) - EVIDENCE_BEFORE_TRIP_MS,
    lockedOut_ms: last,
    to_ms: last + EVIDENCE_AFTER_LOCKOUT_MS,
  };
}

/**
 * True where an item is good and from the time of this fault; an unknown time counts as stale. A
 * list in which the trips carry no time is taken as one moment, and what is dated in it is not
 * of that moment.
 */
export function counts(item: EvidenceItem, window: EvidenceWindow | null): boolean {
  if (item.quality !== 'good') return false;
  if (window === null) return item.at_ms === null;
  return item.at_ms !== null && item.at_ms >= window.from_ms && item.at_ms <= window.to_ms;
}

/** As `counts`, and said when the part was dead already. */
export function countsWhileDead(item: EvidenceItem, window: EvidenceWindow | null): boolean {
  if (!counts(item, window)) return false;
  return window === null || (item.at_ms !== null && item.at_ms >= window.lockedOut_ms);
}

/** The later report of the same thing stands last; what has no time keeps its place in the list. */
export function inOrderOfTime(evidence: readonly EvidenceItem[]): readonly EvidenceItem[] {
  if (evidence.some(({ at_ms }) => at_ms === null)) return evidence;
  return evidence.toSorted((a, b) => (a.at_ms ?? 0) - (b.at_ms ?? 0));
}
