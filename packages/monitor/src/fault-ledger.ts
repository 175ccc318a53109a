import type {
  CarriedOver,
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
} from '@relight/contract';
import { Claims } from './claims.ts';
import { decisionIn } from './decisions-on-record.ts';
import { EnteredWords } from './entered-words.ts';
import { Places, SECTION_PREFIX } from './places.ts';
import { Reach } from './reach.ts';
import { Readings } from './readings.ts';
import { passageOf } from './relay-functions.ts';
import { Stands } from './stands.ts';
import { SuspectFinder } from './suspects.ts';
import { Trials } from './trials.ts';
import { Trips } from './trips.ts';

/** A part that has to stay dead, and who says so. */
export interface HeldPart {
  /** Id of the section, as engine and journal name it. */
  readonly section: string;
  /** Sorted. */
  readonly nodes: readonly string[];
  /** Incidents that keep it dead on record, sorted. */
  readonly incidents: readonly string[];
  /** Tripped devices for whose fault the monitor holds it by its own account, sorted. */
  readonly trips: readonly string[];
}

/**
 * The monitor's own account of where faults may be. It is kept from three things: what relays,
 * indicators and positions report; what people have declared on record; and what the engine has put
 * on record that it keeps dead. The last is believed only as far as it covers what the monitor
 * itself holds most probable: where it does not, all of that stays dead, whatever the engine says.
 */
export class FaultLedger {
  readonly #places: Places;
  readonly #readings: Readings;
  readonly #stands: Stands;
  readonly #trials = new Trials();
  readonly #trips: Trips;
  readonly #claims = new Claims();

  /** @param words - What people entered; the caller tells it, the ledger only asks. */
  constructor(
    grid: GridFile,
    points: PointListFile,
    places = new Places(grid),
    words = new EnteredWords(grid),
  ) {
    this.#places = places;
    this.#readings = new Readings(points);
    const switches = (grid.switches ?? []).map(({ id, from, to, normallyOpen }) => ({
      id,
      from,
      to,
      kind: 'switch' as const,
      x_ohm: 0,
      normallyOpen: normallyOpen === true,
    }));
    this.#stands = new Stands(switches, words);
    const nodeOf = new Map<string, string>();
    for (const { id, node } of grid.loads ?? []) nodeOf.set(id, node);
    for (const { id, to } of grid.transformers ?? []) nodeOf.set(id, to);
    for (const { id } of grid.nodes) nodeOf.set(id, id);
    this.#trips = new Trips({
      places,
      reach: new Reach(places, new Set(grid.sources.map((source) => source.node))),
      finder: new SuspectFinder(grid, places),
      readings: this.#readings,
      stands: this.#stands,
      trials: this.#trials,
      nodeOf,
    });
  }

  /** Parts that earlier runs kept dead, and those that only the monitor did. */
  carryOver(left: CarriedOver): void {
    this.#claims.carryOwn(this.#partsOf(left.monitorHolds ?? []));
    for (const { incident, sections } of left.keptDead) {
      this.#claims.carryOver(incident, new Set(this.#partsOf(sections)));
    }
  }

  /** Takes in readings as the gateway sent them; `at_ms` (monotonic) dates them. */
  read(updates: readonly PointUpdate[], at_ms: number): void {
    const touched = new Set<string>();
    for (const update of updates) {
      const reading = this.#readings.note(update, at_ms);
      if (reading === null || update.quality !== 'good') continue;
      const { equipment, signal } = reading;
      if (signal === 'position') this.#move(equipment, update, at_ms);
      if (this.#stands.switches.has(equipment)) touched.add(equipment);
      const passage = passageOf(signal, update.value);
      const isUndated = reading.isFirst && update.sourceTime_ms === null;
      if (passage === null || isUndated || reading.since_ms !== at_ms) continue;
      this.#trips.hearPassage(equipment, passage, at_ms);
    }
    for (const device of [...touched].sort()) this.#trips.lookAt(device, at_ms);
    this.#trips.releaseHeld(at_ms);
  }

  /** Takes in what was put on record: commands, what is kept dead, decisions of people. */
  take(records: readonly JournalRecord[], at_ms: number): void {
    for (const record of records) {
      const decision = decisionIn(record);
      if (decision?.kind === 'command') {
        this.#stands.follow(decision);
        this.#trials.follow(decision);
      } else if (decision?.kind === 'keepsDead') {
        this.#claim(decision.incident, decision.sections, at_ms);
      } else if (decision?.kind === 'lifted') {
        const parts = this.#partsOf(decision.sections);
        this.#trips.release(this.#claims.lift(decision.incident, parts));
      } else if (decision?.kind === 'trial') {
        const { equipment, command, sections } = decision;
        this.#trials.declare(equipment, command, new Set(this.#partsOf(sections)));
      }
    }
  }

  /** Parts that hold a fault, or may, by the name of the section: none may be energised. */
  held(at_ms: number): readonly HeldPart[] {
    this.#trips.releaseHeld(at_ms);
    const claimed = this.#claims.all();
    const uncovered = this.#trips.uncovered(claimed);
    return [...new Set([...claimed, ...uncovered.keys()])].sort().map((part) => ({
      section: `${SECTION_PREFIX}${part}`,
      nodes: this.#places.partOf(part),
      incidents: this.#claims.keepersOf(part),
      trips: [...(uncovered.get(part) ?? [])].sort(),
    }));
  }

  /** Sections held for faulted that the last word of the engine on record does not cover, sorted. */
  heldBeyondRecord(at_ms: number): readonly string[] {
    const onRecord = this.#claims.onRecord();
    return this.held(at_ms).flatMap(({ section, nodes }) =>
      onRecord.has(nodes[0] ?? '') ? [] : [section],
    );
  }

  /** As `held`: the nodes, sorted. */
  faulted(at_ms: number): readonly string[] {
    return this.held(at_ms)
      .flatMap(({ nodes }) => nodes)
      .sort();
  }

  /** Nodes that an incident's declared trial may energise: what no other incident keeps dead. */
  triable(incident: string, sections: readonly string[]): readonly string[] {
    return sections.flatMap((id) => {
      const isShared = this.#partsOf([id]).some((part) =>
        this.#claims.keepersOf(part).some((keeper) => keeper !== incident),
      );
      return isShared ? [] : this.#places.nodesOf(id);
    });
  }

  #move(device: string, { value }: PointUpdate, at_ms: number): void {
    if (this.#stands.move(device, value, at_ms)?.closed !== true) return;
    this.#trials.noteClose(device, at_ms);
    this.#trips.awaitHold(at_ms);
  }

  #claim(incident: string, sections: readonly string[], at_ms: number): void {
    const own = this.#trips.lost();
    this.#claims.claim(
      incident,
      new Set(this.#partsOf(sections)),
      (part) => own.has(part) || this.#trips.isLive(part, at_ms),
    );
  }

  #partsOf(sections: readonly string[]): readonly string[] {
    // What the grid no longer holds nobody can energise; that it was lost is told to a person.
    const known = sections.filter((id) => this.#places.has(id));
    return known.flatMap((id) => this.#places.nodesOf(id).map((node) => this.#places.nameOf(node)));
  }
}
