import type { AlarmView, CommandView } from '@relight/contract';
import { asker } from '../command-state.ts';
import { maySilence, shownState } from '../alarm-state.ts';
import { groupOf } from '../alarm-suppression.ts';
import { stands } from '../alarms.ts';
import type { Alarm } from '../alarm.ts';
import type { Command } from '../command.ts';
export function alarmView(alarm: Alarm): AlarmView {
  return {
    id: alarm.id,
    priority: alarm.priority,
    state: shownState(alarm),
    raisedAt_ms: alarm.raisedAt_ms,
    equipment: alarm.equipment,
    place: alarm.place,
    text: alarm.text,
    incident: alarm.incident,
    count: alarm.count,
    acknowledgedBy: alarm.acknowledgedBy,
    acknowledgedAt_ms: alarm.acknowledgedAt_ms,
    stands: stands(alarm),
    group: groupOf(alarm),
    suppressedBecause: alarm.suppressed?.because ?? null,
    shelved: alarm.shelved,
    outOfService: alarm.outOfService,
    maySilence: maySilence(alarm),
  };
}

export function commandView(command: Command): CommandView {
  return {
    id: command.id,
    equipment: command.equipment,
    operation: command.operation,
    state: command.state,
    by: asker(command),
    incident: command.incident,
    requestedAt_ms: command.requestedAt_ms,
    changedAt_ms: command.changedAt_ms,
    until_ms: command.untilWall_ms,
    reason: command.reason,
    approval: command.approval,
    secondPerson: command.secondPerson?.name ?? null,
    emergency: command.emergency,
  };
}
