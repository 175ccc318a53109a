import type { GridFile } from '@relight/contract';
import { farEnd, type Branch, type Places } from './places.ts';

/** What a device said about fault current at its place while the fault lasted. */
export type Passage = 'passed' | 'forward' | 'reverse';

/** One trip, and everything reported about where its fault lies. */
export interface PlacedTrip {
  readonly device: string;
  /** Nodes the lost part begins at: the end of the device that it supplied. */
  readonly roots: readonly string[];
  readonly wasClosed: (switchId: string) => boolean;
  readonly passages: ReadonlyMap<string, Passage>;
  /** Indicators that say, by a good reading, that nothing passed. */
  readonly silent: ReadonlySet<string>;
  /** Protective devices that tripped too. */
  readonly tripped: ReadonlySet<string>;
  /** Nodes where voltage was reported after the trip. */
  readonly live: ReadonlySet<string>;
  /** Of the relay at the device; null: it told none. */
  readonly reactance_ohm: number | null;
  /** Earth fault, fault between phases, or not told. */
  readonly kind: 'earth' | 'phase' | 'unknown';
}

/** Parts by name (`Places.nameOf`). */
export interface Suspects {
  /** Everything that lost its supply by the trip. */
  readonly lost: readonly string[];
  /** Parts of which one at least has to stay dead: nothing speaks less against another. */
  readonly possible: readonly string[];
  /** Parts among them that no measurement tells apart: all of them have to stay dead. */
  readonly sure: readonly string[];
}

/**
 * How much a report speaks against a place it contradicts. Only the order matters: a trip below
 * outweighs a passage, a passage a protective device that kept still, that a silent indicator.
 */
const WEIGHT = { trip: 7, passed: 5, protectionStill: 4, voltage: 4, silent: 3, passedByInfeed: 2 };
/** Standard error of a fault reactance: share of the reading, and ohm. */
const REACTANCE_ERROR = 0.03;
const REACTANCE_ERROR_ohm = 0.03;

interface Element {
  readonly part: string;
  readonly against: number;
  readonly near_ohm: number;
  readonly far_ohm: number;
}

interface Reached {
  readonly node: string;
  /** Index of the node before it, −1 at a root. */
  readonly before: number;
  readonly branch: Branch | null;
}

/**
 * Where the fault of a trip most probably lies, by plain counting: a tree from the device outward,
 * and for each place how much of what was reported it contradicts. No probability is computed and
 * nothing is shared with the engine's locating; it only has to find what certainly may not be left
 * out. Cost: the part that lost its supply.
 */
export class SuspectFinder {
  readonly #places: Places;
  readonly #protects: ReadonlySet<string>;
  readonly #generators: ReadonlySet<string>;
  readonly #poles = new Map<string, NonNullable<GridFile['faultIndicators']>[number][]>();

