import type { AlarmLoadView } from '@relight/contract';
import { shownState } from './alarm-state.ts';
import type { Alarm } from './alarm.ts';
import type { OperationsState } from './state.ts';
import { record, wakeAt, type StepContext } from './step-context.ts';

/** Time over which new alarms are counted (ISA-18.2, EEMUA 191). */
const WINDOW_ms = 600_000;
/** More than so many within the window are more than one person can follow … */
const FLOOD_BEGINS_ABOVE = 10;
/** … until there are fewer than so many. */
const FLOOD_ENDS_BELOW = 5;

/** The alarm wants to ring: it does unless this step still finds that it is suppressed. */
export function annunciate(context: StepContext, alarm: Alarm): void {
  context.touched.alarms.add(alarm.id);
  context.ringing.add(alarm.id);
}

/** Counts anew, says when a flood begins and ends, and wakes up when the next one leaves the window. */
export function advanceAlarmLoad(context: StepContext): void {
  const load = context.state.alarmLoad;
  const before = load.rang_ms.length;
  for (const id of context.ringing) {
    const alarm = context.state.alarms.get(id);
    if (alarm !== undefined && shownState(alarm) === 'unacknowledged') {
      load.rang_ms.push(context.now_ms);
    }
  }
  load.rang_ms = load.rang_ms.filter((at_ms) => context.now_ms - at_ms < WINDOW_ms);
  const count = load.rang_ms.length;
  if (load.floodSince_ms === null && count > FLOOD_BEGINS_ABOVE) {
    load.floodSince_ms = context.at_ms;
    record(context, 'alarm', 'relight', null, { flood: true, perTenMinutes: count });
  } else if (load.floodSince_ms !== null && count < FLOOD_ENDS_BELOW) {
    record(context, 'alarm', 'relight', null, {
      flood: false,
      since_ms: load.floodSince_ms,
      perTenMinutes: count,
    });
    load.floodSince_ms = null;
  }
  const oldest_ms = load.rang_ms[0];
  if (oldest_ms !== undefined) wakeAt(context, oldest_ms + WINDOW_ms);
  if (count !== before || context.touched.alarms.size > 0) context.touched.summary = true;
}

/** Cost: the number of alarms kept. */
export function alarmLoadView(state: OperationsState): AlarmLoadView {
  const unacknowledged: AlarmLoadView['unacknowledged'] = [0, 0, 0, 0];
  const aside = { shelved: 0, suppressed: 0, outOfService: 0 };
  for (const alarm of state.alarms.values()) {
    const shown = shownState(alarm);
    if (shown === 'unacknowledged' || shown === 'returnedUnacknowledged') {
      unacknowledged[alarm.priority - 1] = (unacknowledged[alarm.priority - 1] ?? 0) + 1;
    } else if (shown === 'shelved' || shown === 'suppressed' || shown === 'outOfService') {
      aside[shown] += 1;
    }
  }
  return {
    perTenMinutes: state.alarmLoad.rang_ms.length,
    floodSince_ms: state.alarmLoad.floodSince_ms,
    unacknowledged,
    ...aside,
  };
}
