import { isSettledAtOnce } from '@relight/flisr';
import { CLOSED, OPEN } from '@relight/topology';
import { rtusOfPart } from './evidence.ts';
import { completeOutage } from './found-dead.ts';
import { switchName, type Engine } from './engine.ts';
import { advanceGuardTrip } from './guard-trip.ts';
import { setState, touchSections } from './incident-changes.ts';
import { alarmTrip } from './trips.ts';
import { isClosed, type Incident, type Trip } from './incident-state.ts';
import { addOutage, openedWithinOutage } from './outage.ts';
import { isPlanOutdated } from './plan-scope.ts';
import { lookAgain, makePlan } from './planning.ts';
import { advancePlan } from './plan-progress.ts';
import { goodValue } from './process-image.ts';
import { isAtWork } from './start-plan.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { isTrying } from './declared-trial.ts';
import { requestReading, wakeAt, type StepContext } from './step-context.ts';

/** Crosses an RTU off the list of those that owe their reading after lockout. */
export function noteIncidentReading(context: StepContext, requestId: string, rtu: string): void {
  for (const incident of context.state.incidents) {
    if (incident.poll?.requestId !== requestId) continue;
    const at = incident.poll.rtus.indexOf(rtu);
    if (at !== -1) incident.poll.rtus.splice(at, 1);
  }
}

/** Carries every open incident on as far as what is known allows. True if anything changed. */
export function advanceIncidents(context: StepContext): boolean {
  let changed = false;
  for (const incident of context.state.incidents) {
    if (!isClosed(incident)) {
      if (advanceIncident(context, incident)) changed = true;
    } else if (incident.state === 'restored' && context.pictureChanged) {
      if (lookAgain(context, incident)) changed = true;
    }
  }
  return changed;
}

function advanceIncident(context: StepContext, incident: Incident): boolean {
  // What is moved on the way back was off before it for the outage, and belongs to none.
  if (incident.wayBack === null) completeOutage(context, incident);
  const resolved = advanceTrips(context, incident);
  // A breaker opens while its helper may still reclose; planning waits for what comes of it.
  const opening = advanceGuardTrip(context, incident);
  const waiting = incident.trips.some((trip) => trip.phase === 'open' || trip.phase === 'reclosed');
  if (waiting || incident.guardTrip?.phase === 'opening') return resolved || opening;
  switch (incident.state) {
    case 'reclosing':
      afterTrips(context, incident);
      return true;
    case 'halted':
      // Halted by a trip: protection has finished. Halted by an unknown outcome: see advancePlan.
      if (incident.location !== null) return advancePlan(context, incident) || resolved;
      beginEvidence(context, incident);
      return true;
    case 'evidence':
      return advanceEvidence(context, incident) || resolved;
    case 'approval':
    case 'noPlan':
      return advanceWaiting(context, incident) || resolved;
    case 'executing':
    case 'held':
      return advancePlan(context, incident) || resolved;
    case 'restored':
    case 'aborted':
    case 'momentary':
    case 'returned':
      return resolved;
  }
}

/** Follows reclosing until it held or locked out. */
function advanceTrips(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  const { lockoutWait_ms, guardTime_ms } = state.configuration;
  let changed = false;
  const enter = (trip: Trip, phase: Trip['phase']): void => {
    trip.phase = phase;
    trip.since_ms = context.now_ms;
    if (phase === 'held') trip.over = true;
    if (phase === 'lockedOut') {
      trip.lockedOutAt_ms = context.at_ms;
      alarmTrip(context, incident, trip.switchIndex, true);
    }
    changed = true;
    context.touched.incidents.add(incident.id);
  };
  for (const trip of incident.trips) {
    const { switchIndex } = trip;
    const closed = state.positions[switchIndex] === CLOSED;
    if (trip.phase === 'open') {
      const lockedOut =
        goodValue(engine, state, switchIndex, 'lockout') === true ||
        isSettled(engine, state, switchIndex);
      if (closed) enter(trip, 'reclosed');
      else if (lockedOut || context.now_ms - trip.since_ms >= lockoutWait_ms) {
        enter(trip, 'lockedOut');
      } else wakeAt(context, trip.since_ms + lockoutWait_ms);
    } else if (trip.phase === 'reclosed' && openedAgain(state, switchIndex)) {
      // It never said why: it counts as the same trip, and a person decides.
      enter(trip, 'open');
      incident.mustAsk.push(
        say(
          `${switchName(engine, switchIndex)} lại mở sau khi tự đóng lại, không có tín hiệu bảo vệ`,
          `${switchName(engine, switchIndex)} opened again after reclosing without a trip signal`,
        ),
      );
    } else if (trip.phase === 'reclosed' && closed) {
      const cycling = goodValue(engine, state, switchIndex, 'reclosingInProgress') === true;
      const held_ms = context.now_ms - trip.since_ms;
      const wait_ms = cycling ? lockoutWait_ms : guardTime_ms;
      if (held_ms >= wait_ms) enter(trip, 'held');
      else wakeAt(context, trip.since_ms + wait_ms);
    }
  }
  return changed;
}

