import type { EvidenceView, Signal } from '@relight/contract';
import {
  EVIDENCE_AFTER_LOCKOUT_MS,
  EVIDENCE_BEFORE_TRIP_MS,
  type EvidenceItem,
} from '@relight/flisr';
import { OPEN } from '@relight/topology';
import { pointOf, switchName, type Engine } from './engine.ts';
import type { Incident, Indication, Trip, TripReport } from './incident-state.ts';
import { nodeOfPoint } from './point-node.ts';
import { goodValue } from './process-image.ts';
import { changeText, say } from './signal-text.ts';
import type { OperationsState, PointState } from './state.ts';

/** What protection says about its own trip. */
const TRIP_SIGNALS: readonly Signal[] = [
  'position',
  'protectionTrip',
  'lockout',
  'tripFunction',
  'lockoutRelay86',
  'faultReactance_ohm',
];
const INDICATOR_SIGNALS: readonly Signal[] = ['faultIndicator', 'faultDirection', 'earthFault'];
/** What meters, transformers and voltage detectors say of the supply at their place. */
const SUPPLY_SIGNALS: readonly Signal[] = ['voltagePresent', 'lossOfSupply'];

/**
 * Takes up what indicators of the part now say. A passage once seen stays seen: an indicator
 * that falls back when voltage returns is no evidence against it. "Not passed" counts only from
 * a reading made while the place is dead.
 */
export function gatherIndications(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): void {
  for (const pointIndex of indicatorPointsOf(engine, incident)) {
    const point = state.points[pointIndex];
    if (point === undefined) continue;
    const known = incident.indications.get(pointIndex);
    if (known?.value === true && isPassage(engine, pointIndex)) continue;
    const indication = judgeIndication(engine, state, incident, pointIndex, point);
    if (indication !== null || known === undefined) {
      incident.indications.set(pointIndex, indication ?? { value: null, at_ms: 0 });
    }
  }
}

/**
 * After another trip: what indicators showed before every trip that still counts was the passage
 * of an earlier fault, and says nothing about this one.
 */
export function forgetOldIndications(incident: Incident): void {
  const { from_ms } = windowOf(incident);
  for (const [point, { at_ms }] of incident.indications) {
    if (at_ms < from_ms) incident.indications.delete(point);
  }
}

function isPassage(engine: Engine, pointIndex: number): boolean {
  return INDICATOR_SIGNALS.includes(engine.points[pointIndex]?.signal ?? 'position');
}

/** null: what it says now is no evidence; an earlier one stands. */
function judgeIndication(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  pointIndex: number,
  point: PointState,
): Indication | null {
  if (point.quality !== 'good' || point.value === null) return null;
  const { from_ms, to_ms } = windowOf(incident);
  const at_ms = point.changedAt_ms;
  const signal = engine.points[pointIndex]?.signal ?? 'position';
  if (signal === 'neutralVoltage_kV') {
    if (typeof point.value !== 'number') return null;
    const known = incident.indications.get(pointIndex)?.value;
    const higher = typeof known !== 'number' || point.value >= known;
    const inTime = at_ms !== null && at_ms >= from_ms && at_ms <= to_ms;
    return inTime && higher ? { value: point.value, at_ms } : null;
  }
  // A voltage is read off a dead part as "not passed" is: it counts only while the part is dead.
  const shows = point.value !== false && point.value !== 'none' && !SUPPLY_SIGNALS.includes(signal);
  if (shows) {
    if (at_ms === null || at_ms < from_ms || at_ms > to_ms) return null;
    return { value: point.value, at_ms };
  }
  const readAfterLockout = isReadSinceLockout(engine, state, incident, pointIndex);
  const dead = sectionsAtPoint(engine, pointIndex).every(
    (section) =>
      state.sections[section]?.condition === 'dead' || !incident.outSections.includes(section),
  );
  // It says so as of the reading after lockout, however long it has been silent.
  return readAfterLockout && dead
    ? { value: point.value, at_ms: windowOf(incident).lockedOut_ms }
    : null;
}

