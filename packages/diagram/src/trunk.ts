import { at, otherEnd, type NormalTree } from './normal-tree.ts';
import type { FeederPartition } from './feeders.ts';

/**
 * Load moment of each node: the power carried over every branch between it and its root, summed.
 * The greater it is, the longer and the heavier the path, which is what makes a trunk.
 */
export function loadMoments(tree: NormalTree, part: FeederPartition): Float64Array {
  const moment = new Float64Array(tree.nodes.length);
  for (const node of tree.order) {
    const parent = at(tree.parentNode, node);
    // One watt more per branch, so that of two unloaded paths the longer one is the trunk.
    if (parent >= 0) moment[node] = at(moment, parent) + at(part.below_kW, node) + 1e-3;
  }
  return moment;
}

function pathFrom(tree: NormalTree, first: number, end: number): number[] {
  const path: number[] = [];
  for (let n = end; n !== first; n = at(tree.parentNode, n)) path.push(n);
  path.push(first);
  return path.reverse();
}

/** Everything at and below a node, outward. */
export function subtree(tree: NormalTree, first: number): number[] {
  const found = [first];
  for (let i = 0; i < found.length; i += 1) {
    const node = at(found, i);
    for (const b of at(tree.children, node)) found.push(otherEnd(tree, b, node));
  }
  return found;
}

/**
 * The straight part of what hangs at `first`: the path of the greatest load moment among those
 * that end at a wanted node, else at any tie, else anywhere.
 */
export function trunkPath(
  tree: NormalTree,
  moments: Float64Array,
  first: number,
  wanted: ReadonlySet<number>,
  tieNodes: ReadonlySet<number>,
): number[] {
  const below = subtree(tree, first);
  const best = (nodes: readonly number[]): number | undefined => {
    let found: number | undefined;
    for (const n of nodes)
      if (found === undefined || at(moments, n) > at(moments, found)) found = n;
    return found;
  };
  const end =
    best(below.filter((n) => wanted.has(n))) ??
    best(below.filter((n) => tieNodes.has(n))) ??
    best(below) ??
    first;
  return pathFrom(tree, first, end);
}
