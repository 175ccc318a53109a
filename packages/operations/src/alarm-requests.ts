import type { OperatorRequest } from '@relight/contract';
import { annunciate } from './alarm-load.ts';
import { journalAlarm, maySilence, shownState } from './alarm-state.ts';
import { groupOf } from './alarm-suppression.ts';
import { acknowledgeAlarm, forgetIfOver, stands } from './alarms.ts';
import { refused, type Answer } from './answers.ts';
import type { Alarm } from './alarm.ts';
import { wakeAt, type StepContext } from './step-context.ts';

export type AlarmRequest = Extract<
  OperatorRequest,
  {
    type:
      | 'acknowledgeAlarm'
      | 'acknowledgeAlarms'
      | 'acknowledgeGroup'
      | 'shelveAlarm'
      | 'unshelveAlarm'
      | 'takeAlarmOutOfService'
      | 'returnAlarmToService';
  }
>;

const DONE: Answer = { status: 202 };

/** What a person wants done with alarms: all of it or nothing. */
export function answerAlarmRequest(context: StepContext, by: string, body: AlarmRequest): Answer {
  switch (body.type) {
    case 'acknowledgeAlarm':
      return acknowledgeAll(context, by, [body.alarm]);
    case 'acknowledgeAlarms':
      return acknowledgeAll(context, by, body.alarms);
    case 'acknowledgeGroup':
      return acknowledgeGroup(context, by, body.group);
    case 'shelveAlarm':
    case 'unshelveAlarm':
    case 'takeAlarmOutOfService':
    case 'returnAlarmToService': {
      const alarm = context.state.alarms.get(body.alarm);
      if (alarm === undefined) return refused(404, 'RL-023', `no alarm ${body.alarm}`);
      return putAside(context, by, alarm, body);
    }
  }
}

function acknowledgeAll(context: StepContext, by: string, ids: readonly string[]): Answer {
  const alarms = ids.map((id) => context.state.alarms.get(id));
  const missing = alarms.indexOf(undefined);
  if (missing !== -1) return refused(404, 'RL-023', `no alarm ${ids[missing]}`);
  for (const alarm of alarms) if (alarm !== undefined) acknowledgeAlarm(context, alarm, by);
  return DONE;
}

function acknowledgeGroup(context: StepContext, by: string, group: string): Answer {
  const alarms = [...context.state.alarms.values()].filter((alarm) => groupOf(alarm) === group);
  if (alarms.length === 0) return refused(404, 'RL-023', `no group of alarms ${group}`);
  for (const alarm of alarms) acknowledgeAlarm(context, alarm, by);
  return DONE;
}

function putAside(
  context: StepContext,
  by: string,
  alarm: Alarm,
  body: Exclude<AlarmRequest, { type: `acknowledge${string}` }>,
): Answer {
  const { at_ms } = context;
  switch (body.type) {
    case 'shelveAlarm':
      if (!maySilence(alarm)) return tooImportant(alarm);
      if (isGone(context, alarm)) return notSo(alarm);
      alarm.shelved = { by, reason: body.reason, at_ms, until_ms: at_ms + body.for_ms };
      alarm.shelfEnds_ms = context.now_ms + body.for_ms;
      journalAlarm(context, alarm, 'shelved', by);
      return DONE;
    case 'unshelveAlarm':
      if (alarm.shelved === null) return notSo(alarm);
      endShelf(context, alarm, 'unshelved', by);
      return DONE;
    case 'takeAlarmOutOfService':
      if (!maySilence(alarm)) return tooImportant(alarm);
      if (isGone(context, alarm)) return notSo(alarm);
      alarm.outOfService = { by, reason: body.reason, at_ms };
      journalAlarm(context, alarm, 'outOfService', by);
      return DONE;
    case 'returnAlarmToService':
      if (alarm.outOfService === null) return notSo(alarm);
      alarm.outOfService = null;
      comeBack(context, alarm);
      journalAlarm(context, alarm, 'inService', by);
      forgetIfOver(context, alarm);
      return DONE;
  }
}

/** Takes back what was shelved too long; wakes up for the next. */
export function advanceShelves(context: StepContext): void {
  for (const alarm of context.state.alarms.values()) {
    if (alarm.shelfEnds_ms === null) continue;
    if (context.now_ms >= alarm.shelfEnds_ms) endShelf(context, alarm, 'shelfOver', 'relight');
    else wakeAt(context, alarm.shelfEnds_ms);
  }
}

function endShelf(
  context: StepContext,
  alarm: Alarm,
  change: 'unshelved' | 'shelfOver',
  by: string,
): void {
  alarm.shelved = null;
  alarm.shelfEnds_ms = null;
  comeBack(context, alarm);
  journalAlarm(context, alarm, change, by);
  forgetIfOver(context, alarm);
}

/** Back in the list it rings anew where its cause stands, also if it had been seen before. */
function comeBack(context: StepContext, alarm: Alarm): void {
  if (!stands(alarm) || alarm.shelved !== null || alarm.outOfService !== null) return;
  alarm.state = 'unacknowledged';
  alarm.acknowledgedBy = null;
  alarm.acknowledgedAt_ms = null;
  annunciate(context, alarm);
}

/** It has ended: there is nothing left to put aside. */
function isGone({ state }: StepContext, alarm: Alarm): boolean {
  return state.alarmKeys.get(alarm.key) !== alarm.id;
}

function tooImportant(alarm: Alarm): Answer {
  return refused(422, 'RL-060', `alarm ${alarm.id} has priority ${alarm.priority}`);
}

function notSo(alarm: Alarm): Answer {
  return refused(409, 'RL-027', `alarm ${alarm.id} is ${shownState(alarm)}`);
}
