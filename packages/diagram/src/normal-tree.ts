import type { GridFile } from '@relight/contract';
import { assert } from '@relight/foundation';

/** What a branch of the diagram stands for. */
export type BranchKind = 'line' | 'transformer' | 'switch';

export interface Branch {
  readonly id: string;
  readonly kind: BranchKind;
  /** Node indices, as in the file. */
  readonly from: number;
  readonly to: number;
  readonly normallyOpen: boolean;
}

/**
 * The grid in its normal state as a forest hung on its sources. Every array is sorted by id first,
 * so the result does not depend on the order of the file. Cost: linear in the grid.
 */
export interface NormalTree {
  /** Node ids, sorted. */
  readonly nodes: readonly string[];
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly branches: readonly Branch[];
  readonly branchIndex: ReadonlyMap<string, number>;
  /** Branch by which a node is supplied; −1 at a root. */
  readonly parentBranch: Int32Array;
  readonly parentNode: Int32Array;
  /** Branches that hang below a node, in order of their ids. */
  readonly children: readonly (readonly number[])[];
  /** Nodes from the roots outward. */
  readonly order: readonly number[];
  /** Root of each node: a node with a source, or the first node of a part no source reaches. */
  readonly root: Int32Array;
  /** Branches outside the forest: normally open switches and whatever closes a loop. */
  readonly links: readonly number[];
  /** Section of each node: its lowest node index reached without passing a switch. */
  readonly section: Int32Array;
}

export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** An element that must be there: its absence is our own mistake. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const item = list[index];
  assert(item !== undefined, `index ${index} of ${list.length}`);
  return item;
}

function collectBranches(file: GridFile, nodeIndex: ReadonlyMap<string, number>): Branch[] {
  const node = (id: string): number => {
    const index = nodeIndex.get(id);
    assert(index !== undefined, `the file was validated, yet node ${id} is missing`);
    return index;
  };
  const ends = (b: { from: string; to: string }) => ({ from: node(b.from), to: node(b.to) });
  return [
    ...[...(file.lines ?? [])]
      .sort(byId)
      .map((l) => ({ id: l.id, kind: 'line' as const, ...ends(l), normallyOpen: false })),
    ...[...(file.transformers ?? [])]
      .sort(byId)
      .map((t) => ({ id: t.id, kind: 'transformer' as const, ...ends(t), normallyOpen: false })),
    ...[...(file.switches ?? [])].sort(byId).map((s) => ({
      id: s.id,
      kind: 'switch' as const,
      ...ends(s),
      normallyOpen: s.normallyOpen ?? false,
    })),
  ];
}

function sections(nodeCount: number, branches: readonly Branch[]): Int32Array {
  const parent = Int32Array.from({ length: nodeCount }, (_, i) => i);
  const find = (n: number): number => {
    let root = n;
    while (at(parent, root) !== root) root = at(parent, root);
    for (let i = n; i !== root;) {
      const next = at(parent, i);
      parent[i] = root;
      i = next;
    }
    return root;
  };
  for (const branch of branches) {
    if (branch.kind !== 'line') continue;
    const [a, b] = [find(branch.from), find(branch.to)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  return Int32Array.from({ length: nodeCount }, (_, n) => find(n));
}

/** Hangs the grid on its sources with every switch in its normal position. */
export function buildNormalTree(file: GridFile): NormalTree {
  const nodes = file.nodes.map((n) => n.id).sort();
  const nodeIndex = new Map(nodes.map((id, i) => [id, i]));
  const branches = collectBranches(file, nodeIndex);
  const adjacent: number[][] = nodes.map(() => []);
  branches.forEach((branch, b) => {
    if (branch.normallyOpen) return;
    at(adjacent, branch.from).push(b);
    if (branch.to !== branch.from) at(adjacent, branch.to).push(b);
  });

  const parentBranch = new Int32Array(nodes.length).fill(-1);
  const parentNode = new Int32Array(nodes.length).fill(-1);
  const root = new Int32Array(nodes.length).fill(-1);
  const children: number[][] = nodes.map(() => []);
  const order: number[] = [];
  const inTree = new Uint8Array(branches.length);
  const grow = (roots: readonly number[]): void => {
    const queue = [...roots];
    for (const start of roots) root[start] = start;
    for (let head = 0; head < queue.length; head += 1) {
      const node = at(queue, head);
      order.push(node);
      for (const b of at(adjacent, node)) {
        const branch = at(branches, b);
        const other = branch.from === node ? branch.to : branch.from;
        if (at(root, other) >= 0) continue;
        root[other] = at(root, node);
        parentBranch[other] = b;
        parentNode[other] = node;
        inTree[b] = 1;
        at(children, node).push(b);
        queue.push(other);
      }
    }
  };
  const sourceNodes = file.sources.map((s) => nodeIndex.get(s.node) ?? 0);
  grow([...new Set(sourceNodes)].sort((a, b) => a - b));
  nodes.forEach((_, n) => {
    if (at(root, n) < 0) grow([n]);
  });

  return {
    nodes,
    nodeIndex,
    branches,
    branchIndex: new Map(branches.map((b, i) => [`${b.kind}:${b.id}`, i])),
    parentBranch,
    parentNode,
    children,
    order,
    root,
    links: branches.flatMap((_, b) => (inTree[b] === 1 ? [] : [b])),
    section: sections(nodes.length, branches),
  };
}

/** The end of a branch that is not `node`. */
export function otherEnd(tree: NormalTree, branch: number, node: number): number {
  const { from, to } = at(tree.branches, branch);
  return from === node ? to : from;
}
