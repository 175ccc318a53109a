import { CLOSED } from '@relight/topology';
import { clearAlarm, raiseAlarm } from '../alarms.ts';
import { isEnded } from '../command-state.ts';
import { AUTOMATION, createCommand } from '../commands.ts';
import { setState, touchSections } from '../incident-changes.ts';
import { addOutage } from '../outage.ts';
import { readingAge_ms } from '../process-image.ts';
import { say } from '../signal-text.ts';
import type { Command } from '../command.ts';
import { requestReading, wakeAt, type StepContext } from '../step-context.ts';
import { openIncident } from '../trips.ts';
import { isOver, type EarthFault } from './earth-fault-state.ts';
import { end, levelOf } from './neutral-voltage.ts';

/** Carries every search on as far as what is known allows. True if anything changed. */
export function advanceEarthFaults(context: StepContext): boolean {
  let changed = false;
  for (const fault of context.state.earthFaults) {
    if (isOver(fault)) continue;
    if (fault.command !== null) changed = followCommand(context, fault) || changed;
    else if (fault.state === 'searching') changed = watch(context, fault) || changed;
    watchTime(context, fault);
  }
  return changed;
}

/** Opens a feeder for the search; a person has released it. */
export function openFeeder(context: StepContext, fault: EarthFault, feeder: number): Command {
  fault.state = 'searching';
  fault.trying = feeder;
  fault.watchFrom_ms = null;
  fault.toldBlind = false;
  return send(context, fault, 'open');
}

/** Closes the feeder that is open for the search, or that is to run with the earth fault. */
export function closeFeeder(context: StepContext, fault: EarthFault): Command {
  fault.watchFrom_ms = null;
  return send(context, fault, 'close');
}

function send(context: StepContext, fault: EarthFault, operation: 'open' | 'close'): Command {
  const command = createCommand(context, {
    switchIndex: context.engine.grid.feeders[fault.trying ?? -1]?.head ?? -1,
    operation,
    by: fault.person?.user ?? AUTOMATION,
    incident: null,
    step: null,
    automatic: true,
    ...(fault.person === null ? {} : { person: fault.person }),
  });
  fault.command = command.id;
  context.touched.earthFaults.add(fault.id);
  return command;
}

function followCommand(context: StepContext, fault: EarthFault): boolean {
  const command = context.state.commands.get(fault.command ?? '');
  if (command !== undefined && !isEnded(command)) return false;
  const done = command?.state === 'verified';
  const searched = fault.feeders.find(({ feeder }) => feeder === fault.trying);
  fault.command = null;
  context.touched.earthFaults.add(fault.id);
  if (command?.operation === 'open') {
    if (done) {
      if (searched !== undefined) searched.state = 'open';
      fault.watchFrom_ms = context.now_ms;
      askFor3U0(context, fault);
    } else stopAt(context, fault, 'mở', 'opened');
    return true;
  }
  if (!done) {
    keepDeadAgain(context, fault);
    stopAt(context, fault, 'đóng lại', 'closed again');
  } else if (fault.state === 'searching') {
    if (searched?.state === 'open') searched.state = 'sound';
    fault.trying = null;
    fault.state = 'standing';
    if (levelOf(context, fault.point) === 'fallen') end(context, fault);
  }
  return true;
}

/** The feeder that was to run with the earth fault was not closed: it stays the faulted part. */
function keepDeadAgain(context: StepContext, fault: EarthFault): void {
  const incident = context.state.incidents.find((each) => each.id === fault.incident);
  if (fault.state !== 'running' || incident === undefined) return;
  incident.lifted = false;
  incident.liftedSections = [];
  context.touched.incidents.add(incident.id);
  touchSections(context, incident);
}

/** The feeder did not move as the search needs: a person goes on from here. */
function stopAt(context: StepContext, fault: EarthFault, vi: string, en: string): void {
  const name = feederName(context, fault);
  raiseAlarm(context, {
    key: `once/earthFaultSearch/${fault.id}`,
    priority: 1,
    equipment: headId(context, fault),
    text: say(
      `${fault.id}: ${name} không ${vi} được, dừng tìm điểm chạm đất`,
      `${fault.id}: ${name} could not be ${en}, the search for the earth fault stops`,
    ),
  });
  const searched = fault.feeders.find(({ feeder }) => feeder === fault.trying);
  if (searched?.state === 'open') searched.state = 'waiting';
  fault.trying = null;
  fault.state = 'standing';
}

