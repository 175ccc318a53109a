import { entryAt } from '../entry-at.ts';
import { say } from '../signal-text.ts';
import { tagsOf, tagText } from '../tag.ts';
import { partJoined, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlock 1: no close that energises a section with a crew at work, from any source, generators
 * included; nor one that ties the section to a second supply where the picture takes it for live: a
 * crew there means that the picture may be wrong. Nobody overrides it.
 */
export function energisesCrew(move: WantedMove): Verdict {
  const { engine, state } = move;
  if (move.operation === 'open')
    return { ok: true, text: say('không đóng điện', 'closes nothing') };
  const tags = tagsOf(state, 'crewAtWork');
  const nodes = tags.length === 0 ? [] : [...move.region, ...partJoined(move)];
  const sections = new Set(nodes.map((node) => entryAt(engine.network.nodeSection, node)));
  for (const tag of tags) {
    const held = tag.sections.find((section) => sections.has(section));
    if (held === undefined) continue;
    const name = entryAt(engine.sections, held).name;
    const whose = tagText(tag);
    return {
      ok: false,
      text: say(
        `đóng điện vào ${name} đang có người làm việc: ${whose.vi}`,
        `would energise ${name}, where a crew is at work: ${whose.en}`,
      ),
    };
  }
  return { ok: true, text: say('không có người làm việc phía sau', 'no crew behind it') };
}
