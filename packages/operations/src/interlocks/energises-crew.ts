import { say } from '../signal-text.ts';
import { tagsOf, tagText } from '../tag.ts';
import type { Verdict, WantedMove } from './interlock.ts';

/**
 * Interlock 1: no close that energises a section with a crew at work, from any source, generators
 * included. Nobody overrides it.
 */
export function energisesCrew(move: WantedMove): Verdict {
  const { engine, state } = move;
  if (move.operation === 'open')
    return { ok: true, text: say('không đóng điện', 'closes nothing') };
  const sections = new Set(move.region.map((node) => engine.network.nodeSection[node] ?? -1));
  for (const tag of tagsOf(state, 'crewAtWork')) {
    const held = tag.sections.find((section) => sections.has(section));
    if (held === undefined) continue;
    const name = engine.sections[held]?.name ?? '';
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
