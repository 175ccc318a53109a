import type { AlarmView, Bilingual } from '@relight/contract';
import { say } from './signal-text.ts';
import type { Alarm } from './state.ts';
import { record, type StepContext } from './step-context.ts';

/** An alarm as it is raised; the same `key` is the same alarm, counted up. */
export interface AlarmCall {
  readonly key: string;
  readonly priority: AlarmView['priority'];
  readonly equipment: string;
  readonly text: Bilingual;
  readonly incident?: string | null;
}

const ALARMS_KEPT = 1_000;

/** Raises an alarm, or raises it once more where it already stands. */
export function raiseAlarm(context: StepContext, call: AlarmCall): void {
  const { state } = context;
  const standing = state.alarms.get(state.alarmKeys.get(call.key) ?? '');
  if (standing !== undefined) {
    const sameState = standing.state === 'unacknowledged' || standing.state === 'acknowledged';
    if (sameState && standing.text.en === call.text.en) return;
    standing.text = call.text;
    standing.count += 1;
    standing.state = 'unacknowledged';
    standing.acknowledgedBy = null;
    standing.acknowledgedAt_ms = null;
    standing.raisedAt_ms = context.at_ms;
    if (call.incident !== undefined) standing.incident = call.incident;
    context.touched.alarms.add(standing.id);
    journalAlarm(context, standing);
    return;
  }
  const alarm: Alarm = {
    id: `A${state.run}-${state.nextAlarm}`,
    key: call.key,
    priority: call.priority,
    state: 'unacknowledged',
    raisedAt_ms: context.at_ms,
    equipment: call.equipment,
    place: placeOf(context, call.equipment),
    text: call.text,
    incident: call.incident ?? null,
    count: 1,
    acknowledgedBy: null,
    acknowledgedAt_ms: null,
  };
  state.nextAlarm += 1;
  state.alarms.set(alarm.id, alarm);
  state.alarmKeys.set(alarm.key, alarm.id);
  context.touched.alarms.add(alarm.id);
  journalAlarm(context, alarm);
  dropOldest(context);
}

function journalAlarm(context: StepContext, alarm: Alarm): void {
  record(context, 'alarm', 'relight', alarm.incident, {
    alarm: alarm.id,
    priority: alarm.priority,
    equipment: alarm.equipment,
    text: alarm.text,
    count: alarm.count,
  });
}

/** The cause has gone: acknowledged alarms end, unacknowledged ones wait to be seen. */
export function clearAlarm(context: StepContext, key: string): void {
  const alarm = context.state.alarms.get(context.state.alarmKeys.get(key) ?? '');
  if (alarm === undefined) return;
  if (alarm.state === 'acknowledged') endAlarm(context, alarm);
  else if (alarm.state === 'unacknowledged') {
    alarm.state = 'returnedUnacknowledged';
    context.touched.alarms.add(alarm.id);
  }
}

/**
 * Somebody has seen it. It also ends what hung on it: a feeder taken out of automatic, a device
 * moved by hand.
 */
export function acknowledgeAlarm(context: StepContext, alarm: Alarm, by: string): void {
  if (alarm.state !== 'unacknowledged' && alarm.state !== 'returnedUnacknowledged') return;
  const returned = alarm.state === 'returnedUnacknowledged';
  alarm.state = 'acknowledged';
  alarm.acknowledgedBy = by;
  alarm.acknowledgedAt_ms = context.at_ms;
  context.touched.alarms.add(alarm.id);
  record(context, 'alarm', by, alarm.incident, { alarm: alarm.id, acknowledged: true });
  const { state } = context;
  state.feeders.forEach((feeder, index) => {
    if (feeder.out?.alarmKey !== alarm.key) return;
    feeder.out = null;
    context.touched.feeders.add(index);
  });
  for (const [device, key] of state.manual) {
    if (key === alarm.key) state.manual.delete(device);
  }
  if (returned || isMessage(alarm)) endAlarm(context, alarm);
}

/** Alarms that report an event and have no lasting cause end with their acknowledgement. */
function isMessage(alarm: Alarm): boolean {
  return alarm.key.startsWith('once/') || alarm.key.startsWith('manual/');
}

function endAlarm(context: StepContext, alarm: Alarm): void {
  alarm.state = 'normal';
  context.state.alarmKeys.delete(alarm.key);
  context.touched.alarms.add(alarm.id);
}

function dropOldest(context: StepContext): void {
  const { alarms } = context.state;
  if (alarms.size <= ALARMS_KEPT) return;
  for (const [id, alarm] of alarms) {
    if (alarm.state !== 'normal') continue;
    alarms.delete(id);
    if (alarms.size <= ALARMS_KEPT) return;
  }
}

/** Station or feeder a piece of equipment belongs to, for the column "place". */
function placeOf(context: StepContext, equipment: string): Bilingual {
  const { grid, network, normalEnergisation } = context.engine;
  const switchIndex = network.index.switch.get(equipment);
  const node =
    switchIndex === undefined
      ? (network.index.node.get(equipment) ?? -1)
      : (network.branchFrom[network.firstSwitchBranch + switchIndex] ?? -1);
  const substation = grid.substations.find(
    (each) => each.id === grid.connectivityNodes[node]?.substation,
  );
  if (substation !== undefined) return say(substation.name, substation.name);
  const feeder = grid.feeders[normalEnergisation.nodeFeeder[node] ?? -1];
  return feeder === undefined ? say(equipment, equipment) : say(feeder.name, feeder.name);
}
