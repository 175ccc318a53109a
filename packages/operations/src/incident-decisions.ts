import type { OperatorRequest } from '@relight/contract';
import { areasOfSection, hasPartIn } from './areas.ts';
import type { Incident } from './incident-state.ts';
import { alarmReclosingOff, setState, stopPlan } from './incident-changes.ts';
import { liftBlocks } from './lift-blocks.ts';
import type { Person } from './people.ts';
import { incidentInTheWay } from './start-plan.ts';
import { refused, type Answer } from './answers.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';
import { decisionsOn } from './views/record-views.ts';

type Decision = Extract<OperatorRequest, { type: 'decide' }>;

/**
 * A person's decision on an incident. Releasing a plan is bound to the version and hash that
 * was shown: a plan that has changed meanwhile is not carried out (RL-026).
 */
export function decide(context: StepContext, person: Person, body: Decision): Answer {
  const incident = context.state.incidents.find((each) => each.id === body.incident);
  if (incident === undefined) return refused(404, 'RL-023', `no incident ${body.incident}`);
  const areas = [
    ...new Set(incident.outSections.flatMap((each) => areasOfSection(context.engine, each))),
  ].sort();
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${incident.id} is in the area of ${areas.join(', ')}`);
  }
  const releases = body.decision === 'approveAll' || body.decision === 'approveStep';
  const same = body.planVersion === incident.planVersion && body.planHash === incident.planHash;
  if (releases && !same) {
    return refused(
      409,
      'RL-026',
      `${incident.id} is at plan version ${incident.planVersion}, decided on ${body.planVersion}`,
    );
  }
  if (!decisionsOn(incident).includes(body.decision)) {
    return refused(409, 'RL-027', `${incident.id} is ${incident.state}: no ${body.decision}`);
  }
  if (releases) {
    const other = incidentInTheWay(context, incident);
    if (other !== null) {
      return refused(409, 'RL-025', `the plan of ${other.id} works on the same feeders`);
    }
  }
  if (body.decision === 'liftBlocks') {
    const lifted = liftBlocks(context, incident, body.sections);
    if (lifted !== null) return lifted;
  }
  record(context, 'approval', person.user, incident.id, {
    decision: body.decision,
    planVersion: body.planVersion,
    planHash: body.planHash,
    ...(body.sections === undefined ? {} : { sections: body.sections }),
  });
  apply(context, person.name, incident, body);
  context.touched.incidents.add(incident.id);
  return { status: 202 };
}

function apply(context: StepContext, by: string, incident: Incident, body: Decision): void {
  const { progress } = incident;
  switch (body.decision) {
    case 'approveAll':
    case 'approveStep':
      if (progress === null) return;
      incident.held = false;
      // What was asked about has been answered; what happens later asks anew.
      incident.mustAsk = [];
      incident.replans = 0;
      progress.released = body.decision === 'approveAll' ? progress.steps.length : progress.at + 1;
      setState(context, incident, 'executing');
      return;
    case 'hold':
      incident.held = true;
      return;
    case 'abort':
      stopPlan(context, incident);
      for (const device of incident.reclosingOff) alarmReclosingOff(context, incident, device);
      incident.reclosingOff = [];
      incident.reasons = [say(`${by} dừng phương án`, `${by} aborted the plan`)];
      setState(context, incident, 'aborted');
      return;
    case 'liftBlocks':
      return; // Done, or refused, above.
  }
}
