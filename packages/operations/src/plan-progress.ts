import type { Bilingual, SwitchOperation } from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { isEnded } from './command-state.ts';
import { AUTOMATION, createCommand } from './commands.ts';
import { pointOf, switchName } from './engine.ts';
import { AGE_GATE, firstShut, judgeGates } from './gates.ts';
import { guardTime_ms } from './guard-time.ts';
import { endGuardTrip, noteHelperClosed } from './guard-trip.ts';
import {
  alarmReclosingOff,
  endReclosingAlarm,
  markNext,
  setState,
  stopPlan,
} from './incident-changes.ts';
import type { Incident, PlanProgress, StepProgress } from './incident-state.ts';
import { releasedByMode, whyAsk } from './permission.ts';
import { isFaultElsewhere } from './locating.ts';
import { restOnPresentScope } from './plan-scope.ts';
import { makePlan } from './planning.ts';
import { goodValue } from './process-image.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import { record, wakeAt, type StepContext } from './step-context.ts';
import { endWayBack } from './way-back/end.ts';
import { whyNotFirst } from './way-back/first-energising.ts';

/** After so many plans made by itself after failures a person is asked. */
const MOST_REPLANS = 5;
/** Carries the plan on: one step at a time, stop on surprise. True if anything changed. */
export function advancePlan(context: StepContext, incident: Incident): boolean {
  const { progress } = incident;
  if (progress === null) return false;
  const inFlight = context.state.commands.get(progress.command ?? '');
  if (inFlight !== undefined) {
    if (incident.surprise !== null && inFlight.state !== 'unknown') stopPlan(context, incident);
    return followCommand(context, incident, progress, inFlight);
  }
  if (incident.surprise !== null) {
    planAnew(context, incident, incident.surprise);
    return true;
  }
  if (progress.guardUntil_ms !== null) {
    if (context.now_ms < progress.guardUntil_ms) {
      wakeAt(context, progress.guardUntil_ms);
      return false;
    }
    progress.guardUntil_ms = null;
    progress.guarded = null;
  }
  if (progress.standUntil_ms !== null) {
    if (context.now_ms < progress.standUntil_ms) {
      wakeAt(context, progress.standUntil_ms);
      return false;
    }
    progress.standUntil_ms = null;
  }
  if (incident.held) {
    const changes = incident.state !== 'held';
    setState(context, incident, 'held');
    return changes;
  }
  if (progress.at >= progress.steps.length) return finish(context, incident, progress);
  if (isFaultElsewhere(context, incident)) {
    planAnew(
      context,
      incident,
      say('có chứng cứ mới về điểm sự cố', 'new evidence about the place of the fault'),
    );
    return true;
  }
  takeRelease(context, incident, progress);
  if (progress.at >= progress.released) {
    setState(context, incident, 'approval');
    restOnPresentScope(context, incident);
    return true;
  }
  return beginStep(context, incident, progress);
}

/** What the mode releases now; a mode made stricter meanwhile holds an automatic plan back. */
function takeRelease(context: StepContext, incident: Incident, progress: PlanProgress): void {
  const byMode = releasedByMode(context.engine, context.state, incident, context.now_ms);
  if (!incident.automatic) {
    progress.released = Math.max(progress.released, byMode);
    return;
  }
  progress.released = byMode;
  if (byMode > progress.at) return;
  incident.reasons = [...whyAsk(context.engine, context.state, incident, context.now_ms)];
  incident.automatic = false;
}

