import type { OperatorRequest } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, hasPartIn } from './areas.ts';
import type { Person } from './people.ts';
import { lookAgain } from './planning.ts';
import { awaitsRepair, HOUR_ms } from './repair-time.ts';
import { say } from './signal-text.ts';
import { isAtWork } from './start-plan.ts';
import { record, type StepContext } from './step-context.ts';

/**
 * A person says in how many hours the repair is expected to be done. A plan that waits is made
 * again at once, one that is being carried out after the step at work; where nobody could be helped
 * for the whole of the time that was expected before, another plan is looked for.
 */
export function setRepairTime(
  context: StepContext,
  person: Person,
  { incident: id, repair_h }: Extract<OperatorRequest, { type: 'setRepairTime' }>,
): Answer {
  const { engine, state } = context;
  const incident = state.incidents.find((each) => each.id === id);
  if (incident === undefined) return refused(404, 'RL-023', `no incident ${id}`);
  const areas = [
    ...new Set(incident.outSections.flatMap((section) => areasOfSection(engine, section))),
  ].sort();
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${id} is in the area of ${areas.join(', ')}`);
  }
  if (!awaitsRepair(incident)) {
    return refused(409, 'RL-027', `${id} is ${incident.state}: nothing there is to be repaired`);
  }
  incident.repair = {
    until_ms: context.now_ms + repair_h * HOUR_ms,
    dueAt_ms: context.at_ms + repair_h * HOUR_ms,
    byName: person.name,
  };
  record(context, 'forecast', person.user, id, {
    repair_h,
    dueAt_ms: incident.repair.dueAt_ms,
    byName: person.name,
  });
  context.touched.incidents.add(id);
  if (isAtWork(incident) && incident.progress !== null) {
    incident.surprise ??= say(
      `${person.name} nhập thời gian sửa chữa dự kiến mới`,
      `${person.name} entered another expected repair time`,
    );
  } else if (incident.state === 'restored') lookAgain(context, incident);
  return { status: 202 };
}