  constructor(grid: GridFile, places: Places) {
    this.#places = places;
    this.#protects = new Set(
      (grid.switches ?? []).flatMap(({ id, kind, protects }) =>
        (protects ?? (kind === 'breaker' || kind === 'recloser' || kind === 'fuse')) ? [id] : [],
      ),
    );
    this.#generators = new Set((grid.generators ?? []).map((unit) => unit.node));
    for (const pole of grid.faultIndicators ?? []) {
      const known = this.#poles.get(pole.line);
      if (known === undefined) this.#poles.set(pole.line, [pole]);
      else known.push(pole);
    }
  }

  find(trip: PlacedTrip): Suspects {
    const reached = this.#reach(trip);
    const elements = this.#elements(trip, reached);
    const lost = [...new Set(reached.map(({ node }) => this.#places.nameOf(node)))].sort();
    let least = Number.POSITIVE_INFINITY;
    for (const { against } of elements) least = Math.min(least, against);
    const best = elements.filter(({ against }) => against === least);
    const parts = partsOf(best);
    if (trip.reactance_ohm === null) return { lost, possible: parts, sure: parts };
    const reading = trip.reactance_ohm;
    const share = REACTANCE_ERROR * reading;
    const error = Math.sqrt(share * share + REACTANCE_ERROR_ohm * REACTANCE_ERROR_ohm);
    const fitting = best.filter(
      ({ near_ohm, far_ohm }) => near_ohm - 3 * error <= reading && reading <= far_ohm + 3 * error,
    );
    // It fits nowhere: a worthless reading tells nothing.
    if (fitting.length === 0) return { lost, possible: parts, sure: parts };
    const within = partsOf(
      fitting.filter(
        ({ near_ohm, far_ohm }) => near_ohm + error <= reading && reading <= far_ohm - error,
      ),
    );
    return { lost, possible: partsOf(fitting), sure: within };
  }

  /** Nodes of the lost part, the device's own end first. */
  #reach({ device, roots, wasClosed }: PlacedTrip): readonly Reached[] {
    const reached: Reached[] = roots.map((node) => ({ node, before: -1, branch: null }));
    const seen = new Set(roots);
    for (let at = 0; at < reached.length; at++) {
      const { node } = reached[at]!;
      for (const branch of this.#places.branchesAt(node)) {
        if (branch.id === device) continue;
        if (branch.kind === 'switch' && !wasClosed(branch.id)) continue;
        const next = farEnd(branch, node);
        if (seen.has(next)) continue;
        seen.add(next);
        reached.push({ node: next, before: at, branch });
      }
    }
    return reached;
  }

  #elements(trip: PlacedTrip, reached: readonly Reached[]): readonly Element[] {
    const infeed = reached.map(({ node }) => this.#generators.has(node));
    for (let at = reached.length - 1; at > 0; at--) {
      const { before } = reached[at]!;
      if (infeed[at] === true && before !== -1) infeed[before] = true;
    }
    const against: number[] = [];
    const reactance: number[] = [];
    const elements: Element[] = [];
    const withoutLine = new Map<string, Element>();
    const hasLine = new Set<string>();
    reached.forEach(({ node, before, branch }, at) => {
      const part = this.#places.nameOf(node);
      const start = before === -1 ? 0 : against[before]!;
      const near_ohm = before === -1 ? 0 : reactance[before]!;
      const onBranch = start + (branch === null ? 0 : this.#atBranch(trip, reached, at, infeed));
      const atNode = onBranch + (branch === null ? 0 : this.#atFarEnd(trip, reached, at, infeed));
      const far_ohm = near_ohm + (branch?.x_ohm ?? 0);
      against.push(atNode);
      reactance.push(far_ohm);
      const voltage = this.#places.partOf(node).some((each) => trip.live.has(each))
        ? WEIGHT.voltage
        : 0;
      if (branch !== null && branch.kind !== 'switch') {
        hasLine.add(part);
        elements.push({
          part,
          against: onBranch + voltage,
          near_ohm: Math.min(near_ohm, far_ohm),
          far_ohm: Math.max(near_ohm, far_ohm),
        });
      } else if (!withoutLine.has(part)) {
        const bare = { part, against: atNode + voltage, near_ohm: far_ohm, far_ohm };
        withoutLine.set(part, bare);
      }
    });
    for (const [part, bare] of withoutLine) if (!hasLine.has(part)) elements.push(bare);
    return elements;
  }

  /** What speaks against the branch and all beyond it: its switch, or a pole at its near end. */
  #atBranch(
    trip: PlacedTrip,
    reached: readonly Reached[],
    at: number,
    infeed: readonly boolean[],
  ): number {
    const { branch, before } = reached[at]!;
    if (branch === null) return 0;
    if (branch.kind !== 'switch') return this.#ofPoles(trip, reached, at, infeed, before);
    const own = this.#ofDevice(trip, reached, at, infeed, branch.id);
    if (trip.tripped.has(branch.id)) return -WEIGHT.trip;
    return own + (this.#protects.has(branch.id) ? WEIGHT.protectionStill : 0);
  }

  /** What speaks against all beyond a line, but not against the line: a pole at its far end. */
  #atFarEnd(
    trip: PlacedTrip,
    reached: readonly Reached[],
    at: number,
    infeed: readonly boolean[],
  ): number {
    return reached[at]!.branch?.kind === 'switch'
      ? 0
      : this.#ofPoles(trip, reached, at, infeed, at);
  }

  #ofPoles(
    trip: PlacedTrip,
    reached: readonly Reached[],
    at: number,
    infeed: readonly boolean[],
    end: number,
  ): number {
    const { branch } = reached[at]!;
    const node = reached[end]?.node;
    let sum = 0;
    for (const pole of this.#poles.get(branch?.id ?? '') ?? []) {
      if (pole.node !== node) continue;
      const ofOneKind = (pole.earthFault === true) !== (pole.phaseFault === true);
      const sees = pole.earthFault === true ? 'earth' : 'phase';
      // One that may not see this kind of fault proves nothing by its silence.
      const isBlind = ofOneKind && sees !== trip.kind;
      if (isBlind && !trip.passages.has(pole.id)) continue;
      sum += this.#ofDevice(trip, reached, at, infeed, pole.id);
    }
    return sum;
  }

  #ofDevice(
    trip: PlacedTrip,
    reached: readonly Reached[],
    at: number,
    infeed: readonly boolean[],
    id: string,
  ): number {
    const said = trip.passages.get(id);
    if (said === undefined) return trip.silent.has(id) ? WEIGHT.silent : 0;
    if (said === 'passed') return -(infeed[at] === true ? WEIGHT.passedByInfeed : WEIGHT.passed);
    const isAway = (said === 'forward') !== this.#isTurned(reached, at);
    return isAway ? -WEIGHT.passed : 0;
  }

  /** The branch was supplied the other way round than in the normal state. */
  #isTurned(reached: readonly Reached[], at: number): boolean {
    const { branch, node } = reached[at]!;
    if (branch === null) return false;
    const suppliesFrom = node === branch.from;
    return (this.#places.normalParent(branch.from) === branch.id) !== suppliesFrom;
  }
}

function partsOf(elements: readonly Element[]): readonly string[] {
  return [...new Set(elements.map(({ part }) => part))].sort();
}
