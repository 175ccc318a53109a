import type {
  CarriedOver,
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
  PointValue,
  Signal,
} from '@relight/contract';
import { decisionIn, type DecisionOnRecord } from './decisions-on-record.ts';
import { farEnd, Places, type Branch } from './places.ts';
import {
  faultKind,
  isUnitProtection,
  passageOf,
  seesFaultBeyond,
  TRIP_SIGNALS,
} from './relay-functions.ts';
import { SuspectFinder, type Passage, type Suspects } from './suspects.ts';

/** A trip that nobody has lifted, and that has not proved to be over. */
interface Trip {
  readonly device: string;
  readonly roots: readonly string[];
  /** Monotonic time of the first opening, and of the last one while its relay recloses. */
  readonly opened_ms: number;
  reopened_ms: number;
  /** Switches that count as closed although they have opened since: they did so by themselves. */
  readonly wasClosed: ReadonlySet<string>;
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

interface Reading {
  readonly equipment: string;
  readonly signal: Signal;
  readonly side: 'from' | 'to' | undefined;
  readonly update: PointUpdate;
  /** Monotonic time since which it says so; a device that dates the same value anew says it anew. */
  readonly since_ms: number;
  /** It is the first one of this run: since when it has been so is not known. */
  readonly isFirst: boolean;
}

/** Where a switch stands, since when, and whether a command of ours on record moved it. */
interface Stand {
  readonly closed: boolean;
  readonly at_ms: number;
  readonly byCommand: boolean;
  /** It was seen to move there; else it stood so when first read. */
  readonly hasMoved: boolean;
}

/** A declared trial whose one close may go out, or has gone out. */
interface Trial {
  readonly command: string;
  readonly parts: ReadonlySet<string>;
  written: boolean;
  /** Monotonic time of its close; null: not seen yet. Only a trip after this very close answers it. */
  closed_ms: number | null;
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
/** A trip this long after the close of a declared trial is its answer. */
const ANSWERS_WITHIN_ms = 60_000;

/**
 * The monitor's own account of where faults may be. It is kept from three things: what relays,
 * indicators and positions report; what people have declared on record; and what the engine has put
 * on record that it keeps dead. The last is believed only as far as it covers what the monitor
 * itself holds most probable: where it does not, all of that stays dead, whatever the engine says.
 */
export class FaultLedger {
  readonly #places: Places;
  readonly #finder: SuspectFinder;
  readonly #switches: ReadonlyMap<string, Branch & { readonly normallyOpen: boolean }>;
  readonly #sources: ReadonlySet<string>;
  readonly #nodeOf = new Map<string, string>();
  readonly #points: ReadonlyMap<string, PointListFile['points'][number]>;
  readonly #readings = new Map<string, Reading>();
  /** Newest reading of each signal of each device: `equipment/signal`. */
  readonly #bySignal = new Map<string, Reading>();
  readonly #stands = new Map<string, Stand>();
  /** How each device last came to stand closed. */
  readonly #closings = new Map<string, Stand>();
  /** What commands of ours on record may be moving, `equipment/operation`, by the command. */
  readonly #moving = new Map<string, string>();
  #trips: Trip[] = [];
  /** Time of the last opening of each device that has been looked at. */
  readonly #answered = new Map<string, number>();
  /** Parts that each incident keeps dead on record. */
  readonly #claims = new Map<string, ReadonlySet<string>>();
  /** Declared trials, by their device. */
  readonly #trials = new Map<string, Trial>();

  constructor(grid: GridFile, points: PointListFile, places = new Places(grid)) {
    this.#places = places;
    this.#finder = new SuspectFinder(grid, this.#places);
    this.#switches = new Map(
      (grid.switches ?? []).map(({ id, from, to, normallyOpen }) => [
        id,
        { id, from, to, kind: 'switch', x_ohm: 0, normallyOpen: normallyOpen === true },
      ]),
    );
    this.#sources = new Set(grid.sources.map((source) => source.node));
    for (const { id, node } of grid.loads ?? []) this.#nodeOf.set(id, node);
    for (const { id, to } of grid.transformers ?? []) this.#nodeOf.set(id, to);
    for (const { id } of grid.nodes) this.#nodeOf.set(id, id);
    this.#points = new Map(points.points.map((point) => [point.id, point]));
  }

