import { isClosed, type Incident, type StepProgress } from './incident-state.ts';
import { markNext, setState } from './incident-changes.ts';
import { modeOf, releasedByMode } from './permission.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/** Begins a fresh plan: at once where mode and confidence allow it, else it waits for a person. */
export function startPlan(context: StepContext, incident: Incident): void {
  const { engine, state } = context;
  const steps = incident.plan?.document.steps ?? [];
  incident.progress = {
    steps: steps.map((): StepProgress => ({ state: 'waiting', at_ms: null, reason: null })),
    at: 0,
    released: 0,
    command: null,
    guardUntil_ms: null,
    standUntil_ms: null,
    guarded: null,
  };
  const { progress } = incident;
  progress.released = releasedByMode(engine, state, incident, context.now_ms);
  markNext(progress);
  if (steps.length === 0) {
    setState(context, incident, 'executing');
    return;
  }
  incident.automatic = progress.released > 0;
  if (!incident.automatic) {
    if (modeOf(engine, state, incident) === 'restoreOnly' && incident.reasons.length === 0) {
      incident.reasons.push(
        say(
          'cô lập chờ người duyệt (chỉ tự động khôi phục)',
          'isolation waits for a person (restore only)',
        ),
      );
    }
    setState(context, incident, 'approval');
    return;
  }
  const other = incidentInTheWay(context, incident);
  if (other !== null) {
    waitFor(context, incident, other);
    return;
  }
  setState(context, incident, 'executing');
}

/** A plan that is being carried out, or stopped half-way. */
export function isAtWork(incident: Incident): boolean {
  const working =
    incident.state === 'executing' || incident.state === 'held' || incident.state === 'halted';
  return working && !isClosed(incident);
}

/** One plan per feeder: another incident's plan at work on a feeder this one needs. */
export function incidentInTheWay(
  { state }: Pick<StepContext, 'state'>,
  incident: Incident,
): Incident | null {
  const scope = (each: Incident): readonly number[] => [
    ...each.feeders,
    ...(each.plan?.helpingFeeders ?? []),
  ];
  const own = scope(incident);
  return (
    state.incidents.find(
      (other) =>
        other !== incident &&
        isAtWork(other) &&
        scope(other).some((feeder) => own.includes(feeder)),
    ) ?? null
  );
}

/** Its plan is dropped, since the state will be another one when the other is done. */
function waitFor(context: StepContext, incident: Incident, other: Incident): void {
  incident.plan = null;
  incident.progress = null;
  incident.planHash = null;
  incident.reasons = [
    say(`chờ phương án của ${other.id} xong`, `waits until the plan of ${other.id} is done`),
  ];
  incident.waitsFor = other.id;
  setState(context, incident, 'evidence');
}
