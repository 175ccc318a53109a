import type { OperatorRequest, RepairReport, StandingJoint } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, hasPartIn } from './areas.ts';
import type { Engine } from './engine.ts';
import { entryAt } from './entry-at.ts';
import { haltPlansAt } from './halt-plans.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { addEvent, record, type StepContext } from './step-context.ts';

/** Sections in which conductors were joined and the phase order is not confirmed, by index. */
export function unconfirmedSections(engine: Engine, state: OperationsState): ReadonlySet<number> {
  return new Set([...state.joints.keys()].map((id) => engine.sectionIndex.get(id) ?? -1));
}

/** What a person says of the repair of sections that they declare clear. */
export function noteRepair(
  context: StepContext,
  person: Person,
  incident: string,
  sections: readonly string[],
  { conductorsJoined, phaseOrder }: RepairReport,
): void {
  if (!conductorsJoined) return;
  for (const section of sections) {
    if (phaseOrder === undefined) {
      doubt(context, person, section, incident);
    } else confirm(context, person, section, phaseOrder);
  }
}

/** A person's word on the phase order of one section, apart from any incident. */
export function reportPhaseOrder(
  context: StepContext,
  person: Person,
  { section, report }: Extract<OperatorRequest, { type: 'reportPhaseOrder' }>,
): Answer {
  const { engine, state } = context;
  const index = engine.sectionIndex.get(section);
  if (index === undefined) return refused(404, 'RL-005', `no section ${section}`);
  const areas = areasOfSection(engine, index);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${section} is in the area of ${areas.join(', ')}`);
  }
  if (state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${state.journalFailure}`);
  }
  if (report.state === 'unconfirmed') doubt(context, person, section, report.text);
  else if (!state.joints.has(section)) {
    return refused(409, 'RL-027', `the phase order of ${section} is not in doubt`);
  } else confirm(context, person, section, { by: report.by, how: report.how });
  return { status: 202 };
}

/** Counts from this step on. Plans that work there are made anew. */
function doubt(context: StepContext, person: Person, section: string, text: string): void {
  const { state } = context;
  const joint: StandingJoint = {
    section,
    text,
    by: person.user,
    byName: person.name,
    at_ms: context.at_ms,
  };
  state.joints.set(section, joint);
  // Whoever confirmed an earlier joint did not speak of this one.
  state.confirmed = state.confirmed.filter((each) => each.section !== section);
  record(context, 'phaseOrder', person.user, section, { state: 'unconfirmed', joint });
  tell(
    context,
    section,
    `${person.name} báo đã nối dây, chưa xác nhận thứ tự pha: cấm hòa, cấm khép vòng qua đó`,
    `${person.name} reports joined conductors of unconfirmed phase order: no parallel and no tie through it`,
  );
  const at = context.engine.sectionIndex.get(section) ?? -1;
  haltPlansAt(
    context,
    { switches: [], sections: [at] },
    say('chưa xác nhận thứ tự pha', 'phase order not confirmed'),
  );
}

/** It forbids until the record of the confirmation is on disk. */
function confirm(
  context: StepContext,
  person: Person,
  section: string,
  confirmation: NonNullable<RepairReport['phaseOrder']>,
): void {
  const durableFrom = record(context, 'phaseOrder', person.user, section, {
    state: 'confirmed',
    confirmation,
  });
  context.state.confirmed.push({ section, durableFrom });
  tell(
    context,
    section,
    `${confirmation.by} đã xác nhận thứ tự pha (${confirmation.how}); ${person.name} ghi nhận`,
    `${confirmation.by} confirmed the phase order (${confirmation.how}); recorded by ${person.name}`,
  );
}

/** Ends the doubts whose confirmation is on disk by now. */
export function finishConfirmations(context: StepContext): void {
  const { engine, state, touched } = context;
  for (const { section, durableFrom } of state.confirmed) {
    if (state.durable < durableFrom || !state.joints.delete(section)) continue;
    touched.sections.add(engine.sectionIndex.get(section) ?? -1);
    context.pictureChanged = true;
  }
  state.confirmed = state.confirmed.filter(({ durableFrom }) => state.durable < durableFrom);
}

function tell(context: StepContext, section: string, vi: string, en: string): void {
  const index = context.engine.sectionIndex.get(section) ?? -1;
  const { name } = entryAt(context.engine.sections, index);
  context.touched.sections.add(index);
  context.pictureChanged = true;
  addEvent(context, { equipment: section, text: say(`${name}: ${vi}`, `${name}: ${en}`) });
}
