import type { Bilingual } from '@relight/contract';
import { CLOSED, type Positions } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { switchName } from './engine.ts';
import { forgetOldIndications } from './evidence.ts';
import { feedersAt } from './feeders-at.ts';
import { beginGuardTrip, endGuardTrip } from './guard-trip.ts';
import { setState, stopPlan, touchSections } from './incident-changes.ts';
import { incidentId, isClosed, newIncident, type Incident, type Trip } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { addOutage, ascending, positionsBefore } from './outage.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { PendingOpen } from './state.ts';
import { record, type StepContext } from './step-context.ts';
import { owesWayBack } from './way-back/end.ts';

/** Incidents kept for looking back. */
const INCIDENTS_KEPT = 100;

/**
 * A protective device opened by itself: opens an incident, or joins the one whose feeders or
 * plan it belongs to; a plan at work stops.
 */
export function noteTrip(context: StepContext, opened: PendingOpen): void {
  const { engine, state } = context;
  const before = positionsBefore(state, [
    opened.switchIndex,
    ...state.pendingOpens.map((pending) => pending.switchIndex),
  ]);
  const incident =
    findIncident(context, opened.switchIndex) ?? openIncident(context, opened, before);
  breakOffWayBack(incident);
  const known = incident.trips.find((trip) => trip.switchIndex === opened.switchIndex);
  if (known !== undefined && (known.phase === 'open' || known.phase === 'reclosed')) {
    known.phase = 'open';
    known.since_ms = context.now_ms;
    alarmTrip(context, incident, opened.switchIndex, false);
  } else {
    const trip: Trip = {
      switchIndex: opened.switchIndex,
      phase: 'open',
      since_ms: context.now_ms,
      firstAt_ms: opened.at_ms,
      lockedOutAt_ms: null,
      said: [],
      settled: false,
      over: false,
      unit: false,
    };
    incident.trips = incident.trips.filter((each) => each !== known);
    const asked = incident.mustAsk.length;
    settleEarlier(incident, before);
    incident.trips.push(trip);
    incident.trips.sort((a, b) => a.switchIndex - b.switchIndex);
    addOutage(engine, incident, before, [opened.switchIndex]);
    noteNewTrip(context, incident, opened.switchIndex, before, asked);
  }
  context.touched.incidents.add(incident.id);
  touchSections(context, incident);
}

/**
 * A trip after the fault was located is another fault, or the location was wrong: what was
 * isolated stays dead whatever is found next. Where the plan had moved something already, the new
 * fault is looked for in the grid as it stood then, and a person decides.
 */
function settleEarlier(incident: Incident, before: Positions): void {
  if (incident.location === null) return;
  incident.located = ascending(new Set([...incident.located, ...incident.location.isolate]));
  if (incident.moved.length === 0) return;
  incident.beforeLast = before;
  for (const trip of incident.trips) trip.settled = true;
  incident.mustAsk.push(
    say(
      'lại nhảy khi phương án đang thực hiện: có thể có sự cố thứ hai',
      'another trip while the plan was under way: there may be a second fault',
    ),
  );
}

/** @param asked - How many reasons to ask a person there were before this trip. */
function noteNewTrip(
  context: StepContext,
  incident: Incident,
  switchIndex: number,
  before: Positions,
  asked: number,
): void {
  const { engine } = context;
  const name = switchName(engine, switchIndex);
  const equipment = engine.grid.switches[switchIndex]?.id ?? '';
  alarmTrip(context, incident, switchIndex, false);
  record(context, 'incident', 'flisr', incident.id, { tripped: equipment });
  // The faulted part is no longer known: nothing the trips took may be energised until located.
  incident.location = null;
  forgetOldIndications(incident);
  const closed = closedJustNow(context, incident);
  endGuardTrip(incident);
  if (incident.state !== 'approval') stopPlan(context, incident);
  if (closed === null) {
    setState(context, incident, 'reclosing');
    return;
  }
  const why = say(
    `${name} nhảy ngay sau khi đóng điện theo phương án: dừng lại`,
    `${name} tripped upon a close of the plan: it stops`,
  );
  incident.mustAsk.push(why);
  incident.reasons = [why];
  setState(context, incident, 'halted', why);
  beginGuardTrip(context, incident, {
    closed,
    tripped: switchIndex,
    before,
    told: incident.mustAsk.slice(asked),
  });
}

/** One alarm a device: tripped, and in other words once it has locked out. */
export function alarmTrip(
  context: StepContext,
  incident: Incident,
  switchIndex: number,
  lockedOut: boolean,
): void {
  const name = switchName(context.engine, switchIndex);
  const equipment = context.engine.grid.switches[switchIndex]?.id ?? '';
  raiseAlarm(context, {
    key: `trip/${equipment}`,
    priority: 1,
    equipment,
    incident: incident.id,
    text: lockedOut
      ? say(`${name}: bảo vệ tác động, đã khóa`, `${name} tripped and locked out`)
      : say(`${name}: bảo vệ tác động`, `${name} tripped: protection operated`),
  });
}

