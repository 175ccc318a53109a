import type { Bilingual } from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import { energise, type Network, type Positions } from '@relight/topology';
import type { FaultLocation, LocatedSection } from '../plan-request.ts';
import { readClues, turnedBranches } from './clues.ts';
import {
  counts,
  evidenceWindow,
  type EvidenceItem,
  type EvidenceWindow,
  type LocatingRates,
} from './evidence.ts';
import { faultGroups, type FaultGroup } from './fault-groups.ts';
import { faultTree, pathReactances, suppliedEnd, type FaultTree } from './fault-tree.ts';
import { isolatedSet } from './isolated-set.ts';
import { sectionPosterior, type ReactanceReading } from './posterior.ts';
import { faultKind } from './fault-kind.ts';
import { LIKELIHOODS } from './likelihoods.ts';
import { readPassages, type Passage } from './read-passages.ts';
import { readSupply } from './supply-reports.ts';
import {
  becauseOfGroup,
  becauseOfKind,
  becauseOfReactance,
  becauseOfReverse,
  becauseOfSection,
  becauseOfSupply,
} from './words.ts';

export interface LocateRequest {
  readonly network: Network;
  readonly positionsBefore: Positions;
  /** Devices that protection opened and locked out, by switch index. */
  readonly tripped: readonly number[];
  readonly evidence: readonly EvidenceItem[];
  readonly rates: LocatingRates;
  /** Times of the event, for tripped devices that report no time of their own. */
  readonly window?: EvidenceWindow | null;
}

export interface NoCandidate {
  readonly kind: 'noCandidate';
  readonly text: Bilingual;
}

/** Sections less probable than this are left out of the ranking. */
const TOO_UNLIKELY = 1e-6;
/** Sections with reasons in words; the ranking itself is longer. */
const EXPLAINED = 8;

/**
 * Ranks the sections that may hold the fault, from all evidence, each piece of which may be
 * wrong, and picks the smallest connected set with the wanted probability. Several independent
 * trips are several faults: each has its own ranking of sum 1, and the sets are joined.
 *
 * Fails with `noCandidate` where the tripped devices supplied nothing before the fault.
 * Cost: linear in the part that lost supply. Method: docs/methods/locating.md.
 */
export function locateFault(request: LocateRequest): Result<FaultLocation, NoCandidate> {
  const { network, positionsBefore, tripped } = request;
  const before = energise(network, positionsBefore);
  const groups = faultGroups(network, before, tripped);
  const located: OneFault[] = [];
  for (const group of groups) {
    const tree = faultTree(network, before, group.root);
    if (tree !== null) located.push(locateOne(request, group, tree, before));
  }
  if (located.length === 0) {
    return fail({
      kind: 'noCandidate',
      text: {
        vi: 'Không có thiết bị nào vừa nhảy mà trước đó đang cấp điện: không tìm được vùng sự cố.',
        en: 'No tripped device supplied anything before: there is nothing that could hold the fault.',
      },
    });
  }
  let outside = 0;
  for (const each of located) outside += each.outside - outside * each.outside;
  return ok({
    candidates: located
      .flatMap((each) => each.ranked)
      .sort((a, b) => b.probability - a.probability || a.section - b.section),
    isolate: [...new Set(located.flatMap((each) => each.isolate))].sort((a, b) => a - b),
    outside,
    because: located.flatMap((each) => each.because),
  });
}

interface OneFault {
  readonly ranked: readonly LocatedSection[];
  readonly isolate: readonly number[];
  readonly outside: number;
  readonly because: readonly Bilingual[];
}

