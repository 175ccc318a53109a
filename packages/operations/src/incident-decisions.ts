import type { OperatorRequest } from '@relight/contract';
import { areasNotCovered, areasOfSection, areasOfSwitch, hasPartIn } from './areas.ts';
import { isClosed, type Incident } from './incident-state.ts';
import { alarmReclosingOff, setState, stopPlan } from './incident-changes.ts';
import { noteRepair } from './joints.ts';
import { liftBlocks } from './lift-blocks.ts';
import { isSecondPerson, type Person } from './people.ts';
import { incidentInTheWay } from './start-plan.ts';
import { refused, type Answer } from './answers.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';
import { decisionsOn } from './views/incident-view.ts';

type Decision = Extract<OperatorRequest, { type: 'decide' }>;

/**
 * A person's decision on an incident. Releasing a plan is bound to the version and hash that
 * was shown: a plan that has changed meanwhile is not carried out (RL-026).
 */
export function decide(context: StepContext, person: Person, body: Decision): Answer {
  const incident = context.state.incidents.find((each) => each.id === body.incident);
  if (incident === undefined) return refused(404, 'RL-023', `no incident ${body.incident}`);
  const areas = areasConcerned(context, incident, body);
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
  // What the engine keeps dead no more the monitor may still hold by its own account: whoever
  // names a part of the outage as clear is heard, or nobody could ever close there again.
  const namesMore =
    body.decision === 'liftBlocks' && body.sections !== undefined && isClosed(incident);
  if (!namesMore && !decisionsOn(incident).includes(body.decision)) {
    return refused(409, 'RL-027', `${incident.id} is ${incident.state}: no ${body.decision}`);
  }
  if (releases) {
    const other = incidentInTheWay(context, incident);
    if (other !== null) {
      return refused(409, 'RL-025', `the plan of ${other.id} works on the same feeders`);
    }
  }
  let lifts: readonly string[] | null = null;
  if (body.decision === 'liftBlocks') {
    const lifted = liftBlocks(context, incident, body.sections);
    if (!lifted.ok) return lifted.refusal;
    lifts = lifted.sections;
    if (body.repair !== undefined) {
      noteRepair(context, person, incident.id, lifts, body.repair);
    }
  }
  const missing = releases ? areasStillMissing(context, incident, person, body) : [];
  record(context, 'approval', person.user, incident.id, {
    decision: body.decision,
    ...(missing.length === 0 ? {} : { waitsForAreas: missing }),
    planVersion: body.planVersion,
    planHash: body.planHash,
    ...(body.sections === undefined ? {} : { sections: body.sections }),
    ...(lifts === null ? {} : { lifts }),
    ...(body.repair === undefined ? {} : { repair: body.repair }),
  });
  if (missing.length > 0) waitForAreas(context, incident, person, missing);
  else apply(context, person.name, incident, body);
  context.touched.incidents.add(incident.id);
  return { status: 202 };
}

/** Areas whose people may decide: of what lost supply, and of what the plan moves elsewhere. */
function areasConcerned(
  { engine }: StepContext,
  incident: Incident,
  body: Decision,
): readonly string[] {
  const moved = body.decision === 'liftBlocks' ? [] : (incident.plan?.switches ?? []);
  return [
    ...new Set([
      ...incident.outSections.flatMap((section) => areasOfSection(engine, section)),
      ...moved.flatMap((device) => areasOfSwitch(engine, device)),
    ]),
  ].sort();
}

/**
 * Interlock 8 for a plan: areas of the devices it is to move that neither this person answers for
 * nor another one who has agreed to the same plan before.
 */
function areasStillMissing(
  { engine }: StepContext,
  incident: Incident,
  person: Person,
  body: Decision,
): readonly string[] {
  const at = incident.progress?.at ?? 0;
  const end = body.decision === 'approveStep' ? at + 1 : undefined;
  const moved = incident.plan?.switches.slice(at, end) ?? [];
  const areas = [...new Set(moved.flatMap((device) => areasOfSwitch(engine, device)))].sort();
  const others = incident.agreed.flatMap((each) =>
    each.planHash === incident.planHash && isSecondPerson(each.person, person) ? [each.person] : [],
  );
  return areasNotCovered(areas, [person, ...others]);
}

/** This person has agreed; the plan goes once somebody of each other area has too. */
function waitForAreas(
  { engine }: StepContext,
  incident: Incident,
  person: Person,
  missing: readonly string[],
): void {
  const names = missing
    .map((id) => engine.grid.substations.find((each) => each.id === id)?.name ?? id)
    .join(', ');
  incident.agreed.push({ person, planHash: incident.planHash });
  incident.reasons.push(
    say(
      `${person.name} đã đồng ý; còn cần khu vực ${names}`,
      `${person.name} has agreed; the area of ${names} must agree too`,
    ),
  );
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
      incident.wayBack = null;
      incident.reasons = [say(`${by} dừng phương án`, `${by} aborted the plan`)];
      setState(context, incident, 'aborted');
      return;
    case 'liftBlocks':
      return; // Done, or refused, above.
  }
}
