import type { GridFile } from '@relight/contract';
import { at, byId, otherEnd, type NormalTree } from './normal-tree.ts';

/** One branch of a cell, in the direction away from the busbar the cell hangs on. */
export interface CellStep {
  readonly branch: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What hangs on the busbars of a station between two busbars or between a busbar and the world:
 * a bay. `coupler` joins two busbars that are drawn side by side, `transformer` one of the upper
 * with one of the lower level.
 */
export interface StationCell {
  readonly kind: 'incomer' | 'feeder' | 'transformer' | 'coupler' | 'spare';
  readonly start: number;
  /** The other busbar; −1 where the cell ends elsewhere. */
  readonly end: number;
  /** From the busbar to the end, in order. */
  readonly chain: readonly CellStep[];
  /** Branches beside the chain. */
  readonly spurs: readonly CellStep[];
  /** Nodes of the cell that are no busbars, nodes outside the station at the end of it included. */
  readonly nodes: readonly number[];
}

export interface StationCells {
  /** Busbars of the highest voltage; empty where the station has one voltage only. */
  readonly upper: readonly number[];
  readonly lower: readonly number[];
  readonly cells: readonly StationCell[];
}

/** Nodes that are drawn as busbars; a part of the station without any gets its busiest node. */
function chooseBuses(
  file: GridFile,
  tree: NormalTree,
  members: readonly number[],
  adjacent: ReadonlyMap<number, readonly number[]>,
): Set<number> {
  const marked = new Set(
    file.nodes.filter((n) => n.busbar === true).map((n) => tree.nodeIndex.get(n.id) ?? -1),
  );
  const buses = new Set(members.filter((n) => marked.has(n)));
  const inside = new Set(members);
  const seen = new Set<number>();
  for (const first of members) {
    if (seen.has(first)) continue;
    const part = [first];
    seen.add(first);
    for (const node of part)
      for (const b of adjacent.get(node) ?? []) {
        const other = otherEnd(tree, b, node);
        if (!inside.has(other) || seen.has(other)) continue;
        seen.add(other);
        part.push(other);
      }
    if (part.some((n) => buses.has(n))) continue;
    const degree = (n: number): number => (adjacent.get(n) ?? []).length;
    buses.add([...part].sort((a, b) => degree(b) - degree(a) || a - b)[0] ?? first);
  }
  return buses;
}

interface Way {
  readonly chain: CellStep[];
  readonly target: number;
}

/** The shortest way from a busbar through free nodes to the first target, breadth first. */
function wayTo(
  tree: NormalTree,
  start: number,
  branches: readonly number[],
  free: ReadonlySet<number>,
  isTarget: (node: number) => boolean,
): Way | null {
  const by = new Map<number, CellStep>();
  const queue = [start];
  for (const node of queue) {
    for (const branch of branches) {
      const { from, to } = at(tree.branches, branch);
      if (from !== node && to !== node) continue;
      const other = otherEnd(tree, branch, node);
      if (other === start || by.has(other)) continue;
      by.set(other, { branch, from: node, to: other });
      if (isTarget(other)) {
        const chain: CellStep[] = [];
        for (let n = other; n !== start;) {
          const step = by.get(n);
          if (step === undefined) break;
          chain.unshift(step);
          n = step.from;
        }
        return { chain, target: other };
      }
      if (free.has(other)) queue.push(other);
    }
  }
  return null;
}

/**
 * Cuts a station into its cells: what hangs together when the busbars are taken away. Sorted by
 * id, so the order of the file plays no part. Cost: linear in the station, times its cells.
 * @returns null where the file knows no node of this station.
 */
export function cutIntoCells(
  file: GridFile,
  tree: NormalTree,
  station: string,
): StationCells | null {
  const voltage = new Map(
    file.nodes.map((n) => [tree.nodeIndex.get(n.id) ?? -1, n.nominalVoltage_kV]),
  );
  const kV = (node: number): number => voltage.get(node) ?? 0;
  const members = file.nodes
    .filter((n) => n.substation === station)
    .map((n) => tree.nodeIndex.get(n.id) ?? -1)
    .sort((a, b) => a - b);
  if (members.length === 0) return null;
  const inside = new Set(members);
  const adjacent = new Map<number, number[]>(members.map((n) => [n, []]));
  const own: number[] = [];
  tree.branches.forEach(({ from, to }, b) => {
    if (from === to || (!inside.has(from) && !inside.has(to))) return;
    own.push(b);
    adjacent.get(from)?.push(b);
    adjacent.get(to)?.push(b);
  });
  const buses = chooseBuses(file, tree, members, adjacent);
  const highest = Math.max(...[...buses].map(kV));
  const sorted = [...buses].sort((a, b) => kV(b) - kV(a) || a - b);
  const oneLevel = sorted.every((n) => kV(n) === highest);
  const upper = oneLevel ? [] : sorted.filter((n) => kV(n) === highest);
  const lower = oneLevel ? sorted : sorted.filter((n) => kV(n) !== highest);
  const isUpper = new Set(upper);

  // Free nodes joined by branches are one cell; a branch that ends on no free node is its own.
  const cellOf = new Map<number, number>();
  const groups: number[][] = [];
  for (const first of members) {
    if (buses.has(first) || cellOf.has(first)) continue;
    const part = [first];
    cellOf.set(first, groups.length);
    for (const node of part)
      for (const b of adjacent.get(node) ?? []) {
        const other = otherEnd(tree, b, node);
        if (!inside.has(other) || buses.has(other) || cellOf.has(other)) continue;
        cellOf.set(other, groups.length);
        part.push(other);
      }
    groups.push(part);
  }
  const branchesOf: number[][] = groups.map(() => []);
  const single: number[] = [];
  for (const b of own) {
    const { from, to } = at(tree.branches, b);
    const cell = cellOf.get(from) ?? cellOf.get(to);
    if (cell === undefined) single.push(b);
    else at(branchesOf, cell).push(b);
  }
  const sources = new Set(
    [...file.sources].sort(byId).map((s) => tree.nodeIndex.get(s.node) ?? -1),
  );

  const makeCell = (free: readonly number[], branches: readonly number[]): StationCell => {
    const freeSet = new Set(free);
    const ends = branches.flatMap((b) => [at(tree.branches, b).from, at(tree.branches, b).to]);
    const touched = sorted.filter((n) => ends.includes(n));
    const outside = [...new Set(ends.filter((n) => !inside.has(n)))].sort((a, b) => a - b);
    const start = at(touched, 0);
    const far = touched[touched.length - 1] ?? start;
    const search = (isTarget: (node: number) => boolean): Way | null =>
      wayTo(tree, start, branches, freeSet, isTarget);
    const otherLevel = kV(far) !== kV(start) ? search((n) => n === far) : null;
    const toSource = otherLevel === null ? search((n) => sources.has(n) && freeSet.has(n)) : null;
    const out = otherLevel ?? toSource ?? search((n) => !inside.has(n));
    const toBus = out ?? (far === start ? null : search((n) => n === far));
    let deepest: Way | null = toBus;
    if (deepest === null)
      for (const node of free) {
        const way = search((n) => n === node);
        if (way !== null && (deepest === null || way.chain.length > deepest.chain.length))
          deepest = way;
      }
    const chain = deepest?.chain ?? [];
    const used = new Set(chain.map((step) => step.branch));
    const spurs = branches
      .filter((b) => !used.has(b))
      .map((branch): CellStep => {
        const { from, to } = at(tree.branches, branch);
        return freeSet.has(from) || (!freeSet.has(to) && from === start)
          ? { branch, from, to }
          : { branch, from: to, to: from };
      });
    const kind =
      otherLevel !== null
        ? isUpper.has(start)
          ? 'transformer'
          : 'coupler'
        : toSource !== null
          ? 'incomer'
          : out !== null
            ? isUpper.has(start)
              ? 'incomer'
              : 'feeder'
            : toBus !== null
              ? 'coupler'
              : 'spare';
    const end = kind === 'transformer' || kind === 'coupler' ? far : -1;
    return { kind, start, end, chain, spurs, nodes: [...free, ...outside] };
  };
  const cells = [
    ...groups.map((free, i) => makeCell(free, at(branchesOf, i))),
    ...single.map((b) => makeCell([], [b])),
  ];
  return { upper, lower, cells };
}