function locateOne(
  { network, evidence, rates, tripped, window: given }: LocateRequest,
  group: FaultGroup,
  tree: FaultTree,
  live: ReturnType<typeof energise>,
): OneFault {
  const ids = new Set(group.devices.map((at) => network.grid.switches[at]!.id));
  const window = evidenceWindow(evidence, ids) ?? given ?? null;
  const valid = evidence.filter((item) => counts(item, window));
  const functions = new Map<string, string>();
  for (const { equipment, signal, value } of valid) {
    if (signal === 'tripFunction' && typeof value === 'string' && ids.has(equipment)) {
      functions.set(equipment, value);
    }
  }
  const kind = faultKind(network, evidence, window, new Set(functions.values()), ids);
  const passages = readPassages(network, evidence, window, kind).filter(({ id }) =>
    standsIn(tree, id),
  );
  const clues = readClues(tree, passages, new Set(tripped), rates);
  const supply = readSupply(tree, evidence, window);
  const readings: ReactanceReading[] = [];
  for (const at of group.devices) {
    const { id } = network.grid.switches[at]!;
    const item = valid.findLast(
      (each) => each.equipment === id && each.signal === 'faultReactance_ohm',
    );
    const place = tree.place[suppliedEnd(network, live, at)]!;
    if (item === undefined || typeof item.value !== 'number' || place === -1) continue;
    readings.push({ equipment: id, place, reactance_ohm: item.value });
  }

  const posterior = sectionPosterior(tree, clues, readings, supply, rates);
  const ranking = [...posterior]
    .map(([section, probability]) => ({ section, probability }))
    .sort((a, b) => b.probability - a.probability || a.section - b.section);
  const { isolate, outside: leftOut } = isolatedSet(tree, ranking, rates.isolateProbability);
  const backwards = sawItBackwards(tree, passages);
  const before = backwards.length === 0 ? 0 : REVERSE_AT_ROOT;
  const outside = leftOut + before - leftOut * before;
  const ranked = ranking
    .filter((each, rank) => rank === 0 || each.probability >= TOO_UNLIKELY)
    .map(({ section, probability }, rank) => ({
      section,
      probability,
      because:
        rank < EXPLAINED
          ? [
              ...becauseOfSection(tree, section, clues),
              ...becauseOfSupply(
                network,
                supply.find((each) => each.section === section),
              ),
              ...readings.map((reading) => fitOf(tree, section, reading, rates)),
            ]
          : [],
    }));
  return {
    ranked,
    isolate,
    outside,
    because: [
      ...becauseOfGroup(
        network,
        group.devices,
        functions,
        passages,
        (at) =>
          evidence.length === 0 ||
          evidence.some(({ equipment }) => equipment === network.grid.switches[at]!.id),
      ),
      ...becauseOfKind(network, kind),
      ...becauseOfReverse(network, backwards),
    ],
  };
}

/** Probability that the fault lies before a device that tripped and saw it in reverse. */
const REVERSE_AT_ROOT = 1 - LIKELIHOODS.directionWrong;

/** The device at the root, where it saw the fault current flow towards the source. */
function sawItBackwards(tree: FaultTree, passages: readonly Passage[]): readonly string[] {
  const root = passages.find(({ place }) => place.kind === 'switch' && place.switch === tree.root);
  if (root?.reading !== 'forward' && root?.reading !== 'reverse') return [];
  const isTurned = turnedBranches(tree)(tree.network.firstSwitchBranch + tree.root);
  return (root.reading === 'reverse') !== isTurned ? [root.id] : [];
}

/** True where a switch or pole indicator stands in the tree. */
function standsIn({ network, place }: FaultTree, id: string): boolean {
  const at = network.index.switch.get(id);
  if (at !== undefined) {
    const { from, to } = network.grid.switches[at]!;
    return place[from] !== -1 || place[to] !== -1;
  }
  const pole = network.grid.faultIndicators.find((each) => each.id === id);
  return pole !== undefined && place[pole.node] !== -1;
}

function fitOf(
  tree: FaultTree,
  section: number,
  reading: ReactanceReading,
  rates: LocatingRates,
): LocatedSection['because'][number] {
  const reactance = pathReactances(tree);
  const before = reactance[reading.place]!;
  let near = Number.POSITIVE_INFINITY;
  let far = 0;
  tree.nodes.forEach((node, place) => {
    if (tree.network.nodeSection[node] !== section) return;
    near = Math.min(near, reactance[place]! - before);
    far = Math.max(far, reactance[place]! - before);
  });
  const share = rates.reactanceError * reading.reactance_ohm;
  const sigma = Math.sqrt(share * share + rates.reactanceError_ohm * rates.reactanceError_ohm);
  return becauseOfReactance(reading, tree.network, near, far, sigma);
}