/** The switch that the plan has just closed, or is closing; null: none. */
function closedJustNow(context: StepContext, incident: Incident): number | null {
  const { progress } = incident;
  if (progress === null) return null;
  const command = context.state.commands.get(progress.command ?? '');
  if (command?.operation === 'close' && command.operated_ms !== null) return command.switchIndex;
  const guards = progress.guardUntil_ms !== null && context.now_ms <= progress.guardUntil_ms;
  return guards ? progress.guarded : null;
}

function findIncident(context: StepContext, switchIndex: number): Incident | undefined {
  const feeders = feedersAt(context, switchIndex);
  const { network } = context.engine;
  const sections = [network.switchSectionFrom[switchIndex], network.switchSectionTo[switchIndex]];
  const open = context.state.incidents.filter(
    (incident) => !isClosed(incident) && !restsOnWayBack(incident),
  );
  return (
    open.find((incident) => incident.trips.some((trip) => trip.switchIndex === switchIndex)) ??
    open.find((incident) => incident.feeders.some((feeder) => feeders.includes(feeder))) ??
    open.find((incident) => incident.outSections.some((section) => sections.includes(section))) ??
    open.find((incident) =>
      incident.plan?.helpingFeeders.some((feeder) => feeders.includes(feeder)),
    )
  );
}

/** It only waits to go on with its way back: a trip now has nothing to do with it. */
function restsOnWayBack({ wayBack, state, progress }: Incident): boolean {
  if (wayBack === null) return false;
  return state === 'noPlan' || state === 'evidence' || (state === 'approval' && progress?.at === 0);
}

/** A trip on the way back: what was repaired counts as faulted again, until a person lifts it anew. */
function breakOffWayBack(incident: Incident): void {
  if (incident.wayBack === null) return;
  incident.wayBack = null;
  incident.lifted = false;
  incident.liftedSections = [];
  incident.mustAsk.push(
    say(
      'nhảy khi đang trả về kết dây cơ bản: phần đã sửa lại coi là sự cố',
      'a trip on the way back: what was repaired counts as faulted again',
    ),
  );
}

/** Opens and journals an incident; where too many are kept, the oldest that is done goes. */
export function openIncident(
  context: StepContext,
  opened: PendingOpen,
  before: Positions,
): Incident {
  const { state } = context;
  const incident = newIncident({
    id: incidentId(state.nextIncident),
    openedAt_ms: opened.at_ms,
    opened_ms: opened.since_ms,
    before,
  });
  state.nextIncident += 1;
  state.incidents.push(incident);
  context.touched.summary = true;
  if (state.incidents.length > INCIDENTS_KEPT) {
    const oldest = state.incidents.findIndex(
      (each) =>
        isClosed(each) &&
        sectionsKeptDead(each).length === 0 &&
        !owesWayBack(context.engine, state, each) &&
        each.trips.every((trip) => state.positions[trip.switchIndex] === CLOSED),
    );
    if (oldest !== -1) state.incidents.splice(oldest, 1);
  }
  record(context, 'incident', 'flisr', incident.id, {
    state: 'reclosing',
    openedAt_ms: incident.openedAt_ms,
  });
  return incident;
}

/** Something moved without a command: plans whose scope it touches stop and are made anew. */
export function noteForeignMove(context: StepContext, switchIndex: number, text: Bilingual): void {
  for (const incident of plansTouched(context, switchIndex)) incident.surprise ??= text;
}

/**
 * A command moved a device: the plan it belongs to expected that, any other whose scope it touches
 * stops. Where a person moved it, a person releases what is planned then.
 */
export function noteCommandedMove(context: StepContext, command: Command): void {
  const { switchIndex, by } = command;
  const name = switchName(context.engine, switchIndex);
  for (const incident of plansTouched(context, switchIndex)) {
    if (incident.id === command.incident) continue;
    const text = say(
      `${name}: ${by} thao tác trong phạm vi phương án`,
      `${name} was moved by ${by} within the scope of the plan`,
    );
    incident.surprise ??= text;
    if (command.incident === null) incident.mustAsk.push(text);
  }
}

/** Incidents with a plan at work, held or waiting, on the feeders or at the sections of a switch. */
function plansTouched(context: StepContext, switchIndex: number): readonly Incident[] {
  const { network } = context.engine;
  const feeders = feedersAt(context, switchIndex);
  const sections = [network.switchSectionFrom[switchIndex], network.switchSectionTo[switchIndex]];
  return context.state.incidents.filter((incident) => {
    if (isClosed(incident) || incident.progress === null) return false;
    const scope = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
    return (
      incident.plan?.switches.includes(switchIndex) === true ||
      scope.some((feeder) => feeders.includes(feeder)) ||
      incident.outSections.some((section) => sections.includes(section))
    );
  });
}