/** A command of the plan is in flight: mirrors it, and goes on when it has ended. */
function followCommand(
  context: StepContext,
  incident: Incident,
  progress: PlanProgress,
  command: Command,
): boolean {
  const step = command.step === null ? undefined : progress.steps[command.step];
  const now = stepState(command);
  if (step !== undefined && step.state !== now) {
    step.state = now;
    step.at_ms = context.at_ms;
    step.reason = command.reason;
    context.touched.incidents.add(incident.id);
  }
  if (!isEnded(command)) {
    if (command.state !== 'unknown') return false;
    const changes = incident.state !== 'halted';
    const name = switchName(context.engine, command.switchIndex);
    incident.reasons = [
      say(
        `${name}: không rõ kết quả lệnh, dừng lại`,
        `${name}: outcome of the command unknown, it stops`,
      ),
    ];
    setState(context, incident, 'halted', incident.reasons[0]);
    return changes;
  }
  progress.command = null;
  if (command.state !== 'verified') {
    noteFailure(context, incident, command);
    return true;
  }
  const wasHalted = incident.state === 'halted';
  if (command.operation === 'enableReclosing') endReclosingAlarm(context, command.switchIndex);
  if (step === undefined) return true;
  progress.at += 1;
  if (command.operation === 'close') {
    progress.guardUntil_ms =
      context.now_ms + guardTime_ms(context.engine, context.state, command.switchIndex);
    progress.guarded = command.switchIndex;
    noteHelperClosed(context, incident, command.switchIndex);
  } else if (command.operation === 'open') {
    progress.standUntil_ms = context.now_ms + context.state.configuration.standTime_ms;
  }
  markNext(progress);
  if (wasHalted) {
    incident.surprise ??= say(
      'kết quả lệnh đã rõ, lập lại phương án',
      'the outcome is known now: planned again',
    );
  }
  return true;
}

function stepState(command: Command): StepProgress['state'] {
  switch (command.state) {
    case 'requested':
    case 'approved':
    case 'selected':
      return 'selecting';
    case 'executing':
    case 'acknowledged':
      return 'executing';
    case 'verified':
      return 'verified';
    case 'unknown':
      return 'unknown';
    case 'cancelled':
      return 'cancelled';
    case 'rejected':
    case 'expired':
    case 'failed':
      return 'failed';
  }
}

/** The device did not do what the plan needs: it is left out and the plan is made anew. */
function noteFailure(context: StepContext, incident: Incident, command: Command): void {
  const name = switchName(context.engine, command.switchIndex);
  if (command.operation === 'enableReclosing') {
    alarmReclosingOff(context, incident, command.switchIndex);
    return;
  }
  if (command.state === 'cancelled') return;
  const leaveOut = command.state === 'failed' || command.state === 'expired';
  if (leaveOut && command.step !== null && !incident.stuck.includes(command.switchIndex)) {
    incident.stuck.push(command.switchIndex);
    incident.stuck.sort((a, b) => a - b);
  }
  const why = command.reason ?? say(command.state, command.state);
  const text = say(`${name}: ${why.vi}`, `${name}: ${why.en}`);
  if (command.refusedByMonitor) incident.mustAsk.push(text);
  incident.surprise ??= text;
}

function planAnew(context: StepContext, incident: Incident, why: Bilingual): void {
  endGuardTrip(incident);
  stopPlan(context, incident);
  record(context, 'incident', 'flisr', incident.id, { plansAgain: why });
  incident.replans += 1;
  if (incident.replans === MOST_REPLANS) {
    incident.mustAsk.push(
      say(
        `đã lập lại phương án ${MOST_REPLANS} lần không thành công`,
        `planned again ${MOST_REPLANS} times without success`,
      ),
    );
  }
  makePlan(context, incident);
}

function beginStep(context: StepContext, incident: Incident, progress: PlanProgress): boolean {
  const planStep = incident.plan?.document.steps[progress.at];
  const switchIndex = incident.plan?.switches[progress.at] ?? -1;
  const step = progress.steps[progress.at];
  if (planStep === undefined || step === undefined) return false;
  setState(context, incident, 'executing');
  if (planStep.action === 'close') {
    const device = nextReclosingToSwitchOff(context, incident);
    if (device !== null) return sendForPlan(context, incident, device, 'disableReclosing', null);
  }
  const wanted = planStep.action === 'open' ? OPEN : CLOSED;
  if (context.state.positions[switchIndex] === wanted) {
    // Somebody or protection has done it already.
    step.state = 'verified';
    step.at_ms = context.at_ms;
    progress.at += 1;
    markNext(progress);
    context.touched.incidents.add(incident.id);
    return true;
  }
  if (wanted === CLOSED && incident.wayBack !== null) {
    const why = whyNotFirst(context.engine, context.state, switchIndex);
    if (why !== null) {
      step.state = 'failed';
      step.at_ms = context.at_ms;
      step.reason = why;
      incident.surprise = why;
      return true;
    }
  }
  return sendForPlan(context, incident, switchIndex, planStep.action, progress.at);
}

