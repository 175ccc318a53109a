import type { DecisionOnRecord } from './decisions-on-record.ts';
import type { Stand } from './stands.ts';

/** A declared trial whose one close may go out, or has gone out. */
interface Trial {
  readonly command: string;
  readonly parts: ReadonlySet<string>;
  written: boolean;
  /** Monotonic time of its close; null: not seen yet. Only a trip after this very close answers it. */
  closed_ms: number | null;
}

/** A trip this long after the close of a declared trial is its answer. */
const ANSWERS_WITHIN_ms = 60_000;

/** Trial closes that people have declared on record, by their device. */
export class Trials {
  readonly #trials = new Map<string, Trial>();

  declare(device: string, command: string, parts: ReadonlySet<string>): void {
    this.#trials.set(device, { command, parts, written: false, closed_ms: null });
  }

  follow({ id, equipment, isOver }: Extract<DecisionOnRecord, { kind: 'command' }>): void {
    const trial = this.#trials.get(equipment);
    if (trial?.command === id && !isOver) trial.written = true;
  }

  /** The device has closed. */
  noteClose(device: string, at_ms: number): void {
    const trial = this.#trials.get(device);
    if (trial?.written !== true) return;
    if (trial.closed_ms === null) trial.closed_ms = at_ms;
    // It held, and this is another close: what trips now answers no trial.
    else this.#trials.delete(device);
  }

  /**
   * The device has tripped: that ends its trial.
   * @param isFault - By a function that sees short circuits or earth faults.
   * @returns the parts of which one holds the fault; null where the trip answers no trial.
   */
  answer(
    device: string,
    opened_ms: number,
    closing: Stand | undefined,
    isFault: boolean,
  ): ReadonlySet<string> | null {
    const trial = this.#trials.get(device);
    if (trial?.written !== true || closing === undefined) return null;
    this.#trials.delete(device);
    const isItsClose = trial.closed_ms === closing.at_ms;
    return isItsClose && isFault && opened_ms - closing.at_ms <= ANSWERS_WITHIN_ms
      ? trial.parts
      : null;
  }
}
