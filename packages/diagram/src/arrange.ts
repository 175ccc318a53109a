import { at, type NormalTree } from './normal-tree.ts';
import type { DiagramFeeder, FeederPartition } from './feeders.ts';

/** One line of the picture: a feeder from the left, one from the right, or one of the two. */
export interface Row {
  readonly left: number;
  readonly right: number;
}

/** Two stations that face each other, or one alone on the left. */
export interface Block {
  readonly left: string;
  readonly right: string | null;
  readonly rows: readonly Row[];
}

/** How many links join two feeders, by `lower:higher` index. */
function tieCounts(tree: NormalTree, part: FeederPartition): Map<string, number> {
  const counts = new Map<string, number>();
  for (const link of tree.links) {
    const { from, to } = at(tree.branches, link);
    const [a, b] = [at(part.feederOf, from), at(part.feederOf, to)];
    if (a < 0 || b < 0 || a === b) continue;
    const key = `${Math.min(a, b)}:${Math.max(a, b)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/** Takes the heaviest pair first; equal weights go by position. */
function matchGreedily(candidates: readonly Match[]): Match[] {
  const taken = new Set<number>();
  const sorted = [...candidates].sort((p, q) => q.weight - p.weight || p.a - q.a || p.b - q.b);
  return sorted.filter(({ a, b }) => {
    if (taken.has(a) || taken.has(b)) return false;
    taken.add(a).add(b);
    return true;
  });
}

const STUB_COST = 10;
const BUS_COST = 3;

/** What an order of rows costs: ties that jump over rows, and busbars torn apart. */
function orderCost(
  order: readonly Row[],
  feeders: readonly DiagramFeeder[],
  ties: readonly (readonly [number, number, number])[],
): number {
  const rowOf = new Map<number, number>();
  const spans = new Map<string, [number, number, number]>();
  order.forEach((row, i) => {
    for (const f of [row.left, row.right]) {
      if (f < 0) continue;
      rowOf.set(f, i);
      const key = `${at(feeders, f).bus}`;
      const span = spans.get(key);
      spans.set(key, span === undefined ? [i, i, 1] : [span[0], i, span[2] + 1]);
    }
  });
  let cost = 0;
  for (const [a, b, count] of ties) {
    const [ra, rb] = [rowOf.get(a), rowOf.get(b)];
    if (ra === undefined || rb === undefined) continue;
    const distance = Math.abs(ra - rb);
    cost += count * (distance <= 1 ? distance : STUB_COST + distance);
  }
  for (const [first, last, count] of spans.values()) cost += BUS_COST * (last - first + 1 - count);
  return cost;
}

const FEW_ROWS = 7;

function permutations(rows: readonly Row[]): Row[][] {
  if (rows.length <= 1) return [[...rows]];
  return rows.flatMap((row, i) =>
    permutations([...rows.slice(0, i), ...rows.slice(i + 1)]).map((rest) => [row, ...rest]),
  );
}

/**
 * The cheapest order of rows: by trying all while they are few, else by moving runs of rows while
 * that helps. Between equals the first in order of the feeders' ids stays.
 */
function improveOrder(rows: readonly Row[], cost: (order: readonly Row[]) => number): Row[] {
  let best = [...rows];
  let bestCost = cost(best);
  const consider = (trial: Row[]): boolean => {
    const trialCost = cost(trial);
    if (trialCost >= bestCost) return false;
    best = trial;
    bestCost = trialCost;
    return true;
  };
  if (rows.length <= FEW_ROWS) {
    for (const order of permutations(rows)) consider(order);
    return best;
  }
  for (let improved = true; improved;) {
    improved = false;
    for (let run = 1; run <= 3; run += 1)
      for (let i = 0; i + run <= best.length; i += 1)
        for (let j = 0; j + run <= best.length; j += 1) {
          if (i === j) continue;
          const trial = [...best];
          const moved = trial.splice(i, run);
          trial.splice(j, 0, ...moved);
          if (consider(trial)) improved = true;
        }
  }
  return best;
}

/** Stations facing each other by their ties, feeders of a row by theirs, rows ordered by the rest. */
export function arrangeRows(tree: NormalTree, part: FeederPartition): Block[] {
  const { feeders } = part;
  const counts = tieCounts(tree, part);
  const between = (a: number, b: number): number =>
    counts.get(`${Math.min(a, b)}:${Math.max(a, b)}`) ?? 0;
  const stations = [...new Set(feeders.map((f) => f.station))].sort();
  const members = stations.map((id) =>
    feeders
      .flatMap((f, i) => (f.station === id ? [i] : []))
      .sort((a, b) => {
        const [p, q] = [at(feeders, a).id, at(feeders, b).id];
        return p < q ? -1 : 1;
      }),
  );
  const stationPairs = stations.flatMap((_, a) =>
    stations.flatMap((__, b) => {
      if (b <= a) return [];
      let weight = 0;
      for (const f of at(members, a)) for (const g of at(members, b)) weight += between(f, g);
      return weight > 0 ? [{ a, b, weight }] : [];
    }),
  );
  const matched = matchGreedily(stationPairs);
  const ties = [...counts].map(([key, n]) => {
    const [a, b] = key.split(':').map(Number);
    return [a ?? -1, b ?? -1, n] as const;
  });

  const blocks: Block[] = [];
  stations.forEach((station, s) => {
    if (matched.some((m) => m.b === s)) return;
    const partner = matched.find((m) => m.a === s);
    const left = at(members, s);
    const right = partner === undefined ? [] : at(members, partner.b);
    const pairs = matchGreedily(
      left.flatMap((f, a) =>
        right.map((g, b) => ({ a, b: left.length + b, weight: between(f, g) })),
      ),
    );
    const rows: Row[] = left.map((f, a) => {
      const pair = pairs.find((p) => p.a === a);
      return { left: f, right: pair === undefined ? -1 : at(right, pair.b - left.length) };
    });
    right.forEach((g, b) => {
      if (!pairs.some((p) => p.b === left.length + b)) rows.push({ left: -1, right: g });
    });
    blocks.push({
      left: station,
      right: partner === undefined ? null : at(stations, partner.b),
      rows:
        rows.length > 60 ? rows : improveOrder(rows, (order) => orderCost(order, feeders, ties)),
    });
  });
  return blocks;
}
