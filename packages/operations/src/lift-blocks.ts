import { refused, type Answer } from './answers.ts';
import { touchSections } from './incident-changes.ts';
import type { Incident } from './incident-state.ts';
import { holdsLeft } from './holds-left.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { ascending } from './outage.ts';
import type { StepContext } from './step-context.ts';

/**
 * A person declares sections repaired and clear: only then may they be energised again. Refused as
 * a whole while a permit is not handed back or an earth is still on one of them. Sections that lost
 * supply but are not kept dead may be named as well: the independent monitor may hold one of them
 * for faulted by its own account.
 * @param ids - Sections by id; absent: all the incident keeps dead.
 * @returns ids of the sections that are clear now.
 */
export function liftBlocks(
  context: StepContext,
  incident: Incident,
  ids: readonly string[] | undefined,
):
  | { readonly ok: true; readonly sections: readonly string[] }
  | { readonly ok: false; readonly refusal: Answer } {
  const { engine, state } = context;
  const kept = sectionsKeptDead(incident);
  const sections = ids === undefined ? kept : ids.map((id) => engine.sectionIndex.get(id) ?? -1);
  const own = new Set([...kept, ...incident.outSections]);
  const stranger = ids?.find((_, at) => !own.has(sections[at] ?? -1));
  if (stranger !== undefined) {
    const refusal = refused(422, 'RL-023', `${incident.id} does not keep ${stranger} dead`);
    return { ok: false, refusal };
  }
  // Another incident keeps it dead by what it knows: nobody lifts that by the way.
  const elsewhere = state.incidents.find(
    (other) =>
      other !== incident &&
      sectionsKeptDead(other).some((each) => sections.includes(each) && !kept.includes(each)),
  );
  if (elsewhere !== undefined) {
    const refusal = refused(422, 'RL-023', `${elsewhere.id} keeps it dead: lift it there`);
    return { ok: false, refusal };
  }
  const out = holdsLeft(engine, state, sections);
  if (out.length > 0) {
    const what = `not all is handed back and removed: ${out.map(({ text }) => text.en).join('; ')}`;
    return { ok: false, refusal: refused(409, 'RL-074', what) };
  }
  touchSections(context, incident);
  incident.liftedSections = ascending(new Set([...incident.liftedSections, ...sections]));
  if (sectionsKeptDead(incident).length === 0) incident.lifted = true;
  return { ok: true, sections: sections.map((section) => engine.sections[section]?.id ?? '') };
}
