import type { LooseBranch } from './loose-file.ts';

/** Branches at each node, compressed: entries of node n are start[n] … start[n + 1] − 1. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly branch: Int32Array;
}

/** Branches with an end that does not exist, or both ends on one node, are left out. */
export function buildAdjacency(nodeCount: number, branches: readonly LooseBranch[]): Adjacency {
  const start = new Int32Array(nodeCount + 1);
  const usable = (b: LooseBranch): boolean => b.from >= 0 && b.to >= 0 && b.from !== b.to;
  for (const b of branches) {
    if (!usable(b)) continue;
    start[b.from + 1] = (start[b.from + 1] ?? 0) + 1;
    start[b.to + 1] = (start[b.to + 1] ?? 0) + 1;
  }
  for (let n = 0; n < nodeCount; n++) start[n + 1] = (start[n + 1] ?? 0) + (start[n] ?? 0);
  const next = start.slice();
  const branch = new Int32Array(start[nodeCount] ?? 0);
  branches.forEach((b, i) => {
    if (!usable(b)) return;
    for (const node of [b.from, b.to]) {
      const place = next[node] ?? 0;
      branch[place] = i;
      next[node] = place + 1;
    }
  });
  return { start, branch };
}