/** Is 3U0 still there with the feeder open? Only a reading made since it opened can tell. */
function watch(context: StepContext, fault: EarthFault): boolean {
  const { engine, state } = context;
  const from_ms = fault.watchFrom_ms;
  if (from_ms === null) return false;
  const age_ms = readingAge_ms(engine, state, fault.point, context.now_ms);
  const isFresh = age_ms !== null && context.now_ms - age_ms > from_ms;
  const level = isFresh ? levelOf(context, fault.point) : null;
  if (level === 'fallen') {
    find(context, fault);
    return true;
  }
  const due_ms = from_ms + state.configuration.earthFaultWatch_ms;
  if (context.now_ms < due_ms) {
    wakeAt(context, due_ms);
    return false;
  }
  if (level === 'raised') {
    // Unchanged: the fault is not on this feeder, so closing it again is allowed.
    closeFeeder(context, fault);
    return true;
  }
  if (fault.toldBlind) return false;
  fault.toldBlind = true;
  askFor3U0(context, fault);
  raiseAlarm(context, {
    key: `once/earthFaultBlind/${fault.id}`,
    priority: 1,
    equipment: headId(context, fault),
    text: say(
      `${fault.id}: không đọc được 3U0 sau khi mở ${feederName(context, fault)}; điều độ viên quyết định`,
      `${fault.id}: 3U0 cannot be read after ${feederName(context, fault)} was opened; a person decides`,
    ),
  });
  return true;
}

/** 3U0 went with this feeder: it is kept dead until a person decides otherwise. */
function find(context: StepContext, fault: EarthFault): void {
  const { engine, state } = context;
  const searched = fault.feeders.find(({ feeder }) => feeder === fault.trying);
  if (searched !== undefined) searched.state = 'faulted';
  fault.state = 'found';
  fault.since_ms = null;
  fault.watchFrom_ms = null;
  context.touched.earthFaults.add(fault.id);
  clearAlarm(context, `earthFault/${fault.network}`);
  const head = engine.grid.feeders[fault.trying ?? -1]?.head ?? -1;
  const before = state.lastGood.slice();
  before[head] = CLOSED;
  const opened = { switchIndex: head, since_ms: context.now_ms, at_ms: context.at_ms };
  const incident = openIncident(context, opened, before);
  addOutage(engine, incident, before, [head]);
  const name = feederName(context, fault);
  const why = say(
    `${name}: mở thì hết 3U0, chạm đất nằm trên lộ này; giữ không điện đến khi có người quyết định`,
    `${name}: 3U0 went when it was opened, the earth fault is on it; kept dead until a person decides`,
  );
  incident.reasons = [why];
  fault.incident = incident.id;
  setState(context, incident, 'aborted', why);
  touchSections(context, incident);
  raiseAlarm(context, {
    key: `once/earthFaultFound/${fault.id}`,
    priority: 1,
    equipment: headId(context, fault),
    incident: incident.id,
    text: why,
  });
}

/** Tells when the time the network may run with the earth fault is over. */
function watchTime(context: StepContext, fault: EarthFault): void {
  if (fault.runUntil_ms === null) return;
  if (context.now_ms < fault.runUntil_ms) {
    wakeAt(context, fault.runUntil_ms);
    return;
  }
  fault.runUntil_ms = null;
  raiseAlarm(context, {
    key: `earthFaultTime/${fault.id}`,
    priority: 1,
    equipment: headId(context, fault),
    text: say(
      `${fault.id}: hết thời gian cho phép vận hành với chạm đất trên ${feederName(context, fault)}`,
      `${fault.id}: the time ${feederName(context, fault)} may run with the earth fault is over`,
    ),
  });
}

function askFor3U0(context: StepContext, fault: EarthFault): void {
  const { engine } = context;
  const rtu = engine.rtus[engine.points[fault.point]?.rtu ?? -1];
  if (rtu !== undefined) requestReading(context, [rtu.id]);
}

export function feederName(context: StepContext, fault: EarthFault): string {
  return context.engine.grid.feeders[fault.trying ?? -1]?.name ?? '?';
}

function headId(context: StepContext, fault: EarthFault): string {
  const { grid } = context.engine;
  return grid.switches[grid.feeders[fault.trying ?? -1]?.head ?? -1]?.id ?? fault.network;
}
