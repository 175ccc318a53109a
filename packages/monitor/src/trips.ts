import type { PointValue } from '@relight/contract';
import type { Places } from './places.ts';
import type { Reach } from './reach.ts';
import type { Reading, Readings } from './readings.ts';
import {
  faultKind,
  isUnitProtection,
  passageOf,
  seesFaultBeyond,
  TRIP_SIGNALS,
} from './relay-functions.ts';
import type { Stand, Stands } from './stands.ts';
import type { Passage, SuspectFinder, Suspects } from './suspects.ts';
import type { Trials } from './trials.ts';

/** A trip that nobody has lifted, and that has not proved to be over. */
interface Trip {
  readonly device: string;
  readonly roots: readonly string[];
  /** Monotonic time of the first opening, and of the last one while its relay recloses. */
  readonly opened_ms: number;
  reopened_ms: number;
  /** Switches that count as closed although they have opened since: they did so by themselves. */
  readonly wasClosed: ReadonlySet<string>;
  /** Switches inside what it took. */
  readonly inside: ReadonlySet<string>;
  readonly passages: Map<string, Passage>;
  /** What its relay told of this trip while the device stood open; a close resets the relay. */
  told: {
    readonly relay: PointValue | null;
    readonly isLockout86: boolean;
    readonly reactance_ohm: number | null;
  };
  /** Parts a person declared clear, a trial proved sound, or that stood live long enough. */
  readonly released: Set<string>;
  /** Monotonic time at which what is live by then has held; null: nothing waits to be looked at. */
  held_ms: number | null;
}

/** What is live for this long after a close has no permanent fault. */
const HOLDS_AFTER_ms = 5_000;
/** A device that opens again within this belongs to the same fault: its relay recloses. */
const RECLOSES_WITHIN_ms = 120_000;
/** Two devices that open for good within this tripped for one fault. */
const SAME_FAULT_ms = 10_000;
/** Passages reported this long before the opening and after the last one are of this fault. */
const PASSAGE_BEFORE_ms = 10_000;
const PASSAGE_AFTER_ms = 90_000;
/** Of the parts that nothing tells apart the engine may leave out this share, as too improbable. */
const LEFT_OUT = 0.2;

/** Every trip the monitor has seen for itself, and where by its own counting the fault may lie. */
export class Trips {
  readonly #places: Places;
  readonly #reach: Reach;
  readonly #finder: SuspectFinder;
  readonly #readings: Readings;
  readonly #stands: Stands;
  readonly #trials: Trials;
  readonly #nodeOf: ReadonlyMap<string, string>;
  #trips: Trip[] = [];
  /** Time of the last opening of each device that has been looked at. */
  readonly #answered = new Map<string, number>();

  constructor(parts: {
    readonly places: Places;
    readonly reach: Reach;
    readonly finder: SuspectFinder;
    readonly readings: Readings;
    readonly stands: Stands;
    readonly trials: Trials;
    /** Node of what is no switch: where a report of voltage counts. */
    readonly nodeOf: ReadonlyMap<string, string>;
  }) {
    this.#places = parts.places;
    this.#reach = parts.reach;
    this.#finder = parts.finder;
    this.#readings = parts.readings;
    this.#stands = parts.stands;
    this.#trials = parts.trials;
    this.#nodeOf = parts.nodeOf;
  }

  /** Fault current was reported to have passed. */
  hearPassage(equipment: string, passage: Passage, at_ms: number): void {
    for (const trip of this.#trips) {
      if (at_ms <= trip.reopened_ms + PASSAGE_AFTER_ms) hear(trip, equipment, passage);
    }
  }

