import type { GridFile } from '@relight/contract';
import { partition } from './feeders.ts';
import { at, buildNormalTree } from './normal-tree.ts';

/** A switch of the feeder in the normal state and the node it feeds: the door into a section. */
export interface SectionEntry {
  readonly switch: string;
  readonly node: string;
}

export interface FeederExcerpt {
  /** The part of the grid to draw, in the form of a grid file. */
  readonly file: GridFile;
  /** Feeders that a tie joins to this one, sorted. */
  readonly neighbours: readonly string[];
  /** From the head outward. */
  readonly entries: readonly SectionEntry[];
}

/**
 * One feeder with the feeders its ties lead to and the way up from each to its source, by the
 * normal state, so that the excerpt stays the same while switches move. Branches of which an end
 * is left out are left out too. Cost: linear in the grid.
 * @returns null where the grid has no such feeder.
 */
export function excerptFeeder(file: GridFile, feeder: string): FeederExcerpt | null {
  const tree = buildNormalTree(file);
  const { feeders, feederOf } = partition(file, tree);
  const own = feeders.findIndex((f) => f.id === feeder);
  if (own < 0) return null;
  const kept = new Set([own]);
  for (const link of tree.links) {
    const { from, to } = at(tree.branches, link);
    const [a, b] = [at(feederOf, from), at(feederOf, to)];
    if (a === own && b >= 0) kept.add(b);
    if (b === own && a >= 0) kept.add(a);
  }
  const nodes = new Set<string>();
  tree.nodes.forEach((id, n) => {
    if (kept.has(at(feederOf, n))) nodes.add(id);
  });
  for (const f of kept)
    for (let n = at(feeders, f).bus; n >= 0; n = at(tree.parentNode, n))
      nodes.add(at(tree.nodes, n));
  const entries: SectionEntry[] = [];
  for (const n of tree.order) {
    const branch = at(tree.parentBranch, n);
    if (at(feederOf, n) !== own || branch < 0) continue;
    const { kind, id } = at(tree.branches, branch);
    if (kind === 'switch') entries.push({ switch: id, node: at(tree.nodes, n) });
  }
  const onNode = <T extends { readonly node: string }>(list: readonly T[] | undefined): T[] =>
    (list ?? []).filter((e) => nodes.has(e.node));
  const between = <T extends { readonly from: string; readonly to: string }>(
    list: readonly T[] | undefined,
  ): T[] => (list ?? []).filter((e) => nodes.has(e.from) && nodes.has(e.to));
  const switches = between(file.switches);
  const heads = new Set(switches.map((s) => s.id));
  return {
    file: {
      ...file,
      nodes: file.nodes.filter((n) => nodes.has(n.id)),
      sources: onNode(file.sources),
      lines: between(file.lines),
      switches,
      transformers: between(file.transformers),
      faultIndicators: onNode(file.faultIndicators),
      groundDisconnectors: onNode(file.groundDisconnectors),
      loads: onNode(file.loads),
      shunts: onNode(file.shunts),
      generators: onNode(file.generators),
      feeders: (file.feeders ?? []).filter((f) => heads.has(f.head)),
    },
    neighbours: [...kept]
      .filter((f) => f !== own)
      .map((f) => at(feeders, f).id)
      .sort(),
    entries,
  };
}
