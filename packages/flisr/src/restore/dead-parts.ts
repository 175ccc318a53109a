import type { RestorationProblem } from './problem.ts';
import { ABSENT, FREE, type Scope } from './scope.ts';

/**
 * The dead area taken apart where no switch of the scope joins it: for each part a scope of its own,
 * in which the other parts stay dead. Parts that nothing live leads to are left out. Ordered by
 * what they hold: critical load, customers, load, then the lowest section.
 */
export function deadParts(problem: RestorationProblem, scope: Scope): readonly Scope[] {
  const { network, isLive, stayDead, now, values } = problem;
  const partOf = new Int32Array(network.sectionCount).fill(-1);
  const isHealthy = (section: number): boolean =>
    isLive[section] === 0 && stayDead.reason[section] === null;
  const parts: Part[] = [];
  for (let start = 0; start < network.sectionCount; start++) {
    if (partOf[start] !== -1 || !isHealthy(start)) continue;
    const part = { sections: [start], critical_W: 0, customers: 0, active_W: 0 };
    partOf[start] = parts.length;
    for (const section of part.sections) {
      part.critical_W += values.critical_W[section]!;
      part.customers += values.customers[section]!;
      part.active_W += values.active_W[section]!;
      for (const [at, far] of around(problem, section)) {
        if (scope.role[at] === ABSENT || partOf[far] !== -1 || !isHealthy(far)) continue;
        partOf[far] = parts.length;
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
    const role = new Uint8Array(network.switchCount);
    const deadPart = new Uint8Array(network.sectionCount);
    const sources = new Set<number>();
    const free = new Set<number>();
    for (const section of sections) {
      deadPart[section] = 1;
      for (const [at, far] of around(problem, section)) {
        role[at] = scope.role[at]!;
        if (role[at] === FREE) free.add(at);
        if (isLive[far] === 0) deadPart[far] = 1;
        else if (role[at] === FREE) sources.add(sourceOf(far));
      }
    }
    if (sources.size === 0) continue;
    // The live trees stand as they are.
    for (let at = 0; at < network.switchCount; at++) {
      const from = network.switchSectionFrom[at]!;
      if (isLive[from] === 1 && isLive[network.switchSectionTo[at]!] === 1) {
        role[at] = scope.role[at]!;
      }
    }
    found.push({
      role,
      free: [...free].sort((a, b) => a - b),
      links: [],
      sources: new Set([...sources].sort((a, b) => a - b)),
      wholeGrid: false,
      deadPart,
    });
  }
  return found;

  function sourceOf(section: number): number {
    return now.nodeSource[network.sectionNodes[network.sectionStart[section]!]!]!;
  }
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
