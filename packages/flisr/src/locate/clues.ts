import type { Network } from '@relight/topology';
import type { LocatingRates } from './evidence.ts';
import { nearEnd, placeOfBranch, type FaultTree } from './fault-tree.ts';
import type { ReadIndicator } from './read-indicators.ts';

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
  /** What it says: fault current flowed here. */
  readonly passed: boolean;
  /** Chance of what it says if the fault lies beyond it, over the chance if it does not. */
  readonly ratio: number;
}

/** Chance that a protective device on the way of the fault current leaves it to the next one up. */
const PROTECTION_FAILS = 0.02;
/** Chance that a device beyond which there is no fault trips and locks out all the same. */
const TRIPS_FOR_NOTHING = 0.001;

/** All evidence of this kind about one tree, nearest the source first. */
export function readClues(
  tree: FaultTree,
  indicators: readonly ReadIndicator[],
  tripped: ReadonlySet<number>,
  rates: LocatingRates,
): readonly Clue[] {
  const clues: Clue[] = [];
  for (const indicator of indicators) {
    if (indicator.reading === 'unusable') continue;
    const passed = indicator.reading === 'passed';
    const ratio = passed
      ? (1 - rates.indicatorMiss) / rates.indicatorFalse
      : rates.indicatorMiss / (1 - rates.indicatorFalse);
    const where = placeOf(tree, indicator);
    if (where !== null) {
      clues.push({ kind: 'indicator', equipment: indicator.id, ...where, passed, ratio });
    }
  }
  clues.push(...protectionClues(tree, tripped));
  return clues.sort((a, b) => a.place - b.place || (a.equipment < b.equipment ? -1 : 1));
}

function placeOf(
  tree: FaultTree,
  { place }: ReadIndicator,
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
    const passed = tripped.has(at);
    if (!passed && !device.protects) continue;
    clues.push({
      kind: passed ? 'trip' : 'protection',
      equipment: device.id,
      place,
      seesBranch: true,
      passed,
      ratio: passed ? (1 - PROTECTION_FAILS) / TRIPS_FOR_NOTHING : PROTECTION_FAILS,
    });
  }
  return clues;
}

/** Name by which people call a device or indicator. */
export function deviceName(network: Network, id: string): string {
  const at = network.index.switch.get(id);
  return at === undefined ? id : network.grid.switches[at]!.name;
}
