import { locateFault, unseenOpenings, type EvidenceItem, type UnseenOpening } from '@relight/flisr';
import { CLOSED, UNKNOWN } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { switchName } from './engine.ts';
import { setState, touchSections } from './incident-changes.ts';
import type { Trip } from './incident-state.ts';
import { addOutage } from './outage.ts';
import { refreshPicture } from './picture.ts';
import { nodeOfPoint } from './point-node.ts';
import { say } from './signal-text.ts';
import { wakeAt, type StepContext } from './step-context.ts';
import { openIncident } from './trips.ts';

/** A meter's last gasp may come before the trip that explains it: so long nothing is concluded. */
const LAST_GASP_ms = 10_000;

/**
 * Meters and transformers that say they have no supply in a part that should be live: a fuse or
 * sectionaliser nobody reports on has opened, in the dead time of a reclose or by itself. That is
 * a fault with the part behind it as candidate; its position is no longer known, and a crew has
 * to look. What a meter said before its part last came back to life does not count.
 */
export function noteLostSupply(context: StepContext): void {
  const { engine, state } = context;
  const isDue = context.supplyRead || state.lostSupply.size > 0;
  if (!isDue || engine.supplyPoints.length === 0) return;
  const reports = engine.supplyPoints.flatMap((point) => reportOf(context, point));
  const found = unseenOpenings(engine.network, state.lastGood, reports, null);
  for (const known of [...state.lostSupply.keys()]) {
    if (!found.some(({ switchIndex }) => switchIndex === known)) state.lostSupply.delete(known);
  }
  for (const opening of found) {
    const { switchIndex } = opening;
    const known = state.incidents.some(
      (incident) =>
        !incident.lifted && incident.trips.some((trip) => trip.switchIndex === switchIndex),
    );
    const isSilent = engine.switchPoints[switchIndex]?.position === undefined;
    if (known || !isSilent || state.lastGood[switchIndex] !== CLOSED) continue;
    const since_ms = state.lostSupply.get(switchIndex) ?? context.now_ms;
    state.lostSupply.set(switchIndex, since_ms);
    if (context.now_ms < since_ms + LAST_GASP_ms) continue;
    state.lostSupply.delete(switchIndex);
    openFor(context, opening, reports);
  }
}

/** Asks to be woken when the next silent opening is to be decided. */
export function awaitLostSupply(context: StepContext): void {
  for (const since_ms of context.state.lostSupply.values()) {
    wakeAt(context, since_ms + LAST_GASP_ms);
  }
}

function reportOf(context: StepContext, point: number): EvidenceItem[] {
  const { engine, state } = context;
  const compiled = engine.points[point];
  const reading = state.points[point];
  const section = state.sections[engine.network.nodeSection[nodeOfPoint(engine, point)] ?? -1];
  if (compiled === undefined || reading?.quality !== 'good' || section?.condition !== 'live') {
    return [];
  }
  const asked_ms = state.rtus[compiled.rtu]?.asked_ms ?? Number.NEGATIVE_INFINITY;
  const isFresh =
    section.restoredAt_ms === null ||
    asked_ms >= (state.feeders[section.feeder]?.changed_ms ?? 0) ||
    (reading.changedAt_ms ?? 0) >= section.restoredAt_ms;
  if (!isFresh || typeof reading.value !== 'boolean') return [];
  return [
    {
      equipment: compiled.equipment,
      signal: compiled.signal,
      value: reading.value,
      quality: 'good',
      at_ms: null,
      side: compiled.side,
    },
  ];
}

function openFor(
  context: StepContext,
  { switchIndex, reports }: UnseenOpening,
  evidence: readonly EvidenceItem[],
): void {
  const { engine, state } = context;
  const before = state.lastGood.slice();
  const opened = { switchIndex, since_ms: context.now_ms, at_ms: context.at_ms };
  const incident = openIncident(context, opened, before);
  const trip: Trip = {
    switchIndex,
    phase: 'lockedOut',
    since_ms: context.now_ms,
    firstAt_ms: context.at_ms,
    lockedOutAt_ms: context.at_ms,
    said: [],
    settled: false,
    over: false,
    unit: false,
  };
  incident.trips = [trip];
  addOutage(engine, incident, before, [switchIndex]);
  const located = locateFault({
    network: engine.network,
    positionsBefore: before,
    tripped: [switchIndex],
    evidence,
    rates: state.configuration,
  });
  incident.location = located.ok ? located.value : null;
  const name = switchName(engine, switchIndex);
  const list = reports.join(', ');
  const why = say(
    `${name} không có tín hiệu nhưng phía sau báo mất điện (${list}): có thể đã cắt, cử người kiểm tra`,
    `${name} reports nothing, but supply is lost behind it (${list}): it has probably opened, a crew has to look`,
  );
  incident.reasons = [why];
  incident.final = true;
  setState(context, incident, 'noPlan', why);
  touchSections(context, incident);
  raiseAlarm(context, {
    key: `once/lostSupply/${incident.id}`,
    priority: 2,
    equipment: engine.grid.switches[switchIndex]?.id ?? '',
    incident: incident.id,
    text: why,
  });
  // Closed as far as anybody knew; from now on nobody takes that, nor the opposite, for granted.
  state.positions[switchIndex] = UNKNOWN;
  context.positionsChanged = true;
  refreshPicture(context);
}

/** A part declared sound again: the device in front of it stands as the dispatcher's diagram says. */
export function endLostSupply(context: StepContext): void {
  const { engine, state } = context;
  for (const incident of state.incidents) {
    if (!incident.lifted || !context.touched.incidents.has(incident.id)) continue;
    for (const { switchIndex } of incident.trips) {
      const isSilent = engine.switchPoints[switchIndex]?.position === undefined;
      if (!isSilent || state.positions[switchIndex] !== UNKNOWN) continue;
      state.positions[switchIndex] = state.lastGood[switchIndex] ?? UNKNOWN;
      context.positionsChanged = true;
    }
  }
  refreshPicture(context);
}
