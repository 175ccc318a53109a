import type { Bilingual } from '@relight/contract';
import type { Incident } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { tagText } from './tag.ts';

/** A section that another incident, a tag or an earth keeps dead is named so. */
export function whyHeldDead(
  state: OperationsState,
  incident: Incident,
  section: number,
): Bilingual | null {
  const other = state.incidents.find(
    (each) => each !== incident && sectionsKeptDead(each).includes(section),
  );
  if (other !== undefined) {
    return say(
      `Thuộc vùng sự cố ${other.id}.`,
      `It belongs to the part that ${other.id} keeps dead.`,
    );
  }
  const tag = [...state.tags.values()].find(
    (each) => each.standing.kind !== 'information' && each.sections.includes(section),
  );
  if (tag !== undefined) {
    const whose = tagText(tag);
    return say(`Đang treo ${whose.vi}.`, `It carries the ${whose.en}.`);
  }
  const earth = [...state.earths.values()].find((each) => each.section === section);
  return earth === undefined
    ? null
    : say(
        `Có tiếp đất lưu động ${earth.standing.label}.`,
        `The portable earth ${earth.standing.label} is on it.`,
      );
}
