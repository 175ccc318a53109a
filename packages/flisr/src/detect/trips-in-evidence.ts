import type { Bilingual } from '@relight/contract';
import { CLOSED, OPEN, type Network, type Positions } from '@relight/topology';
import type { EvidenceItem } from '../locate/evidence.ts';
import { classifyTrip, type TripClass } from './classify-trip.ts';

/** What a list of evidence says about the switches. Indices ascending. */
export interface TripsInEvidence {
  /** Tripped by a short circuit or earth fault beyond them, and locked out. */
  readonly tripped: readonly number[];
  /** Tripped by the unit protection of equipment beside them. */
  readonly unitFaults: readonly number[];
  /** Opened for another reason: left alone. */
  readonly leftAlone: readonly number[];
  /** Reported last with bad quality: their position is not known. */
  readonly untrusted: readonly number[];
  /** Protection function each device reported, by switch. */
  readonly functions: ReadonlyMap<number, string>;
  readonly positionsNow: Uint8Array;
  readonly reasons: readonly Bilingual[];
}

/** Reads which devices opened, and why, out of evidence in the order of its list. */
export function tripsInEvidence(
  network: Network,
  positionsBefore: Positions,
  evidence: readonly EvidenceItem[],
): TripsInEvidence {
  const positionsNow = positionsBefore.slice();
  const tripped: number[] = [];
  const unitFaults: number[] = [];
  const leftAlone: number[] = [];
  const untrusted: number[] = [];
  const reasons: Bilingual[] = [];
  const functions = new Map<number, string>();
  network.grid.switches.forEach(({ id, name }, at) => {
    const own = evidence.filter((item) => item.equipment === id);
    if (own.length === 0) return;
    const { position, trip, tripFunction } = readDevice(own);
    if (tripFunction !== null) functions.set(at, tripFunction);
    if (position === 'bad') untrusted.push(at);
    if (position === 'open') positionsNow[at] = OPEN;
    if (position === 'closed') positionsNow[at] = CLOSED;
    if (trip === null || positionsBefore[at] === OPEN) return;
    // What tripped for a fault is told by locating.
    if (trip.kind !== 'none' && trip.kind !== 'restore') {
      reasons.push({ vi: `${name}: ${trip.reason.vi}`, en: `${name}: ${trip.reason.en}` });
    }
    if (trip.kind === 'restore' || trip.kind === 'unitFault') {
      positionsNow[at] = OPEN;
      (trip.kind === 'restore' ? tripped : unitFaults).push(at);
    } else leftAlone.push(at);
  });
  return { tripped, unitFaults, leftAlone, untrusted, functions, positionsNow, reasons };
}

type SeenPosition = 'open' | 'closed' | 'bad' | null;

function readDevice(own: readonly EvidenceItem[]): {
  readonly position: SeenPosition;
  readonly trip: TripClass | null;
  readonly tripFunction: string | null;
} {
  const good = own.filter((item) => item.quality === 'good');
  const last = (signal: string) => good.findLast((item) => item.signal === signal)?.value;
  const position = lastPosition(own);
  const said = last('tripFunction');
  const tripFunction = typeof said === 'string' ? said : null;
  const protectionTrip = last('protectionTrip') === true;
  const lockout = last('lockout');
  const opened = position === 'open' || lockout === true || protectionTrip;
  // Closed again after the trip: reclosing succeeded.
  if (!opened || position === 'closed') return { position, trip: null, tripFunction };
  return {
    position,
    tripFunction,
    trip: classifyTrip({
      tripFunction,
      protectionTrip: protectionTrip || lockout === true,
      // A list of evidence is complete: open at its end without a lockout signal is open for good.
      lockout: lockout === true || (lockout === undefined && position === 'open'),
      commanded: false,
      local: false,
      shedding: false,
    }),
  };
}

function lastPosition(own: readonly EvidenceItem[]): SeenPosition {
  const item = own.findLast((each) => each.signal === 'position');
  if (item === undefined) return null;
  if (item.quality !== 'good') return 'bad';
  return item.value === 'open' || item.value === 'closed' ? item.value : 'bad';
}
