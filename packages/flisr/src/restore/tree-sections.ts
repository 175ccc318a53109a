import { CLOSED } from '@relight/topology';
import { int32, int32Of } from './columns.ts';
import type { RestorationProblem } from './problem.ts';

/** Sections by the source that feeds them, walked when first asked for and kept for one problem. */
const walkedOf = new WeakMap<RestorationProblem, Map<number, Int32Array>>();

const NONE = int32(0);

/** Source of a section after the trip, −1 where it is dead. */
export function sourceOfSection(
  { network, now, isLive }: RestorationProblem,
  section: number,
): number {
  if (isLive[section] === 0) return -1;
  return now.nodeSource[network.sectionNodes[network.sectionStart[section]!]!]!;
}

/**
 * The sections that hang on a source after the trip, ascending; −1: the dead ones. Walked from the
 * source outward, so that it costs what is found and not the grid.
 */
export function sectionsOnSource(problem: RestorationProblem, source: number): Int32Array {
  if (source === -1) return problem.deadSections;
  let walked = walkedOf.get(problem);
  if (walked === undefined) walkedOf.set(problem, (walked = new Map<number, Int32Array>()));
  let sections = walked.get(source);
  if (sections === undefined) walked.set(source, (sections = walk(problem, source)));
  return sections;
}

function walk(problem: RestorationProblem, source: number): Int32Array {
  const { network, kernel, request } = problem;
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const root = network.nodeSection[network.sourceNode[source]!]!;
  if (sourceOfSection(problem, root) !== source) return NONE;
  const { seen } = kernel;
  const found = [root];
  seen[root] = 1;
  for (const section of found) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (request.positionsNow[at] !== CLOSED) continue;
      const from = switchSectionFrom[at]!;
      const far = from === section ? switchSectionTo[at]! : from;
      if (seen[far] === 1 || sourceOfSection(problem, far) !== source) continue;
      seen[far] = 1;
      found.push(far);
    }
  }
  for (const section of found) seen[section] = 0;
  return int32Of(found).sort();
}

/** The sections of several sources together, ascending; −1 among them stands for the dead ones. */
export function sectionsOnSources(
  problem: RestorationProblem,
  sources: Iterable<number>,
): Int32Array {
  const lists = Array.from(sources, (source) => sectionsOnSource(problem, source));
  return merged(lists);
}

/** Lists of numbers that have none in common, as one, ascending. */
export function merged(lists: readonly Int32Array[]): Int32Array {
  let count = 0;
  for (const list of lists) count += list.length;
  const all = int32(count);
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}

/** Switches at sections, each once, ascending. */
export function switchesAt(
  { network, kernel }: RestorationProblem,
  sections: ArrayLike<number>,
): Int32Array {
  const { sectionSwitchStart, sectionSwitches } = network;
  const { seenSwitch } = kernel;
  const found: number[] = [];
  for (let k = 0; k < sections.length; k++) {
    const end = sectionSwitchStart[sections[k]! + 1]!;
    for (let entry = sectionSwitchStart[sections[k]!]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (seenSwitch[at] === 1) continue;
      seenSwitch[at] = 1;
      found.push(at);
    }
  }
  for (const at of found) seenSwitch[at] = 0;
  return int32Of(found).sort();
}