/** Judges the gates and begins the command; a shut gate stops the plan. */
function sendForPlan(
  context: StepContext,
  incident: Incident,
  switchIndex: number,
  operation: SwitchOperation,
  stepIndex: number | null,
): boolean {
  const { engine, state } = context;
  const { progress } = incident;
  const wanted = { switchIndex, operation, incident: incident.id, command: null };
  const shut = firstShut(judgeGates(engine, state, wanted, context.now_ms), [AGE_GATE]);
  if (shut !== null) {
    const name = switchName(engine, switchIndex);
    const text = say(
      `${name}: ${shut.label.vi}: ${shut.text.vi}`,
      `${name}: ${shut.label.en}: ${shut.text.en}`,
    );
    const step = progress?.steps[stepIndex ?? -1];
    if (step !== undefined) {
      step.state = 'failed';
      step.at_ms = context.at_ms;
      step.reason = text;
    }
    record(context, 'refusal', 'flisr', incident.id, {
      equipment: engine.grid.switches[switchIndex]?.id,
      operation,
      gate: shut.name,
      reason: text,
    });
    incident.surprise = text;
    return true;
  }
  const command = createCommand(context, {
    switchIndex,
    operation,
    by: AUTOMATION,
    incident: incident.id,
    step: stepIndex,
    automatic: true,
  });
  if (progress !== null) progress.command = command.id;
  if (operation === 'disableReclosing') incident.reclosingOff.push(switchIndex);
  else if (!incident.moved.includes(switchIndex)) incident.moved.push(switchIndex);
  context.touched.incidents.add(incident.id);
  return true;
}

/** A device that carries a close of the plan and still recloses by itself. */
function nextReclosingToSwitchOff(context: StepContext, incident: Incident): number | null {
  const { engine, state } = context;
  return (
    (incident.plan?.reclosingOff ?? []).find((device) => {
      const point = pointOf(engine, device, 'reclosing');
      return (
        engine.points[point]?.commandable === true &&
        goodValue(engine, state, device, 'reclosing') === true
      );
    }) ?? null
  );
}

/**
 * After a trip upon a close only the helping feeder comes back by itself: the rest waits for a
 * person, in an incident that stays open. True where that is so.
 */
function askAfterHelper(context: StepContext, incident: Incident): boolean {
  const { guardTrip } = incident;
  if (guardTrip?.phase !== 'restored' || !guardTrip.automatic) return false;
  endGuardTrip(incident);
  makePlan(context, incident);
  if (incident.plan?.document.steps.length !== 0) return true;
  incident.plan = null;
  incident.planHash = null;
  incident.progress = null;
  incident.reasons = incident.mustAsk.slice();
  restOnPresentScope(context, incident);
  setState(context, incident, 'noPlan', incident.reasons.at(-1) ?? null);
  return true;
}

/** Every step is done: reclosing goes back on, then the incident is at rest. */
function finish(context: StepContext, incident: Incident, progress: PlanProgress): boolean {
  const { engine, state } = context;
  const device = incident.reclosingOff.shift();
  if (device !== undefined) {
    if (goodValue(engine, state, device, 'reclosing') === true) {
      endReclosingAlarm(context, device);
      return true;
    }
    const wanted = {
      switchIndex: device,
      operation: 'enableReclosing' as const,
      incident: incident.id,
      command: null,
    };
    const shut = firstShut(judgeGates(engine, state, wanted, context.now_ms), [AGE_GATE]);
    if (shut !== null) {
      alarmReclosingOff(context, incident, device);
      return true;
    }
    progress.command = createCommand(context, {
      switchIndex: device,
      operation: 'enableReclosing',
      by: AUTOMATION,
      incident: incident.id,
      step: null,
      automatic: true,
    }).id;
    return true;
  }
  if (incident.wayBack !== null) {
    endWayBack(context, incident);
    return true;
  }
  if (askAfterHelper(context, incident)) return true;
  restOnPresentScope(context, incident);
  setState(context, incident, 'restored');
  return true;
}
