import type { RandomStream } from '@relight/foundation';
import { CONDUCTORS } from './conductors.ts';
import { placeOnMap, type GridDraft, type LocalMap } from './grid-draft.ts';
import type { BuiltFeeder, TieEnd } from './region-feeder.ts';

/** Ends looked at around each end. */
const NEIGHBOURS = 10;
/** A tie to another busbar of the same station helps less than one to another station. */
const SAME_STATION = 1.5;
const SAME_BUSBAR = 2.5;
/** Lines that only join two feeders are not built longer. */
const LONGEST_M = 4_000;
const WINDING = 1.25;

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly endA: TieEnd;
  readonly endB: TieEnd;
  readonly distance_km: number;
  readonly cost: number;
}

/**
 * Joins feeders of equal voltage by normally open switches, the nearest ends first, until each
 * has the ties it wants; where all around have enough already, one more than they want.
 */
export function addRegionTies(
  draft: GridDraft,
  map: LocalMap,
  feeders: readonly BuiltFeeder[],
  remoteShare: number,
  random: RandomStream,
): void {
  const open = feeders.map((feeder) => feeder.wantedTies);
  const taken = new Set<string>();
  const pairs = nearestPairs(feeders);
  const accept = (pair: Pair): void => {
    const key = `${pair.a}/${pair.b}`;
    if (taken.has(key)) return;
    taken.add(key);
    open[pair.a]! -= 1;
    open[pair.b]! -= 1;
    addTie(draft, map, feeders, pair, remoteShare, random);
  };
  for (const pair of pairs) if (open[pair.a]! > 0 && open[pair.b]! > 0) accept(pair);
  for (const pair of pairs) {
    const lonely = (at: number): boolean => open[at]! > 0 && open[at] === feeders[at]!.wantedTies;
    if (lonely(pair.a) || lonely(pair.b)) accept(pair);
  }
}

/** For each end the nearest ends of other feeders, the cheapest pair first. */
function nearestPairs(feeders: readonly BuiltFeeder[]): readonly Pair[] {
  const all = feeders.flatMap((feeder, at) => feeder.tieEnds.map((end) => ({ feeder, at, end })));
  const pairs: Pair[] = [];
  for (const one of all) {
    const near: Pair[] = [];
    for (const other of all) {
      if (other.at === one.at || other.feeder.nominal_kV !== one.feeder.nominal_kV) continue;
      const [dx, dy] = [one.end.x - other.end.x, one.end.y - other.end.y];
      const distance_km = Math.sqrt(dx * dx + dy * dy);
      const cost = distance_km * nearness(one.feeder, other.feeder);
      if (near.length === NEIGHBOURS && cost >= near[NEIGHBOURS - 1]!.cost) continue;
      const [first, second] = one.at < other.at ? [one, other] : [other, one];
      let place = near.length;
      while (place > 0 && near[place - 1]!.cost > cost) place--;
      near.splice(place, 0, {
        a: first.at,
        b: second.at,
        endA: first.end,
        endB: second.end,
        distance_km,
        cost,
      });
      if (near.length > NEIGHBOURS) near.pop();
    }
    pairs.push(...near);
  }
  return pairs.sort((p, q) => p.cost - q.cost || p.a - q.a || p.b - q.b);
}

function nearness(a: BuiltFeeder, b: BuiltFeeder): number {
  if (a.owner !== b.owner) return 1;
  return a.busNode === b.busNode ? SAME_BUSBAR : SAME_STATION;
}

/** From the end of one feeder a piece of line to the switch at the end of the other. */
function addTie(
  draft: GridDraft,
  map: LocalMap,
  feeders: readonly BuiltFeeder[],
  { a, b, endA, endB, distance_km }: Pair,
  remoteShare: number,
  random: RandomStream,
): void {
  const [one, other] = [feeders[a]!, feeders[b]!];
  const pole = random.integer(20, 140);
  const id = `${one.key}-${other.key}-${pole}`;
  const middle = `${id}.A`;
  const length_m = Math.round(Math.min(LONGEST_M, Math.max(30, WINDING * 1000 * distance_km)));
  const weaker =
    CONDUCTORS[one.trunk].rated_A < CONDUCTORS[other.trunk].rated_A ? one.trunk : other.trunk;
  const conductor = CONDUCTORS[weaker];
  draft.nodes.push({
    id: middle,
    nominalVoltage_kV: one.nominal_kV,
    ...placeOnMap(map, endB.x, endB.y),
  });
  draft.lines.push({
    id: `${id}.L`,
    from: endA.node,
    to: middle,
    length_m,
    r_ohm: Math.round(conductor.r_ohm_per_km * length_m * 100) / 1e5,
    x_ohm: Math.round(conductor.x_ohm_per_km * length_m * 100) / 1e5,
    rated_A: conductor.rated_A,
    construction: conductor.construction,
  });
  const remote = random.next() < remoteShare;
  draft.switches.push({
    id,
    name: `LBS ${one.number} ${one.owner}-${other.number} ${other.owner}/${pole}`,
    kind: 'loadBreakSwitch',
    from: middle,
    to: endB.node,
    normallyOpen: true,
    remote,
    rated_A: 630,
    protects: false,
    faultIndicator: remote,
    parallelAllowed: one.owner === other.owner,
  });
}
