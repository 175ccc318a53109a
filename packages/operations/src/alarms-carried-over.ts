import type { CarriedAlarm, CarriedOver } from '@relight/contract';
import { journalAlarm } from './alarm-state.ts';
import { addAlarm } from './alarms.ts';
import type { StepContext } from './step-context.ts';

/** Alarms whose cause this run finds out anew by itself, and clears if it has gone. */
const FOUND_OUT_ANEW: ReadonlySet<string> = new Set(['link', 'bad-position', 'trip', 'journal']);
/** Alarms that report an event: they stand until they are acknowledged, whatever happens. */
const MESSAGES: ReadonlySet<string> = new Set(['once', 'manual']);

/**
 * Takes over the alarms of earlier runs: who has seen what, what is shelved and till when, and what
 * hangs on them. Where this run cannot know whether the cause still stands, it counts as gone, is
 * still to be seen, and is raised anew by whoever finds it.
 */
export function carryAlarmsOver(context: StepContext, left: CarriedOver): void {
  const { engine, state } = context;
  for (const known of left.alarms ?? []) carryAlarm(context, known);
  for (const [feeder, mode] of Object.entries(left.feederModes ?? {})) {
    const feederState = state.feeders[engine.feederIndex.get(feeder) ?? -1];
    if (feederState !== undefined) feederState.mode = mode;
  }
  for (const { feeder, reason, alarmKey } of left.feedersOut ?? []) {
    const feederState = state.feeders[engine.feederIndex.get(feeder) ?? -1];
    // Without its alarm nobody could ever end it.
    if (feederState !== undefined && state.alarmKeys.has(alarmKey)) {
      feederState.out = { reason, alarmKey };
    }
  }
}

function carryAlarm(context: StepContext, known: CarriedAlarm): void {
  const { engine, state } = context;
  const [kind = ''] = known.key.split('/');
  const aside = known.shelved !== null || known.outOfService !== null;
  let now = known.state;
  if (!FOUND_OUT_ANEW.has(kind) && !MESSAGES.has(kind)) {
    if (now === 'acknowledged') now = 'normal';
    if (now === 'unacknowledged') now = aside ? 'normal' : 'returnedUnacknowledged';
  }
  const alarm = addAlarm(context, { ...known, state: now });
  if (known.shelved !== null) {
    // Only the wall clock has gone on meanwhile; the time agreed upon is never exceeded.
    const whole_ms = known.shelved.until_ms - known.shelved.at_ms;
    const left_ms = Math.max(0, Math.min(whole_ms, known.shelved.until_ms - context.at_ms));
    alarm.shelfEnds_ms = context.now_ms + left_ms;
  }
  if (kind === 'manual') {
    const device = engine.network.index.switch.get(known.equipment);
    if (device !== undefined) state.manual.set(device, known.key);
  }
  if (now === known.state) return;
  if (now === 'normal' && !aside) state.alarmKeys.delete(alarm.key);
  journalAlarm(context, alarm, now === 'normal' ? 'ended' : 'returned', 'relight');
}