/** Monotonic time from which every indicator has had its say. */
function lockedOut_ms(incident: Incident): number {
  return Math.max(
    ...presentTrips(incident)
      .filter((trip) => trip.phase === 'lockedOut')
      .map((trip) => trip.since_ms),
  );
}

/**
 * The value was read off the device after lockout: in a reading asked for since, or by the
 * device's own time. Only where the protocol carries no time does the receipt have to do.
 */
function isReadSinceLockout(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  pointIndex: number,
): boolean {
  const since_ms = lockedOut_ms(incident);
  const rtu = state.rtus[engine.points[pointIndex]?.rtu ?? -1];
  if ((rtu?.asked_ms ?? -1) >= since_ms) return true;
  const point = state.points[pointIndex];
  if (point === undefined) return false;
  const { lockedOut_ms: lockedOutAt_ms } = windowOf(incident);
  return point.sourceTime_ms === null
    ? (point.confirmed_ms ?? -1) >= since_ms && point.receiveTime_ms >= lockedOutAt_ms
    : point.sourceTime_ms >= lockedOutAt_ms;
}

/** Trips whose fault is still to be located. */
function presentTrips(incident: Incident): readonly Trip[] {
  return incident.trips.filter((trip) => !trip.settled);
}

/** Wall times between which an indication belongs to this fault. */
function windowOf(incident: Incident) {
  const trips = presentTrips(incident);
  const first_ms = Math.min(...trips.map((trip) => trip.firstAt_ms));
  const lockedOut_ms = Math.max(...trips.map((trip) => trip.lockedOutAt_ms ?? trip.firstAt_ms));
  return {
    from_ms: first_ms - EVIDENCE_BEFORE_TRIP_MS,
    lockedOut_ms,
    to_ms: lockedOut_ms + EVIDENCE_AFTER_LOCKOUT_MS,
  };
}

/** Points of indicators in or at the part that lost supply, ascending. */
function indicatorPointsOf(engine: Engine, incident: Incident): readonly number[] {
  const { network } = engine;
  const out = new Set(incident.outSections);
  const atTrips = new Set(
    incident.trips.flatMap(({ switchIndex }) => [
      network.switchSectionFrom[switchIndex] ?? -1,
      network.switchSectionTo[switchIndex] ?? -1,
    ]),
  );
  return engine.points.flatMap(({ signal }, index) => {
    // 3U0 is measured on the busbar in front of what tripped, which is still live.
    const isNeutral = signal === 'neutralVoltage_kV';
    if (!isNeutral && !INDICATOR_SIGNALS.includes(signal) && !SUPPLY_SIGNALS.includes(signal)) {
      return [];
    }
    const near = isNeutral ? atTrips : out;
    return sectionsAtPoint(engine, index).some((section) => near.has(section)) ? [index] : [];
  });
}

/** Sections at a switch or a pole indicator. */
function sectionsAtPoint(engine: Engine, pointIndex: number): readonly number[] {
  const { network, grid } = engine;
  const point = engine.points[pointIndex];
  if (point === undefined) return [];
  if (point.switchIndex !== -1) {
    return [
      network.switchSectionFrom[point.switchIndex] ?? -1,
      network.switchSectionTo[point.switchIndex] ?? -1,
    ];
  }
  const indicator = grid.faultIndicators.find((each) => each.id === point.equipment);
  const node = indicator?.node ?? nodeOfPoint(engine, pointIndex);
  return node === -1 ? [] : [network.nodeSection[node] ?? -1];
}

