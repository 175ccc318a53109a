import type { AlarmState, CarriedAlarm } from '@relight/contract';
import type { Alarm } from './alarm.ts';
import { record, type StepContext } from './step-context.ts';

/** Alarms of this priority can be neither shelved nor taken out of service. */
const NEVER_ASIDE = 1;

/** What a person sees: what was put aside comes before what cause and acknowledgement give. */
export function shownState(alarm: Alarm): AlarmState {
  if (alarm.outOfService !== null) return 'outOfService';
  if (alarm.shelved !== null) return 'shelved';
  // Once it has ended it ends for good, whatever it followed from.
  if (alarm.suppressed !== null && alarm.state !== 'normal') return 'suppressed';
  return alarm.state;
}

/** Put aside by a person; what it follows from is another matter. */
export function isSilent(alarm: Alarm): boolean {
  return alarm.shelved !== null || alarm.outOfService !== null;
}

export function maySilence(alarm: Alarm): boolean {
  return alarm.priority !== NEVER_ASIDE;
}

/** What changed, as the journal names it. */
export type AlarmChange =
  | 'raised'
  | 'again'
  | 'returned'
  | 'ended'
  | 'acknowledged'
  | 'shelved'
  | 'unshelved'
  | 'shelfOver'
  | 'outOfService'
  | 'inService'
  | 'suppressed'
  | 'unsuppressed';

/** Writes down what became of an alarm, whole, and shows it. */
export function journalAlarm(
  context: StepContext,
  alarm: Alarm,
  change: AlarmChange,
  by: string,
): void {
  const carried: CarriedAlarm = {
    key: alarm.key,
    priority: alarm.priority,
    state: alarm.state,
    raisedAt_ms: alarm.raisedAt_ms,
    equipment: alarm.equipment,
    text: alarm.text,
    incident: alarm.incident,
    count: alarm.count,
    acknowledgedBy: alarm.acknowledgedBy,
    acknowledgedAt_ms: alarm.acknowledgedAt_ms,
    shelved: alarm.shelved,
    outOfService: alarm.outOfService,
  };
  const because = alarm.suppressed === null ? {} : { suppressed: alarm.suppressed };
  record(context, 'alarm', by, alarm.incident, { alarm: alarm.id, change, ...carried, ...because });
  context.touched.alarms.add(alarm.id);
}
