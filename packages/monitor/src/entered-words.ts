import type { CarriedOver, GridFile, JournalRecord } from '@relight/contract';
import { decisionIn } from './decisions-on-record.ts';

/** Where people say that a device stands; `doubtful`: nobody has confirmed it for too long. */
export type EnteredWord = 'open' | 'closed' | 'doubtful';

interface Word {
  readonly position: 'open' | 'closed';
  /** Monotonic time of the entry. */
  readonly at_ms: number;
  /** Monotonic time from which it is doubtful. */
  until_ms: number;
}

/** As the control centre's own default. */
const DEFAULT_LIFE_MS = 86_400_000;

/**
 * The monitor's own account of positions that people entered for devices without telemetry. It
 * counts their age itself: a word is doubtful once its life is over, whoever has forgotten to say
 * so, and at once where that is on record.
 */
export class EnteredWords {
  readonly #life_ms: number;
  /** Devices that the grid file has open. */
  readonly #openInFile: ReadonlySet<string>;
  readonly #words = new Map<string, Word>();

  constructor(grid: GridFile, life_ms = DEFAULT_LIFE_MS) {
    this.#life_ms = life_ms;
    this.#openInFile = new Set([
      ...(grid.switches ?? []).flatMap(({ id, normallyOpen }) => (normallyOpen === true ? id : [])),
      ...(grid.groundDisconnectors ?? []).flatMap(({ id, closed }) => (closed === true ? [] : id)),
    ]);
  }

  /**
   * Words of earlier runs; a restart makes none younger. What says to be of the future counts as
   * of now.
   * @param at_ms - Wall time of the start, by which the age of each word is told.
   */
  carryOver(left: CarriedOver, at_ms: number, monotonic_ms: number): void {
    for (const { equipment, position, at_ms: entered_ms } of left.positions ?? []) {
      const age_ms = Math.max(at_ms - entered_ms, 0);
      this.#enter(equipment, position, monotonic_ms - age_ms);
    }
  }

  take(records: readonly JournalRecord[], monotonic_ms: number): void {
    for (const record of records) {
      const decision = decisionIn(record);
      if (decision?.kind === 'entered') {
        this.#enter(decision.equipment, decision.position, monotonic_ms);
      } else if (decision?.kind === 'doubtful') {
        const word = this.#words.get(decision.equipment);
        if (word !== undefined) word.until_ms = Math.min(word.until_ms, monotonic_ms);
      } else if (decision?.kind === 'takenBack') this.#takeBack(decision.equipment, monotonic_ms);
    }
  }

  on(equipment: string, monotonic_ms: number): EnteredWord | undefined {
    const word = this.#words.get(equipment);
    if (word === undefined) return undefined;
    return monotonic_ms < word.until_ms ? word.position : 'doubtful';
  }

  /** Monotonic time at which the word on a device was given; undefined: there is none. */
  enteredAt(equipment: string): number | undefined {
    return this.#words.get(equipment)?.at_ms;
  }

  all(monotonic_ms: number): ReadonlyMap<string, EnteredWord> {
    return new Map(
      [...this.#words].map(([id, { position, until_ms }]) => [
        id,
        monotonic_ms < until_ms ? position : 'doubtful',
      ]),
    );
  }

  #enter(equipment: string, position: 'open' | 'closed', at_ms: number): void {
    this.#words.set(equipment, { position, at_ms, until_ms: at_ms + this.#life_ms });
  }

  /** The grid file counts again, unless that would claim an opening that nobody has seen. */
  #takeBack(equipment: string, monotonic_ms: number): void {
    if (this.#openInFile.has(equipment) && this.on(equipment, monotonic_ms) !== 'open') return;
    this.#words.delete(equipment);
  }
}