/** Notes what the relays of the tripped devices report; a close resets them, so it is kept. */
export function gatherTripReports(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): void {
  const { from_ms } = windowOf(incident);
  for (const trip of incident.trips) {
    const open = state.lastGood[trip.switchIndex] === OPEN;
    const reset =
      goodValue(engine, state, trip.switchIndex, 'protectionTrip') === false &&
      goodValue(engine, state, trip.switchIndex, 'lockoutRelay86') !== true;
    if (!open || reset) continue;
    trip.said = TRIP_SIGNALS.flatMap((signal): TripReport[] => {
      const index = pointOf(engine, trip.switchIndex, signal);
      const point = state.points[index];
      if (point === undefined || point.value === null) return [];
      const at_ms = point.changedAt_ms ?? point.receiveTime_ms;
      // A reactance dated before this trip is that of an earlier one.
      const old = signal === 'faultReactance_ohm' && at_ms < from_ms;
      const quality = point.quality !== 'good' ? 'invalid' : old ? 'stale' : 'good';
      return [{ point: index, at_ms, value: point.value, quality }];
    });
  }
}

function pieces(state: OperationsState, incident: Incident): readonly TripReport[] {
  const found: TripReport[] = presentTrips(incident).flatMap((trip) => trip.said);
  for (const [index, indication] of [...incident.indications].sort(([a], [b]) => a - b)) {
    const point = state.points[index];
    if (indication.value !== null) {
      found.push({
        point: index,
        at_ms: indication.at_ms,
        value: indication.value,
        quality: 'good',
      });
    } else if (point !== undefined && point.value !== null) {
      found.push({
        point: index,
        at_ms: point.changedAt_ms ?? point.receiveTime_ms,
        value: point.value,
        quality: point.quality === 'invalid' ? 'invalid' : 'stale',
      });
    }
  }
  return found;
}

/** The evidence as the locator takes it, protection first, then indicators by point. */
export function evidenceItems(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): readonly EvidenceItem[] {
  return pieces(state, incident).map((piece) => ({
    equipment: engine.points[piece.point]?.equipment ?? '',
    signal: engine.points[piece.point]?.signal ?? '',
    value: piece.value,
    quality: piece.quality,
    at_ms: piece.at_ms,
    side: engine.points[piece.point]?.side ?? null,
  }));
}

/** The same for people, in the order of source time. */
export function evidenceViews(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): EvidenceView[] {
  return pieces(state, incident)
    .map((piece): EvidenceView => {
      const compiled = engine.points[piece.point];
      const signal = compiled?.signal ?? 'position';
      const name =
        compiled === undefined || compiled.switchIndex === -1
          ? (compiled?.equipment ?? '')
          : switchName(engine, compiled.switchIndex);
      const text = changeText(signal, piece.value) ?? say(String(piece.value), String(piece.value));
      const doubt =
        piece.quality === 'good'
          ? say('', '')
          : say(' (không dùng làm chứng cứ)', ' (not taken as evidence)');
      return {
        at_ms: piece.at_ms,
        equipment: compiled?.equipment ?? '',
        signal,
        value: piece.value,
        quality: piece.quality === 'stale' ? 'notTopical' : piece.quality,
        text: say(`${name}: ${text.vi}${doubt.vi}`, `${name}: ${text.en}${doubt.en}`),
      };
    })
    .sort((a, b) => a.at_ms - b.at_ms || (a.equipment < b.equipment ? -1 : 1));
}

/** RTUs with a say in where the fault is: of the tripped devices and all at the dead part. Sorted. */
export function rtusOfPart(engine: Engine, incident: Incident): readonly string[] {
  const out = new Set(incident.outSections);
  const tripped = new Set(incident.trips.map((trip) => trip.switchIndex));
  const rtus = new Set<string>();
  engine.points.forEach((point, index) => {
    const concerned =
      tripped.has(point.switchIndex) ||
      sectionsAtPoint(engine, index).some((section) => out.has(section));
    const rtu = engine.rtus[point.rtu];
    if (concerned && rtu !== undefined) rtus.add(rtu.id);
  });
  return [...rtus].sort();
}