  /** Parts that earlier runs kept dead, and what people had said of positions. */
  carryOver(left: CarriedOver): void {
    for (const { incident, sections } of left.keptDead) this.#claim(incident, sections);
    for (const { equipment, position } of left.positions ?? []) this.#enter(equipment, position, 0);
  }

  /** Takes in readings as the gateway sent them; `at_ms` (monotonic) dates them. */
  read(updates: readonly PointUpdate[], at_ms: number): void {
    const touched = new Set<string>();
    for (const update of updates) {
      const reading = this.#note(update, at_ms);
      if (reading === null || update.quality !== 'good') continue;
      const { equipment, signal } = reading;
      if (signal === 'position') this.#move(equipment, update.value, at_ms);
      if (this.#switches.has(equipment)) touched.add(equipment);
      const passage = passageOf(signal, update.value);
      const isUndated = reading.isFirst && update.sourceTime_ms === null;
      if (passage === null || isUndated || reading.since_ms !== at_ms) continue;
      for (const trip of this.#trips) {
        if (at_ms <= trip.reopened_ms + PASSAGE_AFTER_ms) this.#hear(trip, equipment, passage);
      }
    }
    for (const device of [...touched].sort()) {
      this.#lookForTrip(device, at_ms);
      this.#hearRelay(device);
    }
    this.#releaseHeld(at_ms);
  }

  /** Takes in what was put on record: commands, what is kept dead, decisions of people. */
  take(records: readonly JournalRecord[], at_ms: number): void {
    for (const record of records) {
      const decision = decisionIn(record);
      if (decision === null) continue;
      if (decision.kind === 'entered') this.#enter(decision.equipment, decision.position, at_ms);
      else if (decision.kind === 'takenBack') this.#stands.delete(decision.equipment);
      else if (decision.kind === 'command') this.#follow(decision);
      else if (decision.kind === 'keepsDead') this.#claim(decision.incident, decision.sections);
      else if (decision.kind === 'lifted') this.#lift(decision.sections);
      else {
        const { command, equipment, sections } = decision;
        const parts = new Set(this.#partsOf(sections));
        this.#trials.set(equipment, { command, parts, written: false, closed_ms: null });
      }
    }
  }

  /** Nodes that hold a fault, or may: none of them may be energised. Sorted. */
  faulted(at_ms: number): readonly string[] {
    this.#releaseHeld(at_ms);
    const claimed = new Set([...this.#claims.values()].flatMap((parts) => [...parts]));
    const dead = new Set(claimed);
    for (const trip of this.#trips) {
      for (const part of this.#uncovered(trip, claimed)) dead.add(part);
    }
    return [...dead].flatMap((part) => this.#places.partOf(part)).sort();
  }

  /** What a trip keeps dead because the record does not: by the names of its parts. */
  #uncovered(trip: Trip, claimed: ReadonlySet<string>): readonly string[] {
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
      const { from, to } = this.#switches.get(device)!;
      const possible = [this.#places.nameOf(from), this.#places.nameOf(to)];
      return { lost: possible, possible, sure: [] };
    }
    const tripped = new Set(this.#trips.map((each) => each.device));
    const silent = new Set<string>();
    const live = new Set<string>();
    for (const { equipment, signal, side, update, since_ms, isFirst } of this.#bySignal.values()) {
      if (update.quality !== 'good') continue;
      if (signal === 'faultIndicator' && update.value === false) silent.add(equipment);
      const hasVoltage =
        (signal === 'voltagePresent' && update.value === true) ||
        (signal === 'lossOfSupply' && update.value === false);
      if (!hasVoltage || isFirst || since_ms < trip.reopened_ms) continue;
      const node = this.#nodeAt(equipment, side);
      if (node !== undefined) live.add(node);
    }
    const { relay, reactance_ohm } = trip.told;
    const suspects = this.#finder.find({
      device,
      roots: trip.roots,
      wasClosed: (id) => trip.wasClosed.has(id),
      passages: trip.passages,
      silent,
      tripped,
      live,
      reactance_ohm,
      kind: faultKind(relay),
    });
    // The device nearer to the fault tripped as well: its own trip says where.
    const isAnswered = this.#trips.some((each) => each !== trip && this.#standsFor(each, trip));
    return isAnswered ? { lost: suspects.lost, possible: [], sure: [] } : suspects;
  }

  #nodeAt(equipment: string, side: Reading['side']): string | undefined {
    const device = this.#switches.get(equipment);
    if (device === undefined) return this.#nodeOf.get(equipment);
    return side === undefined ? undefined : device[side];
  }

  #good(equipment: string, signal: Signal): Reading | undefined {
    const reading = this.#bySignal.get(`${equipment}/${signal}`);
    return reading?.update.quality === 'good' ? reading : undefined;
  }

  #note(update: PointUpdate, at_ms: number): Reading | null {
    const point = this.#points.get(update.point);
    if (point === undefined) return null;
    const { equipment, signal, side } = point;
    const known = this.#readings.get(point.id);
    const same =
      known !== undefined &&
      known.update.value === update.value &&
      (update.sourceTime_ms === null || update.sourceTime_ms === known.update.sourceTime_ms);
    const reading: Reading = {
      equipment,
      signal,
      side,
      update,
      since_ms: same ? known.since_ms : at_ms,
      isFirst: known === undefined || (same && known.isFirst),
    };
    this.#readings.set(point.id, reading);
    this.#bySignal.set(`${equipment}/${signal}${side === undefined ? '' : `/${side}`}`, reading);
    return reading;
  }

  #enter(equipment: string, position: 'open' | 'closed', at_ms: number): void {
    if (!this.#switches.has(equipment)) return;
    this.#stands.set(equipment, {
      closed: position === 'closed',
      at_ms,
      byCommand: true,
      hasMoved: true,
    });
  }

