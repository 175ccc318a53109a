import { energise, normalPositions, type Network } from '@relight/topology';
import type { LocatingRates } from './evidence.ts';
import { nearEnd, placeOfBranch, type FaultTree } from './fault-tree.ts';
import { LIKELIHOODS } from './likelihoods.ts';
import type { Passage, PassageReading } from './read-passages.ts';

/**
 * One piece of evidence about where fault current flowed: it flowed through a point of the tree
 * exactly if the fault lies beyond it.
 */
export interface Clue {
  readonly kind: 'indicator' | 'protection' | 'trip';
  /** Switch or indicator id. */
  readonly equipment: string;
  /** Place of the far end of the branch it sits on. */
  readonly place: number;
  /** True where the branch itself lies beyond it; only a line has an inside to tell apart. */
  readonly seesBranch: boolean;
  /** `passed`: fault current flowed here away from the source; `backward`: towards it. */
  readonly says: 'passed' | 'backward' | 'notPassed';
  /** Chance of what it says if the fault lies beyond it, over the chance if it does not. */
  readonly ratio: number;
}

/** All evidence of this kind about one tree, nearest the source first. */
export function readClues(
  tree: FaultTree,
  passages: readonly Passage[],
  tripped: ReadonlySet<number>,
  rates: LocatingRates,
): readonly Clue[] {
  const clues: Clue[] = [];
  const infeed = generatorsBeyond(tree);
  const isTurned = turnedBranches(tree);
  for (const passage of passages) {
    const { place: at, reading, sees } = passage;
    if (reading === 'unusable') continue;
    // A device that tripped has said so by its trip.
    if (at.kind === 'switch' && tripped.has(at.switch)) continue;
    const where = placeOf(tree, passage);
    if (where === null) continue;
    const directed = reading === 'forward' || reading === 'reverse';
    const seen = directed && isTurned(tree.branch[where.place]!) ? turned(reading) : reading;
    clues.push({
      kind: 'indicator',
      equipment: passage.id,
      ...where,
      says: seen === 'notPassed' ? 'notPassed' : seen === 'reverse' ? 'backward' : 'passed',
      ratio: ratioOf(seen, sees, infeed[where.place] === 1, rates),
    });
  }
  clues.push(...protectionClues(tree, tripped));
  return clues.sort((a, b) => a.place - b.place || (a.equipment < b.equipment ? -1 : 1));
}

/**
 * Chance of a reading if the fault lies beyond, over the chance if it does not.
 * @param sees - chance that the device can see this kind of fault; one that showed it could.
 * @param infeed - a generator stands beyond the device.
 */
function ratioOf(
  reading: Exclude<PassageReading, 'unusable'>,
  sees: number,
  infeed: boolean,
  rates: LocatingRates,
): number {
  const { directionWrong, backwardCharging, infeedShows } = LIKELIHOODS;
  // Never certain, whatever is configured: one report alone excludes nothing.
  const missed = within(rates.indicatorMiss);
  const falsely = within(rates.indicatorFalse);
  const shows = 1 - missed;
  const back = infeed ? infeedShows : 0;
  const backDirected = infeed ? infeedShows + backwardCharging : backwardCharging;
  // What shows without a fault current shows either way equally often.
  const lie = falsely / 2;
  switch (reading) {
    case 'passed':
      return shows / either(falsely, back);
    case 'notPassed':
      return (1 - shows * sees) / (1 - either(falsely, back));
    case 'forward':
      return (shows * (1 - directionWrong)) / either(lie, backDirected * directionWrong);
    case 'reverse':
      return (shows * directionWrong) / either(lie, backDirected * (1 - directionWrong));
  }
}

const LEAST = 1e-6;

function within(chance: number): number {
  return Math.min(Math.max(chance, LEAST), 1 - LEAST);
}

/** Chance of at least one of two independent causes. */
function either(one: number, other: number): number {
  return one + other - one * other;
}

function turned(reading: Exclude<PassageReading, 'unusable'>): typeof reading {
  if (reading === 'forward') return 'reverse';
  return reading === 'reverse' ? 'forward' : reading;
}

/**
 * Branches that were supplied the other way round than in the normal state: "forward" of a device
 * there, set for the normal state, points towards the source. A normally open one looks from its
 * `from` to its `to` end.
 */
export function turnedBranches({
  network,
  parentBranchOf,
}: FaultTree): (branch: number) => boolean {
  let normal: Int32Array | null = null;
  return (branch) => {
    normal ??= energise(network, normalPositions(network)).parentBranch;
    const from = network.branchFrom[branch]!;
    return (normal[from] === branch) !== (parentBranchOf(from) === branch);
  };
}

/** 1 at each place beyond which, or at which, a generator stands. */
function generatorsBeyond({ network, place, parent, nodes }: FaultTree): Uint8Array {
  const found = new Uint8Array(nodes.length);
  for (const { node } of network.grid.generators) {
    for (let at = place[node]!; at !== -1 && found[at] === 0; at = parent[at]!) found[at] = 1;
  }
  return found;
}

function placeOf(
  tree: FaultTree,
  { place }: Passage,
): { readonly place: number; readonly seesBranch: boolean } | null {
  const { network } = tree;
  if (place.kind === 'switch') {
    const far = placeOfBranch(tree, network.firstSwitchBranch + place.switch);
    // The root sits before every candidate and tells nothing.
    return far <= 0 ? null : { place: far, seesBranch: true };
  }
  const far = placeOfBranch(tree, place.line);
  return far <= 0 ? null : { place: far, seesBranch: nearEnd(tree, far) === place.node };
}

/** Devices that tripped below the root, and those that would have if the fault were beyond them. */
function protectionClues(tree: FaultTree, tripped: ReadonlySet<number>): readonly Clue[] {
  const { network } = tree;
  const clues: Clue[] = [];
  for (let place = 1; place < tree.nodes.length; place++) {
    const at = tree.branch[place]! - network.firstSwitchBranch;
    if (at < 0) continue;
    const device = network.grid.switches[at]!;
    const isTripped = tripped.has(at);
    if (!isTripped && !device.protects) continue;
    const { protectionFails, tripsForNothing } = LIKELIHOODS;
    clues.push({
      kind: isTripped ? 'trip' : 'protection',
      equipment: device.id,
      place,
      seesBranch: true,
      says: isTripped ? 'passed' : 'notPassed',
      ratio: isTripped
        ? (1 - protectionFails) / tripsForNothing
        : protectionFails / (1 - tripsForNothing),
    });
  }
  return clues;
}

/** Name by which people call a device or indicator. */
export function deviceName(network: Network, id: string): string {
  const at = network.index.switch.get(id);
  return at === undefined ? id : network.grid.switches[at]!.name;
}
