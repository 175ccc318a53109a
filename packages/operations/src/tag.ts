import type { StandingTag, TagView } from '@relight/contract';
import { switchName, type Engine } from './engine.ts';
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

/** What people call each kind. */
export const TAG_KIND = {
  doNotOperate: say('cấm thao tác', 'do not operate'),
  crewAtWork: say('có người làm việc', 'crew at work'),
  hotLine: say('sửa chữa nóng', 'hot-line work'),
  information: say('thông tin', 'information'),
};

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
    `biển ${TAG_KIND[kind].vi} của ${ownerName}${note}`,
    `tag "${TAG_KIND[kind].en}" of ${ownerName}${note}`,
  );
}