  /** A device has closed: what is live after a while holds no permanent fault. */
  awaitHold(at_ms: number): void {
    for (const trip of this.#trips) trip.held_ms = at_ms + HOLDS_AFTER_ms;
  }

  /** It stands open, and its relay says that it has tripped. */
  lookAt(device: string, at_ms: number): void {
    this.#lookForTrip(device, at_ms);
    this.#hearRelay(device, at_ms);
  }

  #lookForTrip(device: string, at_ms: number): void {
    const stand = this.#stands.of(device, at_ms);
    if (stand === undefined || stand.closed) return;
    if (this.#answered.get(device) === stand.at_ms) return;
    const says = TRIP_SIGNALS.flatMap((signal) => {
      const reading = this.#readings.of(device, signal);
      return reading?.update.value === true ? [reading] : [];
    });
    // What a relay has said since long before the command is not about this opening.
    const isNew = says.some(({ since_ms }) => since_ms >= stand.at_ms - PASSAGE_BEFORE_ms);
    if (says.length === 0 || (stand.byCommand && !isNew)) return;
    this.#answered.set(device, stand.at_ms);
    const closing = this.#stands.closing(device);
    if (this.#answersTrial(device, stand, closing)) return;
    const known = this.#trips.findLast((trip) => trip.device === device);
    const recloses = closing?.byCommand !== true;
    if (known !== undefined && recloses && stand.at_ms - known.reopened_ms < RECLOSES_WITHIN_ms) {
      known.reopened_ms = stand.at_ms;
      known.held_ms = null;
    } else this.#open(device, stand, at_ms);
  }

  #open(device: string, stand: Stand, at_ms: number): void {
    const { switches } = this.#stands;
    const known = new Set<string>();
    const closing = new Set<string>();
    for (const id of switches.keys()) {
      const each = this.#stands.of(id, at_ms);
      const opened = each !== undefined && !each.closed && !each.byCommand && each.hasMoved;
      const lately = opened && stand.at_ms - each.at_ms <= RECLOSES_WITHIN_ms;
      if (this.#stands.mayBeClosed(id, at_ms) || lately) known.add(id);
      else if (id !== device && this.#stands.mayBeClosing(id)) closing.add(id);
    }
    const lostBy = (closed: ReadonlySet<string>): readonly string[] =>
      this.#reach.lostEnds(switches.get(device)!, (id) => closed.has(id));
    const roots = lostBy(known);
    // A trip may be read before the close that caused it. But what a close under way might have
    // supplied from elsewhere is not taken for sound.
    const withClosing = new Set([...known, ...closing]);
    const isWider = closing.size > 0 && lostBy(withClosing).length === roots.length;
    const wasClosed = isWider ? withClosing : known;
    const isClosed = (id: string): boolean => wasClosed.has(id);
    const trip: Trip = {
      device,
      roots,
      opened_ms: stand.at_ms,
      reopened_ms: stand.at_ms,
      wasClosed,
      inside: this.#reach.switchesBeyond(roots, device, isClosed),
      passages: new Map(),
      told: { relay: null, isLockout86: false, reactance_ohm: null },
      released: new Set(),
      held_ms: null,
    };
    for (const { equipment, signal, update, since_ms, isFirst } of this.#readings.good()) {
      const passage = passageOf(signal, update.value);
      // Since when a first reading has said so nobody knows; of a trip found so it may be.
      const inTime = isFirst ? !stand.hasMoved : since_ms >= stand.at_ms - PASSAGE_BEFORE_ms;
      if (passage !== null && inTime && since_ms <= at_ms) hear(trip, equipment, passage);
    }
    this.#trips.push(trip);
  }

  /** Keeps what the relay of a device that stands open says of its newest trip. */
  #hearRelay(device: string, at_ms: number): void {
    const trip = this.#trips.findLast((each) => each.device === device);
    if (trip === undefined || this.#stands.of(device, at_ms)?.at_ms !== trip.reopened_ms) return;
    const reactance = this.#readings.of(device, 'faultReactance_ohm');
    const isOfThis =
      reactance !== undefined && reactance.since_ms >= trip.opened_ms - PASSAGE_BEFORE_ms;
    const value = isOfThis ? reactance.update.value : null;
    const says86 = this.#readings.of(device, 'lockoutRelay86')?.update.value === true;
    trip.told = {
      relay: this.#readings.relay(device) ?? trip.told.relay,
      isLockout86: trip.told.isLockout86 || says86,
      reactance_ohm: typeof value === 'number' && value > 0 ? value : trip.told.reactance_ohm,
    };
  }

  /**
   * A declared trial has tripped by a short-circuit or earth-fault function: the fault is in what
   * it energised, and everything else that was suspected with it is sound. True if it was one.
   */
  #answersTrial(device: string, stand: Stand, closing: Stand | undefined): boolean {
    const relay = this.#readings.relay(device);
    const isFault = relay === null || seesFaultBeyond(relay);
    const tried = this.#trials.answer(device, stand.at_ms, closing, isFault);
    if (tried === null) return false;
    for (const trip of this.#trips) {
      const { lost } = this.#suspects(trip);
      if (!lost.some((part) => tried.has(part))) continue;
      for (const part of lost) if (!tried.has(part)) trip.released.add(part);
    }
    this.#forget();
    return true;
  }

  /** Parts that no fault of these trips is in, for people have said so. */
  release(parts: readonly string[]): void {
    for (const trip of this.#trips) for (const part of parts) trip.released.add(part);
    this.#forget();
  }

  /** What is live and has been so for long enough holds no permanent fault. */
  releaseHeld(at_ms: number): void {
    let isReleased = false;
    for (const trip of this.#trips) {
      if (trip.held_ms === null || at_ms < trip.held_ms) continue;
      trip.held_ms = null;
      for (const part of this.#suspects(trip).lost) {
        if (!this.isLive(part, at_ms)) continue;
        trip.released.add(part);
        isReleased = true;
      }
    }
    if (isReleased) this.#forget();
  }

  /** A source is reached from the part through switches that are closed as far as is known. */
  isLive(part: string, at_ms: number): boolean {
    return this.#reach.hasSource(part, null, (id) => this.#stands.isClosed(id, at_ms));
  }

  /** Everything that lost its supply by one of the trips, by the names of its parts. */
  lost(): ReadonlySet<string> {
    return new Set(this.#trips.flatMap((trip) => this.#suspects(trip).lost));
  }

  /**
   * What the trips keep dead because the record does not, by the names of its parts.
   * @returns for each the devices whose trip holds it.
   */
  uncovered(claimed: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
    const held = new Map<string, string[]>();
    for (const trip of this.#trips) {
      for (const part of this.#uncoveredBy(trip, claimed)) {
        const devices = held.get(part) ?? [];
        if (!devices.includes(trip.device)) devices.push(trip.device);
        held.set(part, devices);
      }
    }
    return held;
  }

  #uncoveredBy(trip: Trip, claimed: ReadonlySet<string>): readonly string[] {
    const isCovered = (part: string): boolean => claimed.has(part) || trip.released.has(part);
    const { possible, sure } = this.#suspects(trip);
    const covered = sure.filter(isCovered).length;
    const isEnough = covered >= (1 - LEFT_OUT) * sure.length && possible.some(isCovered);
    if (isEnough || possible.length === 0) return [];
    return possible.filter((part) => !trip.released.has(part));
  }

  #suspects(trip: Trip): Suspects {
    const { device } = trip;
    if (isUnit(trip)) {
      const { from, to } = this.#stands.switches.get(device)!;
      const possible = [this.#places.nameOf(from), this.#places.nameOf(to)];
      return { lost: possible, possible, sure: [] };
    }
    const { relay, reactance_ohm } = trip.told;
    const suspects = this.#finder.find({
      device,
      roots: trip.roots,
      wasClosed: (id) => trip.wasClosed.has(id),
      passages: trip.passages,
      ...this.#whatSpeaksAgainst(trip),
      tripped: new Set(this.#trips.map((each) => each.device)),
      reactance_ohm,
      kind: faultKind(relay),
    });
    // The device nearer to the fault tripped as well: its own trip says where.
    const isAnswered = this.#trips.some((each) => each !== trip && standsFor(each, trip));
    return isAnswered ? { lost: suspects.lost, possible: [], sure: [] } : suspects;
  }

  /** Indicators that nothing passed, and nodes with voltage after the trip. */
  #whatSpeaksAgainst(trip: Trip): {
    readonly silent: ReadonlySet<string>;
    readonly live: ReadonlySet<string>;
  } {
    const silent = new Set<string>();
    const live = new Set<string>();
    for (const reading of this.#readings.good()) {
      const { equipment, signal, update, since_ms, isFirst } = reading;
      if (signal === 'faultIndicator' && update.value === false) silent.add(equipment);
      const hasVoltage =
        (signal === 'voltagePresent' && update.value === true) ||
        (signal === 'lossOfSupply' && update.value === false);
      if (!hasVoltage || isFirst || since_ms < trip.reopened_ms) continue;
      const node = this.#nodeAt(reading);
      if (node !== undefined) live.add(node);
    }
    return { silent, live };
  }

  #nodeAt({ equipment, side }: Reading): string | undefined {
    const device = this.#stands.switches.get(equipment);
    if (device === undefined) return this.#nodeOf.get(equipment);
    return side === undefined ? undefined : device[side];
  }

