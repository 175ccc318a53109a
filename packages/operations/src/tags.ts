import type { OperatorRequest, StandingTag, TagView } from '@relight/contract';
import { sectionsBehind } from '@relight/topology';
import { addEvent, record, type StepContext } from './step-context.ts';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, areasOfSwitch, hasPartIn } from './areas.ts';
import type { Engine } from './engine.ts';
import { haltPlansAt } from './halt-plans.ts';
import { whyNotHotLine } from './interlocks/hot-line.ts';
import { usersOf, type Person } from './people.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { placeName, TAG_KIND, tagView, type Tag } from './tag.ts';

/** Places a tag. It counts from this step on; it is acknowledged once it is on disk. */
export function placeTag(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'placeTag' }>,
): Answer {
  const { engine, state } = context;
  const { kind, equipment } = body;
  const switchIndex = engine.network.index.switch.get(equipment) ?? -1;
  const section = engine.sectionIndex.get(equipment) ?? -1;
  if (switchIndex === -1 && section === -1) {
    return refused(404, 'RL-005', `no switch or section ${equipment}`);
  }
  if (kind === 'doNotOperate' && switchIndex === -1) {
    return refused(422, 'RL-071', `do not operate is for a device, ${equipment} is a section`);
  }
  if (kind === 'crewAtWork' && section === -1) {
    return refused(422, 'RL-071', `crew at work is for a section, ${equipment} is a device`);
  }
  const areas =
    switchIndex === -1 ? areasOfSection(engine, section) : areasOfSwitch(engine, switchIndex);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${equipment} is in the area of ${areas.join(', ')}`);
  }
  const sections = sectionsHeld(engine, state, kind, switchIndex, section);
  if (kind === 'hotLine') {
    const seenOff = body.reclosingSeenOff ?? [];
    const unknown = seenOff.find((id) => !engine.network.index.switch.has(id));
    if (unknown !== undefined) return refused(404, 'RL-005', `no switch ${unknown}`);
    const why = whyNotHotLine(engine, state, switchIndex, sections, seenOff);
    if (why !== null) return refused(422, 'RL-071', why.en, why);
  }
  const tag: Tag = {
    standing: {
      id: `T${state.run}-${state.nextTag}`,
      kind,
      equipment,
      sections: sections.map((each) => engine.sections[each]?.id ?? ''),
      text: body.text,
      ...(kind === 'hotLine' && body.reclosingSeenOff !== undefined
        ? { reclosingSeenOff: body.reclosingSeenOff }
        : {}),
      owner: person.user,
      ownerName: person.name,
      placedAt_ms: context.at_ms,
    },
    switchIndex,
    sections,
  };
  state.nextTag += 1;
  state.tags.set(tag.standing.id, tag);
  record(context, 'tag', person.user, tag.standing.id, { state: 'placed', tag: tag.standing });
  touchTag(context, tag);
  const place = placeName(engine, tag);
  addEvent(context, {
    equipment,
    text: say(
      `${place}: ${person.name} treo biển ${TAG_KIND[kind].vi}`,
      `${place}: ${person.name} placed the tag "${TAG_KIND[kind].en}"`,
    ),
  });
  if (kind !== 'information') haltPlansAt(context, holdOf(tag), TAG_KIND[kind]);
  return { status: 202, accepted: { ok: true, tag: tagView(tag, null) } };
}

/**
 * Takes a tag away; the right to do so has been judged by the caller. It forbids until the record
 * of its removal is on disk.
 */
export function dropTag(
  context: StepContext,
  tag: Tag,
  people: readonly Person[],
  reason: string | null,
): TagView {
  const { state } = context;
  const { id, kind, equipment } = tag.standing;
  const names = people.map((person) => person.name).join(' + ');
  const durableFrom = record(context, 'tag', usersOf(people), id, {
    state: 'removed',
    equipment,
    by: people.map((person) => person.user),
    ...(reason === null ? {} : { reason }),
  });
  const gone = tagView(tag, context.at_ms);
  state.leaving.push({ tag: gone, earth: null, durableFrom });
  const place = placeName(context.engine, tag);
  addEvent(context, {
    equipment,
    text: say(
      `${place}: ${names} tháo biển ${TAG_KIND[kind].vi}`,
      `${place}: ${names} removed the tag "${TAG_KIND[kind].en}"`,
    ),
  });
  return gone;
}

/** The sections a tag of this kind would hold on this equipment. */
function sectionsHeld(
  engine: Engine,
  state: OperationsState,
  kind: StandingTag['kind'],
  switchIndex: number,
  section: number,
): readonly number[] {
  if (switchIndex === -1) return [section];
  if (kind !== 'hotLine') return [];
  const behind = sectionsBehind(engine.network, state.energisation, switchIndex);
  if (behind.length > 0) return behind;
  const { switchSectionFrom, switchSectionTo } = engine.network;
  const ends = [switchSectionFrom[switchIndex] ?? -1, switchSectionTo[switchIndex] ?? -1];
  return [...new Set(ends)].sort((a, b) => a - b);
}

function holdOf(tag: Tag) {
  return {
    switches: tag.switchIndex === -1 ? [] : [tag.switchIndex],
    sections: tag.sections,
  };
}

function touchTag(context: StepContext, tag: Tag): void {
  context.touched.tags.add(tag.standing.id);
  context.pictureChanged = true;
  if (tag.switchIndex !== -1) context.touched.switches.add(tag.switchIndex);
  for (const section of tag.sections) context.touched.sections.add(section);
}
