import type { Engine } from './engine.ts';
import { waysUp } from './interlocks/hot-line.ts';
import { ascending } from './outage.ts';
import type { OperationsState } from './state.ts';
import { tagsOf } from './tag.ts';

/** Sections that a crew or hot-line work holds: what is dead of them stays so. Ascending. */
export function sectionsOfTags(state: OperationsState): readonly number[] {
  const held = [...tagsOf(state, 'crewAtWork'), ...tagsOf(state, 'hotLine')];
  return ascending(new Set(held.flatMap((tag) => tag.sections)));
}

/**
 * Switches that no plan may move while hot-line work goes on: on its ways up to the source and
 * around it, as far as it is live. Ascending.
 */
export function switchesAroundHotLine(engine: Engine, state: OperationsState): readonly number[] {
  const { network } = engine;
  const sections = tagsOf(state, 'hotLine')
    .flatMap((tag) => tag.sections)
    .filter((section) => state.sections[section]?.condition !== 'dead');
  const found = new Set(waysUp(engine, state, sections));
  for (const section of sections) {
    const end = network.sectionSwitchStart[section + 1] ?? 0;
    for (let at = network.sectionSwitchStart[section] ?? 0; at < end; at++) {
      found.add(network.sectionSwitches[at] ?? -1);
    }
  }
  return ascending(found);
}

/** Ids of tags and earths on these sections, sorted: a plan made before one of them came is old. */
export function holdsOn(state: OperationsState, sections: readonly number[]): readonly string[] {
  const tags = [...state.tags.values()].flatMap(({ standing, sections: held }) =>
    standing.kind !== 'information' && held.some((each) => sections.includes(each))
      ? [standing.id]
      : [],
  );
  const earths = [...state.earths.values()].flatMap((earth) =>
    sections.includes(earth.section) ? [earth.standing.id] : [],
  );
  return [...tags, ...earths].sort();
}
