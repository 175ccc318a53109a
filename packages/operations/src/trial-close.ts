import type { TrialCloseRequest } from '@relight/contract';
import { guardTime_ms } from './guard-time.ts';
import { classifyTrip } from '@relight/flisr';
import { CLOSED } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { refused, type Answer } from './answers.ts';
import { isEnded } from './command-state.ts';
import { AUTOMATION, createCommand, nextCommandId, whyRefused } from './commands.ts';
import { isTrying, type DeclaredTrial } from './declared-trial.ts';
import { pointOf, switchName } from './engine.ts';
import { setState, touchSections } from './incident-changes.ts';
import type { Incident, Trip } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { ascending } from './outage.ts';
import type { Person } from './people.ts';
import { trialsOf } from './possible-trials.ts';
import { goodValue } from './process-image.ts';
import { acceptedCommand, refuseBy } from './request-memory.ts';
import { asksForTwo } from './what-is-shown.ts';
import { say } from './signal-text.ts';
import type { PendingOpen } from './state.ts';
import { record, wakeAt, type StepContext } from './step-context.ts';

/**
 * Takes a person's declaration: everything it asks for is there, reclosing reads off, the same
 * sections have not been tried before, and every other gate is open. One close, once.
 */
export function declareTrial(
  context: StepContext,
  person: Person,
  id: string,
  body: TrialCloseRequest,
): Answer {
  const { engine, state } = context;
  const incident = state.incidents.find((each) => each.id === id);
  if (incident === undefined) return refused(404, 'RL-023', `no incident ${id}`);
  const switchIndex = engine.network.index.switch.get(body.equipment);
  if (switchIndex === undefined) return refused(404, 'RL-005', `no switch ${body.equipment}`);
  const trials = trialsOf(engine, state, incident);
  if (trials === null) return refused(409, 'RL-027', `${id} is ${incident.state}: no trial close`);
  const trial = trials.proposed.find((each) => each.switchIndex === switchIndex);
  if (trial === undefined) {
    const why = trials.refused.find((each) => each.switchIndex === switchIndex)?.why.en;
    return refused(
      422,
      'RL-024',
      `no trial by ${body.equipment}: ${why ?? 'it reaches no part of the fault'}`,
    );
  }
  const key = trial.sections.join(' ');
  if (incident.tried.includes(key)) {
    return refused(
      422,
      'RL-024',
      `these sections have been tried once; open a switch between first`,
    );
  }
  const recloses = pointOf(engine, switchIndex, 'reclosing') !== -1;
  if (recloses && goodValue(engine, state, switchIndex, 'reclosing') !== false) {
    return refused(422, 'RL-024', `${body.equipment}: reclosing does not read off`);
  }
  const command = nextCommandId(state);
  const before = incident.trial;
  incident.trial = {
    switchIndex,
    sections: trial.sections,
    command,
    by: person.user,
    at_ms: context.at_ms,
    state: 'closing',
    watchUntil_ms: null,
  };
  const wanted = { switchIndex, operation: 'close' as const, incident: null, command, person };
  const { gates, shut } = whyRefused(context, wanted, false);
  const inTheWay = shut ?? gates.find(asksForTwo) ?? null;
  if (inTheWay !== null) {
    incident.trial = before;
    return refuseBy(inTheWay, gates);
  }
  incident.tried.push(key);
  const sections = trial.sections.map((section) => engine.sections[section]?.id ?? '');
  record(context, 'approval', person.user, id, {
    trialClose: { command, equipment: body.equipment, sections },
    reason: body.reason,
    basis: body.basis,
    finding: body.finding,
    crewsClear: body.crewsClear,
  });
  context.touched.incidents.add(id);
  return acceptedCommand(
    createCommand(context, {
      switchIndex,
      operation: 'close',
      by: person.user === AUTOMATION ? '' : person.user,
      incident: null,
      step: null,
      automatic: true,
      person,
    }),
  );
}

/** Follows the close of every declared trial and waits for its answer. True if anything changed. */
export function advanceTrials(context: StepContext): boolean {
  let changed = false;
  for (const incident of context.state.incidents) {
    const { trial } = incident;
    if (trial === null) continue;
    if (trial.state === 'closing') {
      const command = context.state.commands.get(trial.command);
      if (command !== undefined && !isEnded(command)) continue;
      changed = true;
      context.touched.incidents.add(incident.id);
      if (command?.state === 'verified') {
        trial.state = 'watching';
        trial.watchUntil_ms =
          context.now_ms + guardTime_ms(context.engine, context.state, trial.switchIndex);
      } else trial.state = 'failed';
    }
    if (trial.state !== 'watching' || trial.watchUntil_ms === null) continue;
    if (context.now_ms < trial.watchUntil_ms) wakeAt(context, trial.watchUntil_ms);
    else if (context.state.pendingOpens.every((each) => each.switchIndex !== trial.switchIndex)) {
      judge(context, incident, trial);
      changed = true;
    }
  }
  return changed;
}

/**
 * The time is over: only a device that provably stands closed has held. Of one whose position is
 * not known, or that a person or nobody knows who has opened, nothing is concluded: no part is
 * proved sound by an opening that was no trip.
 */
