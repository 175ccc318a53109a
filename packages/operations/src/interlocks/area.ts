import { areasNotCovered, areasOfSwitch, hasPartIn } from '../areas.ts';
import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import type { Person } from '../people.ts';
import { say } from '../signal-text.ts';
import type { Verdict } from './interlock.ts';

/**
 * Interlock 8: a person operates in their own area; a tie between two areas needs the people of
 * both. `askAlso` means: allowed once a second person from the other area agrees.
 */
export function inArea(
  engine: Engine,
  switchIndex: number,
  first: Person | null,
  second: Person | null,
): Verdict & { readonly askAlso: boolean } {
  if (first === null) {
    return { ok: true, askAlso: false, text: say('do hệ thống tự động', 'by the automation') };
  }
  const areas = areasOfSwitch(engine, switchIndex);
  const missing = areasNotCovered(areas, second === null ? [first] : [first, second]);
  const { substations } = engine.grid;
  const nameOf = (id: string): string =>
    entryAt(
      substations,
      substations.findIndex((each) => each.id === id),
    ).name;
  const names = (ids: readonly string[]): string => ids.map(nameOf).join(', ');
  if (missing.length === 0) {
    const where = names(areas);
    return {
      ok: true,
      askAlso: false,
      text: where === '' ? say('không thuộc trạm nào', 'in no substation') : say(where, where),
    };
  }
  const askAlso = second === null && hasPartIn(areas, first);
  const others = names(missing);
  return {
    ok: false,
    askAlso,
    text: askAlso
      ? say(`liên lạc hai khu vực: cần thêm ${others}`, `ties two areas: ${others} must agree too`)
      : say(`thuộc khu vực ${others}`, `in the area of ${others}`),
  };
}
