import { uint8 } from './columns.ts';
import type { RestorationProblem } from './problem.ts';
import { ABSENT, FREE, type Scope } from './scope.ts';
import { merged, sectionsOnSources, sourceOfSection, switchesAt } from './tree-sections.ts';

/**
 * The dead area taken apart where no switch of the scope joins it: for each part a scope of its own,
 * in which the other parts stay dead. Parts that nothing live leads to are left out. Ordered by
 * what they hold: critical load, customers, load, then the lowest section.
 */
export function deadParts(problem: RestorationProblem, scope: Scope): readonly Scope[] {
  const { network, isLive, stayDead, values } = problem;
  const isHealthy = (section: number): boolean =>
    isLive[section] === 0 && !stayDead.reason.has(section);
  const seen = uint8(network.sectionCount);
  const parts: Part[] = [];
  for (const start of problem.deadSections) {
    if (seen[start] === 1 || !isHealthy(start)) continue;
    const part = { sections: [start], critical_W: 0, customers: 0, active_W: 0 };
    seen[start] = 1;
    for (const section of part.sections) {
      part.critical_W += values.critical_W[section]!;
      part.customers += values.customers[section]!;
      part.active_W += values.active_W[section]!;
      for (const [at, far] of around(problem, section)) {
        if (scope.role[at] === ABSENT || seen[far] === 1 || !isHealthy(far)) continue;
        seen[far] = 1;
        part.sections.push(far);
      }
    }
    parts.push(part);
  }
  parts.sort(
    (a, b) =>
      b.critical_W - a.critical_W ||
      b.customers - a.customers ||
      b.active_W - a.active_W ||
      a.sections[0]! - b.sections[0]!,
  );
  const found: Scope[] = [];
  for (const { sections } of parts) {
    const role = uint8(network.switchCount);
    const dead = new Set(sections);
    const sources = new Set<number>();
    const free = new Set<number>();
    for (const section of sections) {
      for (const [at, far] of around(problem, section)) {
        role[at] = scope.role[at]!;
        if (role[at] === FREE) free.add(at);
        if (isLive[far] === 0) dead.add(far);
        else if (role[at] === FREE) sources.add(sourceOfSection(problem, far));
      }
    }
    if (sources.size === 0) continue;
    // The live trees stand as they are.
    const live = sectionsOnSources(problem, sources);
    for (const at of switchesAt(problem, live)) {
      const from = network.switchSectionFrom[at]!;
      if (isLive[from] === 1 && isLive[network.switchSectionTo[at]!] === 1) {
        role[at] = scope.role[at]!;
      }
    }
    found.push({
      role,
      sections: merged([live, Int32Array.from(dead)]),
      free: [...free].sort((a, b) => a - b),
      links: [],
      sources: new Set([...sources].sort((a, b) => a - b)),
      wholeGrid: false,
    });
  }
  return found;
}

interface Part {
  readonly sections: number[];
  critical_W: number;
  customers: number;
  active_W: number;
}

/** Switches at a section, each with the section behind it. */
function around(
  { network }: RestorationProblem,
  section: number,
): readonly (readonly [number, number])[] {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const found: (readonly [number, number])[] = [];
  const end = sectionSwitchStart[section + 1]!;
  for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
    const at = sectionSwitches[entry]!;
    const from = switchSectionFrom[at]!;
    found.push([at, from === section ? switchSectionTo[at]! : from]);
  }
  return found;
}