  /** Drops trips of which nothing is left to keep dead, and those they stood for. */
  #forget(): void {
    const over = this.#trips.filter((trip) => {
      if (trip.released.size === 0) return false;
      const { lost, possible } = this.#suspects(trip);
      const left = possible.length > 0 ? possible : lost;
      return left.every((part) => trip.released.has(part));
    });
    const ended = new Set([
      ...over,
      ...this.#trips.filter((trip) => over.some((each) => standsFor(each, trip))),
    ]);
    this.#trips = this.#trips.filter((trip) => !ended.has(trip));
  }
}

/** Both tripped for one fault, and the first stands nearer to it. */
function standsFor(nearer: Trip, trip: Trip): boolean {
  if (nearer.device === trip.device || isUnit(nearer) || isUnit(trip)) return false;
  if (Math.abs(nearer.reopened_ms - trip.reopened_ms) > SAME_FAULT_ms) return false;
  return nearer.roots.length > 0 && trip.inside.has(nearer.device);
}

function hear(trip: Trip, equipment: string, passage: Passage): void {
  const known = trip.passages.get(equipment);
  // A direction says more than that something passed.
  if (known === undefined || known === 'passed') trip.passages.set(equipment, passage);
}

function isUnit({ told }: Trip): boolean {
  return isUnitProtection(told.relay, told.isLockout86);
}
