import type { AlarmView, Bilingual } from '@relight/contract';
import { annunciate } from './alarm-load.ts';
import { isSilent, journalAlarm } from './alarm-state.ts';
import { say } from './signal-text.ts';
import type { Alarm } from './alarm.ts';
import type { StepContext } from './step-context.ts';

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
  const standing = alarmOf(context, call.key);
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
    journalAlarm(context, standing, 'again', 'relight');
    annunciate(context, standing);
    return;
  }
  const alarm = addAlarm(context, {
    key: call.key,
    priority: call.priority,
    state: 'unacknowledged',
    raisedAt_ms: context.at_ms,
    equipment: call.equipment,
    text: call.text,
    incident: call.incident ?? null,
    count: 1,
    acknowledgedBy: null,
    acknowledgedAt_ms: null,
    shelved: null,
    outOfService: null,
  });
  journalAlarm(context, alarm, 'raised', 'relight');
  annunciate(context, alarm);
  dropOldest(context);
}

/** The alarm of a key that stands or is put aside. */
export function alarmOf(context: StepContext, key: string): Alarm | undefined {
  return context.state.alarms.get(context.state.alarmKeys.get(key) ?? '');
}

/** Puts an alarm into the list under a new id; says and journals nothing. */
export function addAlarm(
  context: StepContext,
  known: Omit<Alarm, 'id' | 'place' | 'suppressed' | 'shelfEnds_ms' | 'members'>,
): Alarm {
  const { state } = context;
  const alarm: Alarm = {
    ...known,
    id: `A${state.run}-${state.nextAlarm}`,
    place: placeOf(context, known.equipment),
    suppressed: null,
    shelfEnds_ms: null,
    members: 0,
  };
  state.nextAlarm += 1;
  state.alarms.set(alarm.id, alarm);
  state.alarmKeys.set(alarm.key, alarm.id);
  context.touched.alarms.add(alarm.id);
  return alarm;
}

/**
 * The cause has gone: acknowledged alarms end, unacknowledged ones wait to be seen. What was
 * suppressed or put aside ends unseen: somebody or another alarm had told it.
 */
export function clearAlarm(context: StepContext, key: string): void {
  const alarm = alarmOf(context, key);
  if (alarm === undefined || !stands(alarm)) return;
  const seen = alarm.state === 'acknowledged' || alarm.suppressed !== null || isSilent(alarm);
  alarm.state = seen ? 'normal' : 'returnedUnacknowledged';
  journalAlarm(context, alarm, seen ? 'ended' : 'returned', 'relight');
  forgetIfOver(context, alarm);
}

/** Its cause is still there, as far as anybody knows. */
export function stands(alarm: Alarm): boolean {
  return alarm.state === 'unacknowledged' || alarm.state === 'acknowledged';
}

/**
 * Somebody has seen it. It also ends what hung on it: a feeder taken out of automatic, a device
 * moved by hand.
 */
export function acknowledgeAlarm(context: StepContext, alarm: Alarm, by: string): void {
  if (alarm.state !== 'unacknowledged' && alarm.state !== 'returnedUnacknowledged') return;
  const over = alarm.state === 'returnedUnacknowledged' || isMessage(alarm);
  alarm.state = over ? 'normal' : 'acknowledged';
  alarm.acknowledgedBy = by;
  alarm.acknowledgedAt_ms = context.at_ms;
  journalAlarm(context, alarm, 'acknowledged', by);
  const { state } = context;
  state.feeders.forEach((feeder, index) => {
    if (feeder.out?.alarmKey !== alarm.key) return;
    feeder.out = null;
    context.touched.feeders.add(index);
  });
  for (const [device, key] of state.manual) {
    if (key !== alarm.key) continue;
    state.manual.delete(device);
    context.touched.switches.add(device);
  }
  forgetIfOver(context, alarm);
}

/** Alarms that report an event and have no lasting cause end with their acknowledgement. */
function isMessage(alarm: Alarm): boolean {
  return alarm.key.startsWith('once/') || alarm.key.startsWith('manual/');
}

/** An alarm that has ended is a new one when it comes back, unless it is still put aside. */
export function forgetIfOver(context: StepContext, alarm: Alarm): void {
  if (alarm.state !== 'normal' || isSilent(alarm)) return;
  alarm.suppressed = null;
  context.state.alarmKeys.delete(alarm.key);
}

function dropOldest(context: StepContext): void {
  const { alarms, alarmKeys } = context.state;
  if (alarms.size <= ALARMS_KEPT) return;
  for (const [id, alarm] of alarms) {
    if (alarmKeys.get(alarm.key) === id) continue;
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
