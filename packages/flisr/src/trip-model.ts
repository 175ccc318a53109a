import { fail, ok, type Result } from '@relight/foundation';
import {
  CLOSED,
  OPEN,
  otherEnd,
  sectionsOfEquipment,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import { kernelOf, moveTo } from './restore/kernel.ts';

const NO_SOURCES: ReadonlySet<number> = new Set();

export interface TripOptions {
  /** Switches whose protection fails: the next one up trips. */
  readonly failsToTrip?: ReadonlySet<number>;
}

/** What protection did. Indices ascending. */
export interface AppliedTrip {
  /** Switches that opened and locked out. */
  readonly trippedSwitches: readonly number[];
  /** Sources that supply nothing any more. */
  readonly lostSources: readonly number[];
  /** Ids for the plan: what opened, and sources that no protecting device stood before. */
  readonly tripped: readonly string[];
  readonly positionsNow: Uint8Array;
  readonly faultedSections: readonly number[];
  /** Switches that are themselves the fault: they cannot trip or move. */
  readonly immovable: readonly number[];
}

export interface UnknownEquipment {
  readonly kind: 'unknownEquipment';
  readonly ids: readonly string[];
}

/**
 * The trip model of `relight plan --fault`: each fault walks, in the state before it, from its
 * section towards the source; the first closed switch that protects opens and locks out. A
 * transformer is cut off on all sides by its unit protection; a source just supplies nothing.
 * @param faults - ids of lines, transformers, nodes, switches or sources; each walks separately.
 */
export function applyTrip(
  network: Network,
  positionsBefore: Positions,
  faults: readonly string[],
  options: TripOptions = {},
): Result<AppliedTrip, UnknownEquipment> {
  const unknown = faults.filter((id) => !isKnown(network, id));
  if (unknown.length > 0) return fail({ kind: 'unknownEquipment', ids: unknown });

  const walk: Walk = {
    network,
    positions: positionsBefore,
    before: moveTo(kernelOf(network, NO_SOURCES).before, positionsBefore),
    failing: new Set(options.failsToTrip),
    tripped: new Set(),
    unprotected: new Set(),
  };
  const lost = new Set<number>();
  const sections = new Set<number>();
  const immovable = new Set<number>();
  for (const id of faults) {
    const at = network.index.switch.get(id);
    if (at === undefined) continue;
    immovable.add(at);
    walk.failing.add(at);
  }
  for (const id of faults) {
    const source = network.index.source.get(id);
    if (source !== undefined) {
      lost.add(source);
      continue;
    }
    for (const section of sectionsOfEquipment(network, id) ?? []) {
      sections.add(section);
      if (network.index.transformer.has(id)) tripAround(walk, section);
      tripUpstream(walk, section);
    }
  }

  const positionsNow = positionsBefore.slice();
  tripUntilDead(walk, sections, positionsNow);
  const { switches, sources } = network.grid;
  const trippedSwitches = ascending(walk.tripped);
  return ok({
    trippedSwitches,
    lostSources: ascending(new Set([...lost, ...walk.unprotected])),
    tripped: [
      ...trippedSwitches.map((at) => switches[at]!.id),
      ...ascending(walk.unprotected).map((source) => sources[source]!.id),
    ],
    positionsNow,
    faultedSections: ascending(sections),
    immovable: ascending(immovable),
  });
}

interface Walk {
  readonly network: Network;
  readonly positions: Positions;
  /** The state in which the walk goes on: that before the fault, then what has tripped is open. */
  before: Energisation;
  readonly failing: Set<number>;
  readonly tripped: Set<number>;
  /** Sources with no protecting device between them and a fault. */
  readonly unprotected: Set<number>;
}

function isKnown({ index }: Network, id: string): boolean {
  return (
    index.line.has(id) ||
    index.transformer.has(id) ||
    index.node.has(id) ||
    index.switch.has(id) ||
    index.source.has(id)
  );
}

function trips(walk: Walk, at: number): boolean {
  return walk.network.grid.switches[at]!.protects && !walk.failing.has(at);
}

/**
 * Opens what has tripped. Where a loop feeds a fault from another side still, protection there sees it as
 * well: it walks again from the state as it is by then, until no faulted section is fed.
 */
function tripUntilDead(walk: Walk, faulted: ReadonlySet<number>, positionsNow: Uint8Array): void {
  const { network } = walk;
  for (;;) {
    for (const at of walk.tripped) positionsNow[at] = OPEN;
    const trips = walk.tripped.size + walk.unprotected.size;
    walk.before = moveTo(kernelOf(network, NO_SOURCES).before, positionsNow);
    for (const section of faulted) tripUpstream(walk, section);
    if (walk.tripped.size + walk.unprotected.size === trips) return;
  }
}

/** Unit protection: every protecting switch that borders the section. */
function tripAround(walk: Walk, section: number): void {
  const { sectionSwitchStart, sectionSwitches } = walk.network;
  const end = sectionSwitchStart[section + 1]!;
  for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
    const at = sectionSwitches[entry]!;
    if (walk.positions[at] === CLOSED && trips(walk, at)) walk.tripped.add(at);
  }
}

/** The first protecting switch towards the source; where there is none, the source is lost. */
function tripUpstream(walk: Walk, section: number): void {
  const { network, before } = walk;
  let node = network.sectionNodes[network.sectionStart[section]!]!;
  const source = before.nodeSource[node]!;
  if (source === -1) return;
  for (let branch = before.parentBranch[node]!; branch !== -1;) {
    const at = branch - network.firstSwitchBranch;
    const inside =
      at >= 0 &&
      network.switchSectionFrom[at] === section &&
      network.switchSectionTo[at] === section;
    if (at >= 0 && !inside && trips(walk, at)) {
      walk.tripped.add(at);
      return;
    }
    node = otherEnd(network, branch, node);
    branch = before.parentBranch[node]!;
  }
  walk.unprotected.add(network.nodeSource[node]!);
}

function ascending(numbers: ReadonlySet<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
