import type { FaultTree } from './fault-tree.ts';
import { smallestSet } from './smallest-set.ts';

/**
 * The smallest connected set of sections with the wanted probability, and what it leaves out. A
 * first set starts at the most probable section and takes the next ones in, with the sections on
 * the way; an exact search replaces it where a smaller one does, or as small a more probable one.
 */
export function isolatedSet(
  tree: FaultTree,
  ranked: readonly { readonly section: number; readonly probability: number }[],
  wanted: number,
): { readonly isolate: readonly number[]; readonly outside: number } {
  const parentSection = sectionParents(tree);
  const probability = new Map(ranked.map((each) => [each.section, each.probability]));
  const chosen = new Set<number>();
  let held = 0;
  const take = (section: number): void => {
    if (chosen.has(section)) return;
    chosen.add(section);
    held += probability.get(section) ?? 0;
  };
  for (const { section } of ranked) {
    if (chosen.size > 0 && held >= wanted) break;
    for (const each of pathToChosen(section, chosen, parentSection)) take(each);
  }
  const sections = [...parentSection.keys()];
  const placeOf = new Map(sections.map((section, place) => [section, place]));
  const smallest = smallestSet(
    {
      parent: sections.map((section) => placeOf.get(parentSection.get(section)!) ?? -1),
      probability: sections.map((section) => probability.get(section) ?? 0),
    },
    wanted,
    chosen.size,
  );
  if (smallest !== null) {
    chosen.clear();
    for (const place of smallest) chosen.add(sections[place]!);
  }
  const isolate = [...chosen].sort((a, b) => a - b);
  // Summed over what is left out: a difference from 1 would lose the small numbers that matter.
  let outside = 0;
  for (const each of ranked) if (!chosen.has(each.section)) outside += each.probability;
  return { isolate, outside };
}

/** Section on the source side of each section of the tree, −1 at the root. */
function sectionParents(tree: FaultTree): ReadonlyMap<number, number> {
  const { nodeSection } = tree.network;
  const parents = new Map<number, number>();
  tree.nodes.forEach((node, place) => {
    const section = nodeSection[node]!;
    const above = tree.parent[place] === -1 ? -1 : nodeSection[tree.nodes[tree.parent[place]!]!]!;
    if (above !== section && !parents.has(section)) parents.set(section, above);
  });
  return parents;
}

/** The section and those between it and the nearest chosen one. */
function pathToChosen(
  section: number,
  chosen: ReadonlySet<number>,
  parents: ReadonlyMap<number, number>,
): readonly number[] {
  if (chosen.size === 0 || chosen.has(section)) return [section];
  const up = (start: number): number[] => {
    const path: number[] = [];
    for (let at = start; at !== -1; at = parents.get(at) ?? -1) path.push(at);
    return path;
  };
  const own = up(section);
  const reached = own.findIndex((each) => chosen.has(each));
  if (reached !== -1) return own.slice(0, reached);
  // The chosen ones hang below or beside: down from the first section both ways share.
  const ways = [...chosen].sort((a, b) => a - b).map((start) => up(start));
  let best: readonly number[] = [];
  for (const way of ways) {
    const meeting = way.find((each) => own.includes(each)) ?? -1;
    const path = [
      ...own.slice(0, own.indexOf(meeting) + 1),
      ...way.slice(0, way.indexOf(meeting)),
    ].filter((each) => !chosen.has(each));
    if (best.length === 0 || path.length < best.length) best = path;
  }
  return best;
}
