import type { OperatorRequest, StandingTag, TagView } from '@relight/contract';
import { sectionsBehind } from '@relight/topology';
import { addEvent, record, type StepContext } from './step-context.ts';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, areasOfSwitch, hasPartIn } from './areas.ts';
import { switchName, type Engine } from './engine.ts';
import { haltPlansAt } from './halt-plans.ts';
import { whyNotHotLine } from './interlocks/hot-line.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';

/** A person's hold on a device or section. It goes only with its owner or with two people. */
export interface Tag {
  readonly standing: StandingTag;
  /** Switch index, −1 where it sits on a section. */
  readonly switchIndex: number;
  /** Sections it holds, ascending. */
  readonly sections: readonly number[];
}

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
    const why = whyNotHotLine(engine, state, switchIndex, sections);
    if (why !== null) return refused(422, 'RL-071', why.en, why);
  }
  const tag: Tag = {
    standing: {
      id: `T${state.run}-${state.nextTag}`,
      kind,
      equipment,
      sections: sections.map((each) => engine.sections[each]?.id ?? ''),
      text: body.text,
      owner: person.user,
      ownerName: person.name,
      placedAt_ms: context.at_ms,
    },
    switchIndex,
    sections,
  };
  state.nextTag += 1;
  state.tags.set(tag.standing.id, tag);
  record(context, 'tag', person.name, tag.standing.id, { state: 'placed', tag: tag.standing });
  touchTag(context, tag);
  const place = placeName(engine, tag);
  addEvent(context, {
    equipment,
    text: say(
      `${place}: ${person.name} treo biển ${KIND[kind].vi}`,
      `${place}: ${person.name} placed the tag "${KIND[kind].en}"`,
    ),
  });
  if (kind !== 'information') haltPlansAt(context, holdOf(tag), KIND[kind]);
  return { status: 202, accepted: { ok: true, tag: tagView(tag, null) } };
}

/** Takes a tag away; the right to do so has been judged by the caller. */
export function dropTag(
  context: StepContext,
  tag: Tag,
  people: readonly Person[],
  reason: string | null,
): TagView {
  const { state } = context;
  const { id, kind, equipment } = tag.standing;
  state.tags.delete(id);
  const names = people.map((person) => person.name).join(' + ');
  record(context, 'tag', names, id, {
    state: 'removed',
    equipment,
    by: people.map((person) => person.user),
    ...(reason === null ? {} : { reason }),
  });
  touchTag(context, tag);
  const gone = tagView(tag, context.at_ms);
  context.touched.removedTags.push(gone);
  const place = placeName(context.engine, tag);
  addEvent(context, {
    equipment,
    text: say(
      `${place}: ${names} gỡ biển ${KIND[kind].vi}`,
      `${place}: ${names} removed the tag "${KIND[kind].en}"`,
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

/** What a standing tag of an earlier run means in this grid; null where it is not in it. */
export function resolveTag(engine: Engine, standing: StandingTag): Tag | null {
  const switchIndex = engine.network.index.switch.get(standing.equipment) ?? -1;
  const sections = standing.sections.map((id) => engine.sectionIndex.get(id) ?? -1);
  const known = switchIndex !== -1 || engine.sectionIndex.has(standing.equipment);
  if (!known || sections.includes(-1)) return null;
  return { standing, switchIndex, sections: sections.toSorted((a, b) => a - b) };
}

/** Tags that stand, oldest first, of one kind. */
export function tagsOf(state: OperationsState, kind: StandingTag['kind']): readonly Tag[] {
  return [...state.tags.values()].filter((tag) => tag.standing.kind === kind);
}

/** Tags on a device itself, information aside. */
export function tagsOnDevice(state: OperationsState, switchIndex: number): readonly Tag[] {
  return [...state.tags.values()].filter(
    (tag) => tag.switchIndex === switchIndex && tag.standing.kind !== 'information',
  );
}

export function tagView({ standing, switchIndex }: Tag, removedAt_ms: number | null): TagView {
  return {
    ...standing,
    sections: [...standing.sections],
    on: switchIndex === -1 ? 'section' : 'device',
    removedAt_ms,
  };
}

/** "LBS 471/2" or "471 S2": what people call the place. */
export function placeName(engine: Engine, tag: Tag): string {
  if (tag.switchIndex !== -1) return switchName(engine, tag.switchIndex);
  return engine.sections[tag.sections[0] ?? -1]?.name ?? tag.standing.equipment;
}

/** Whose tag it is, in words for a refusal: the kind, the owner, the text. */
export function tagText({ standing }: Tag) {
  const { kind, ownerName, text } = standing;
  const note = text === '' ? '' : `: ${text}`;
  return say(
    `biển ${KIND[kind].vi} của ${ownerName}${note}`,
    `tag "${KIND[kind].en}" of ${ownerName}${note}`,
  );
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

const KIND = {
  doNotOperate: say('cấm thao tác', 'do not operate'),
  crewAtWork: say('có người làm việc', 'crew at work'),
  hotLine: say('sửa chữa nóng', 'hot-line work'),
  information: say('thông tin', 'information'),
};
