import type { EventView } from '@relight/contract';
import { folded } from '../i18n/format.ts';

/** An event never changes, so its words are folded once. */
const foldedTexts = new WeakMap<EventView, string>();

/**
 * Those in whose text, in either language, or device all the words stand; small letters and without
 * marks do, as in the history of the control centre.
 */
export function matching(
  events: readonly EventView[],
  words: string,
  nameOf: (equipment: string) => string,
): readonly EventView[] {
  const wanted = folded(words)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (wanted.length === 0) return events;
  return events.filter((event) => {
    const { text, equipment } = event;
    const known = foldedTexts.get(event);
    const all = known ?? folded(`${text.vi} ${text.en} ${equipment} ${nameOf(equipment)}`);
    if (known === undefined) foldedTexts.set(event, all);
    return wanted.every((word) => all.includes(word));
  });
}