function judge(context: StepContext, incident: Incident, trial: DeclaredTrial): void {
  if (context.state.positions[trial.switchIndex] === CLOSED) noteHeld(context, incident, trial);
  else {
    trial.state = 'failed';
    context.touched.incidents.add(incident.id);
  }
}

/** It held: the fault is not in what it energised. */
function noteHeld(context: StepContext, incident: Incident, trial: DeclaredTrial): void {
  trial.state = 'held';
  clear(context, incident, trial.sections);
  tell(context, incident, trial);
}

/**
 * A trip of the device that is trying, or has just tried, a part is the answer of the trial: the
 * fault is in what it energised. True if it was one.
 */
export function noteTrialTrip(context: StepContext, opened: PendingOpen): boolean {
  const incident = context.state.incidents.find(
    (each) => isTrying(each) && each.trial?.switchIndex === opened.switchIndex,
  );
  const trial = incident?.trial;
  if (incident === undefined || trial === undefined || trial === null) return false;
  if (!isFaultTrip(context, opened.switchIndex)) {
    trial.state = 'failed';
    context.touched.incidents.add(incident.id);
    return false;
  }
  trial.state = 'tripped';
  const others = sectionsKeptDead(incident).filter(
    (section) => !trial.sections.includes(section) && !incident.condemned.includes(section),
  );
  clear(context, incident, others);
  const trip: Trip = {
    switchIndex: opened.switchIndex,
    phase: 'lockedOut',
    since_ms: context.now_ms,
    firstAt_ms: opened.at_ms,
    lockedOutAt_ms: context.at_ms,
    said: [],
    settled: true,
    over: false,
    unit: false,
  };
  incident.trips = incident.trips.filter((each) => each.switchIndex !== opened.switchIndex);
  incident.trips.push(trip);
  incident.trips.sort((a, b) => a.switchIndex - b.switchIndex);
  tell(context, incident, trial);
  return true;
}

/** A short-circuit or earth-fault function: a trip by any other says nothing about the fault. */
function isFaultTrip({ engine, state }: StepContext, switchIndex: number): boolean {
  const code = goodValue(engine, state, switchIndex, 'tripFunction');
  const isLockedOut = goodValue(engine, state, switchIndex, 'lockoutRelay86') === true;
  const told = typeof code === 'string' && code !== 'none' ? code : null;
  const { kind } = classifyTrip({
    tripFunction: told ?? (isLockedOut ? '86' : null),
    protectionTrip: goodValue(engine, state, switchIndex, 'protectionTrip') === true,
    lockout: true,
    commanded: false,
    local: goodValue(engine, state, switchIndex, 'localRemote') === false,
    shedding: goodValue(engine, state, switchIndex, 'loadShedding') === true,
  });
  return kind === 'restore';
}

/** Sections proved sound; the rest share the probability as before. */
function clear(context: StepContext, incident: Incident, sections: readonly number[]): void {
  touchSections(context, incident);
  incident.liftedSections = ascending(new Set([...incident.liftedSections, ...sections]));
  const { location } = incident;
  if (location !== null) {
    const left = location.candidates.filter(
      ({ section }) => !incident.liftedSections.includes(section),
    );
    const all = left.reduce((sum, each) => sum + each.probability, 0);
    const isolate = location.isolate.filter(
      (section) => !incident.liftedSections.includes(section),
    );
    incident.location = {
      ...location,
      // Where nothing of it is left the fault has gone, or was none: the block falls below.
      isolate: isolate.length > 0 ? isolate : location.isolate,
      candidates: left.map((each) => ({ ...each, probability: each.probability / all })),
    };
  }
  if (sectionsKeptDead(incident).length === 0) incident.lifted = true;
}

function tell(context: StepContext, incident: Incident, trial: DeclaredTrial): void {
  const { engine } = context;
  const device = switchName(engine, trial.switchIndex);
  const names = (sections: readonly number[]): string =>
    sections.map((section) => engine.sections[section]?.name ?? '').join(', ');
  const tested = names(trial.sections);
  const text =
    trial.state === 'held'
      ? say(
          `${device} đóng thử thành công: ${tested} không có sự cố`,
          `the trial close by ${device} held: no fault in ${tested}`,
        )
      : say(
          `${device} đóng thử bị nhảy: sự cố nằm trong ${tested}`,
          `the trial close by ${device} tripped: the fault is in ${tested}`,
        );
  incident.reasons = [text];
  context.touched.incidents.add(incident.id);
  record(context, 'location', 'flisr', incident.id, {
    trial: trial.state,
    equipment: engine.grid.switches[trial.switchIndex]?.id,
    stillSuspected: sectionsKeptDead(incident).map((section) => engine.sections[section]?.id),
  });
  raiseAlarm(context, {
    key: `once/trial/${trial.command}`,
    priority: trial.state === 'held' ? 3 : 1,
    equipment: engine.grid.switches[trial.switchIndex]?.id ?? '',
    incident: incident.id,
    text,
  });
  // What is known now is more than what any earlier plan was made from; a person goes on.
  if (incident.state === 'noPlan') setState(context, incident, 'aborted', text);
}