  #follow(command: Extract<DecisionOnRecord, { kind: 'command' }>): void {
    const { id, equipment, operation, isOver } = command;
    if (isOver) this.#moving.delete(id);
    else this.#moving.set(id, `${equipment}/${operation}`);
    const trial = this.#trials.get(equipment);
    if (trial?.command === id && !isOver) trial.written = true;
  }

  #move(device: string, value: PointValue | null, at_ms: number): void {
    if (value !== 'open' && value !== 'closed') return;
    const closed = value === 'closed';
    const before = this.#stands.get(device);
    if (before?.closed === closed) return;
    const wanted = `${device}/${closed ? 'close' : 'open'}`;
    const byCommand = [...this.#moving.values()].includes(wanted);
    const stand = { closed, at_ms, byCommand, hasMoved: before !== undefined };
    this.#stands.set(device, stand);
    if (!closed) return;
    this.#closings.set(device, stand);
    const trial = this.#trials.get(device);
    if (trial?.written === true) {
      if (trial.closed_ms === null) trial.closed_ms = at_ms;
      // It held, and this is another close: what trips now answers no trial.
      else this.#trials.delete(device);
    }
    for (const trip of this.#trips) trip.held_ms = at_ms + HOLDS_AFTER_ms;
  }

  #isClosed(id: string): boolean {
    return this.#stands.get(id)?.closed ?? this.#switches.get(id)?.normallyOpen === false;
  }

  #hear(trip: Trip, equipment: string, passage: Passage): void {
    const known = trip.passages.get(equipment);
    // A direction says more than that something passed.
    if (known === undefined || known === 'passed') trip.passages.set(equipment, passage);
  }

  /** It stands open, and its relay says that it has tripped. */
  #lookForTrip(device: string, at_ms: number): void {
    const stand = this.#stands.get(device);
    if (stand === undefined || stand.closed) return;
    if (this.#answered.get(device) === stand.at_ms) return;
    const says = TRIP_SIGNALS.flatMap((signal) => {
      const reading = this.#good(device, signal);
      return reading?.update.value === true ? [reading] : [];
    });
    // What a relay has said since long before the command is not about this opening.
    const isNew = says.some(({ since_ms }) => since_ms >= stand.at_ms - PASSAGE_BEFORE_ms);
    if (says.length === 0 || (stand.byCommand && !isNew)) return;
    this.#answered.set(device, stand.at_ms);
    const closing = this.#closings.get(device);
    if (this.#answersTrial(device, stand, closing)) return;
    const known = this.#trips.findLast((trip) => trip.device === device);
    const recloses = closing?.byCommand !== true;
    if (known !== undefined && recloses && stand.at_ms - known.reopened_ms < RECLOSES_WITHIN_ms) {
      known.reopened_ms = stand.at_ms;
      known.held_ms = null;
    } else this.#open(device, stand, at_ms);
  }

  #open(device: string, stand: Stand, at_ms: number): void {
    const wasClosed = new Set<string>();
    for (const id of this.#switches.keys()) {
      const each = this.#stands.get(id);
      const opened = each !== undefined && !each.closed && !each.byCommand && each.hasMoved;
      const lately = opened && stand.at_ms - each.at_ms <= RECLOSES_WITHIN_ms;
      if (this.#isClosed(id) || lately) wasClosed.add(id);
    }
    const trip: Trip = {
      device,
      roots: this.#lostEnds(device, wasClosed),
      opened_ms: stand.at_ms,
      reopened_ms: stand.at_ms,
      wasClosed,
      passages: new Map(),
      told: { relay: null, isLockout86: false, reactance_ohm: null },
      released: new Set(),
      held_ms: null,
    };
    for (const { equipment, signal, update, since_ms, isFirst } of this.#readings.values()) {
      const passage = update.quality === 'good' ? passageOf(signal, update.value) : null;
      // Since when a first reading has said so nobody knows; of a trip found so it may be.
      const inTime = isFirst ? !stand.hasMoved : since_ms >= stand.at_ms - PASSAGE_BEFORE_ms;
      if (passage !== null && inTime && since_ms <= at_ms) this.#hear(trip, equipment, passage);
    }
    this.#trips.push(trip);
    this.#hearRelay(device);
  }

  /** Keeps what the relay of a device that stands open says of its newest trip. */
  #hearRelay(device: string): void {
    const trip = this.#trips.findLast((each) => each.device === device);
    if (trip === undefined || this.#stands.get(device)?.at_ms !== trip.reopened_ms) return;
    const reactance = this.#good(device, 'faultReactance_ohm');
    const isOfThis =
      reactance !== undefined && reactance.since_ms >= trip.opened_ms - PASSAGE_BEFORE_ms;
    const value = isOfThis ? reactance.update.value : null;
    trip.told = {
      relay: this.#relay(device) ?? trip.told.relay,
      isLockout86:
        trip.told.isLockout86 || this.#good(device, 'lockoutRelay86')?.update.value === true,
      reactance_ohm: typeof value === 'number' && value > 0 ? value : trip.told.reactance_ohm,
    };
  }

  /** What function the relay of a device reports; null: none. */
  #relay(device: string): PointValue | null {
    const value = this.#good(device, 'tripFunction')?.update.value ?? null;
    return value === 'none' ? null : value;
  }

  /** Ends of a device from which no source was reached without it: it supplied what lies there. */
  #lostEnds(device: string, wasClosed: ReadonlySet<string>): readonly string[] {
    const { from, to } = this.#switches.get(device)!;
    return [from, to].filter((end) => !this.#reachesSource(end, device, (id) => wasClosed.has(id)));
  }

  #reachesSource(start: string, without: string | null, isClosed: (id: string) => boolean) {
    const found = new Set([start]);
    for (const node of found) {
      if (this.#sources.has(node)) return true;
      for (const branch of this.#places.branchesAt(node)) {
        if (branch.id === without) continue;
        if (branch.kind === 'switch' && !isClosed(branch.id)) continue;
        found.add(farEnd(branch, node));
      }
    }
    return false;
  }

  /**
   * A declared trial has tripped by a short-circuit or earth-fault function: the fault is in what
   * it energised, and everything else that was suspected with it is sound. True if it was one.
   */
  #answersTrial(device: string, stand: Stand, closing: Stand | undefined): boolean {
    const trial = this.#trials.get(device);
    if (trial === undefined || !trial.written || closing === undefined) return false;
    this.#trials.delete(device);
    const relay = this.#relay(device);
    const isFault = relay === null || seesFaultBeyond(relay);
    if (trial.closed_ms !== closing.at_ms) return false;
    if (!isFault || stand.at_ms - closing.at_ms > ANSWERS_WITHIN_ms) return false;
    for (const trip of this.#trips) {
      const { lost } = this.#suspects(trip);
      if (!lost.some((part) => trial.parts.has(part))) continue;
      for (const part of lost) if (!trial.parts.has(part)) trip.released.add(part);
    }
    this.#forget();
    return true;
  }

  /** What is live and has been so for long enough holds no permanent fault. */
  #releaseHeld(at_ms: number): void {
    let isReleased = false;
    for (const trip of this.#trips) {
      if (trip.held_ms === null || at_ms < trip.held_ms) continue;
      trip.held_ms = null;
      for (const part of this.#suspects(trip).lost) {
        if (!this.#reachesSource(part, null, (id) => this.#isClosed(id))) continue;
        trip.released.add(part);
        isReleased = true;
      }
    }
    if (isReleased) this.#forget();
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
      ...this.#trips.filter((trip) => over.some((each) => this.#standsFor(each, trip))),
    ]);
    this.#trips = this.#trips.filter((trip) => !ended.has(trip));
  }

  /** Both tripped for one fault, and the first stands nearer to it. */
  #standsFor(nearer: Trip, trip: Trip): boolean {
    if (nearer.device === trip.device || isUnit(nearer) || isUnit(trip)) return false;
    if (Math.abs(nearer.reopened_ms - trip.reopened_ms) > SAME_FAULT_ms) return false;
    return nearer.roots.length > 0 && this.#lostBy(trip).has(nearer.device);
  }

  /** Switches inside what a trip took. */
  #lostBy(trip: Trip): ReadonlySet<string> {
    const found = new Set(trip.roots);
    const inside = new Set<string>();
    for (const node of found) {
      for (const branch of this.#places.branchesAt(node)) {
        if (branch.id === trip.device) continue;
        if (branch.kind === 'switch' && !trip.wasClosed.has(branch.id)) continue;
        if (branch.kind === 'switch') inside.add(branch.id);
        found.add(farEnd(branch, node));
      }
    }
    return inside;
  }

  #partsOf(sections: readonly string[]): readonly string[] {
    // What the grid no longer holds nobody can energise; that it was lost is told to a person.
    const known = sections.filter((id) => this.#places.has(id));
    return known.flatMap((id) => this.#places.nodesOf(id).map((node) => this.#places.nameOf(node)));
  }

  /**
   * What the engine keeps dead from now on. It may be another part than before, for evidence comes
   * late. But it may not fall away as a whole where no trip of the monitor's own account stands for
   * it and nobody has lifted it: that stays.
   */
  #claim(incident: string, sections: readonly string[]): void {
    const parts = new Set(this.#partsOf(sections));
    const before = this.#claims.get(incident);
    if (parts.size > 0 || before === undefined) {
      this.#claims.set(incident, parts);
      return;
    }
    const own = new Set(this.#trips.flatMap((trip) => this.#suspects(trip).lost));
    const isLive = (part: string): boolean =>
      this.#reachesSource(part, null, (id) => this.#isClosed(id));
    const left = [...before].filter((part) => !own.has(part) && !isLive(part));
    this.#claims.set(incident, new Set(left));
  }

  /** People declare sections clear: they hold no fault any more, whoever thought so. */
  #lift(sections: readonly string[]): void {
    const parts = this.#partsOf(sections);
    for (const [incident, claim] of this.#claims) {
      this.#claims.set(incident, new Set([...claim].filter((part) => !parts.includes(part))));
    }
    for (const trip of this.#trips) for (const part of parts) trip.released.add(part);
    this.#forget();
  }
}

function isUnit({ told }: Trip): boolean {
  return isUnitProtection(told.relay, told.isLockout86);
}
