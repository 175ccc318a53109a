import type { Bilingual, IncidentState } from '@relight/contract';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { isRecallable } from './command-state.ts';
import { sendOrder } from './command-orders.ts';
import { cancelCommand } from './commands.ts';
import { switchName } from './engine.ts';
import { isClosed, type Incident, type PlanProgress } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';

/** Changes an incident's state; every change is a journal record. */
export function setState(
  context: StepContext,
  incident: Incident,
  state: IncidentState,
  why: Bilingual | null = null,
): void {
  if (incident.state === state) return;
  incident.state = state;
  const done =
    state === 'restored' || state === 'aborted' || state === 'momentary' || state === 'returned';
  incident.closedAt_ms = done ? context.at_ms : null;
  context.touched.incidents.add(incident.id);
  context.touched.summary = true;
  touchSections(context, incident);
  record(context, 'incident', 'flisr', incident.id, {
    state,
    ...(why === null ? {} : { why }),
  });
}

/** Sections whose colour or share the incident decides. */
export function touchSections(context: StepContext, incident: Incident): void {
  for (const section of incident.outSections) context.touched.sections.add(section);
  for (const section of sectionsKeptDead(incident)) context.touched.sections.add(section);
}

/**
 * Drops a plan; a command whose operate order has not gone out yet is cancelled, one that is on
 * its way to the device is recalled.
 */
export function stopPlan(context: StepContext, incident: Incident): void {
  const { progress } = incident;
  const command = context.state.commands.get(progress?.command ?? '');
  if (command !== undefined && isRecallable(command)) {
    cancelCommand(context, command, 'flisr', say('phương án dừng', 'the plan stopped'));
  } else if (command?.state === 'executing' && !command.recalled) {
    command.recalled = true;
    // On its way to the device: the gateway takes it back if nothing has been written yet.
    sendOrder(context, command, 'cancel');
  }
  if (progress === null) return;
  for (const step of progress.steps) {
    if (step.state !== 'waiting' && step.state !== 'next' && step.state !== 'selecting') continue;
    step.state = 'cancelled';
    step.at_ms = context.at_ms;
  }
  progress.guardUntil_ms = null;
  progress.standUntil_ms = null;
}

/** Stops the plans that work on a feeder, also those a person has released. */
export function stopPlansOn(context: StepContext, feeder: number, why: Bilingual): void {
  for (const incident of context.state.incidents) {
    const works = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
    if (isClosed(incident) || incident.progress === null || !works.includes(feeder)) continue;
    incident.surprise ??= why;
  }
}

/** A device that should reclose and does not is for a person to put right. */
export function alarmReclosingOff(context: StepContext, incident: Incident, device: number): void {
  const equipment = context.engine.grid.switches[device]?.id ?? '';
  const name = switchName(context.engine, device);
  raiseAlarm(context, {
    key: `once/reclosing/${equipment}`,
    priority: 3,
    equipment,
    incident: incident.id,
    text: say(`${name}: tự đóng lại còn khóa`, `${name}: reclosing is still off`),
  });
}

/** It recloses again. */
export function endReclosingAlarm(context: StepContext, device: number): void {
  clearAlarm(context, `once/reclosing/${context.engine.grid.switches[device]?.id ?? ''}`);
}

/** Shows which step comes next. */
export function markNext(progress: PlanProgress): void {
  const next = progress.steps[progress.at];
  if (next?.state === 'waiting') next.state = 'next';
}