/** Its protection does not reclose: there is nothing to wait for. */
function isSettled(engine: Engine, state: OperationsState, switchIndex: number): boolean {
  const code = goodValue(engine, state, switchIndex, 'tripFunction');
  return (
    goodValue(engine, state, switchIndex, 'lockoutRelay86') === true ||
    isSettledAtOnce(typeof code === 'string' ? code : null)
  );
}

/** Open for longer than its trip signal may take. */
function openedAgain(state: OperationsState, switchIndex: number): boolean {
  const undecided = state.pendingOpens.some((pending) => pending.switchIndex === switchIndex);
  return state.positions[switchIndex] === OPEN && !undecided;
}

/** Every protective device has either locked out or holds again. */
function afterTrips(context: StepContext, incident: Incident): void {
  const { engine, state } = context;
  if (incident.trips.some((trip) => trip.phase === 'lockedOut')) {
    beginEvidence(context, incident);
    return;
  }
  // Held again; but a sectionaliser may have opened in the dead time and left its part dark.
  const opened = openedWithinOutage(engine, state, incident);
  if (opened.length === 0) {
    // A fuse may have blown meanwhile: only its meters know, and what they said before is old.
    requestReading(context, rtusOfPart(engine, incident));
    touchSections(context, incident);
    incident.outSections = [];
    setState(context, incident, 'momentary');
    return;
  }
  for (const switchIndex of opened) {
    incident.trips.push({
      switchIndex,
      phase: 'lockedOut',
      since_ms: context.now_ms,
      firstAt_ms: incident.openedAt_ms,
      lockedOutAt_ms: context.at_ms,
      said: [],
      settled: false,
      over: false,
      unit: false,
    });
  }
  incident.outLoads = [];
  incident.outSections = [];
  addOutage(engine, incident, incident.before, opened);
  beginEvidence(context, incident);
}

function beginEvidence(context: StepContext, incident: Incident): void {
  const { engine, state } = context;
  incident.poll = requestReading(context, rtusOfPart(engine, incident));
  incident.windowUntil_ms = context.now_ms + state.configuration.evidenceWindow_ms;
  setState(context, incident, 'evidence');
}

/** Waits for the fresh readings, at most for the window; then locates and plans. */
function advanceEvidence(context: StepContext, incident: Incident): boolean {
  if (incident.waitsFor !== null) {
    const other = context.state.incidents.find((each) => each.id === incident.waitsFor);
    if (other !== undefined && isAtWork(other)) return false;
    incident.waitsFor = null;
  }
  const due_ms = incident.windowUntil_ms ?? context.now_ms;
  const answered = incident.poll === null || incident.poll.rtus.length === 0;
  if (!answered && context.now_ms < due_ms) {
    wakeAt(context, due_ms);
    return false;
  }
  incident.poll = null;
  incident.windowUntil_ms = null;
  makePlan(context, incident);
  return true;
}

/** Nothing is being carried out: the plan is renewed when it lapses or its scope changes. */
function advanceWaiting(context: StepContext, incident: Incident): boolean {
  if (incident.final || isTrying(incident)) return false;
  const lapses_ms = incident.planned_ms + context.state.configuration.planLife_ms;
  const lapsed = incident.plan !== null && context.now_ms >= lapses_ms;
  if (!lapsed && !isPlanOutdated(context, incident)) {
    if (incident.plan !== null) wakeAt(context, lapses_ms);
    return false;
  }
  makePlan(context, incident);
  return true;
}
