import type { PointValue } from '@relight/contract';
import type { DecisionOnRecord } from './decisions-on-record.ts';
import type { EnteredWords } from './entered-words.ts';
import type { Branch } from './places.ts';

/** Where a switch stands, since when, and whether a command of ours on record moved it. */
export interface Stand {
  readonly closed: boolean;
  /** Monotonic. */
  readonly at_ms: number;
  readonly byCommand: boolean;
  /** It was seen to move there; else it stood so when first read. */
  readonly hasMoved: boolean;
}

/** A switch of the grid file, as it stands in the normal state. */
export type DrawnSwitch = Branch & { readonly normallyOpen: boolean };

/**
 * Where every switch stands by the last good reading, by what a person entered where there is none,
 * else by the grid file; and how each came to stand there.
 */
export class Stands {
  readonly switches: ReadonlyMap<string, DrawnSwitch>;
  readonly #words: EnteredWords;
  readonly #read = new Map<string, Stand>();
  /** How each device last came to stand closed. */
  readonly #closings = new Map<string, Stand>();
  /** What commands of ours on record may be moving, `equipment/operation`, by the command. */
  readonly #moving = new Map<string, string>();

  constructor(switches: readonly DrawnSwitch[], words: EnteredWords) {
    this.switches = new Map(switches.map((each) => [each.id, each]));
    this.#words = words;
  }

  /** Follows a command: while its write may have gone out, what it moves was moved by us. */
  follow({ id, equipment, operation, isOver }: Extract<DecisionOnRecord, { kind: 'command' }>) {
    if (isOver) this.#moving.delete(id);
    else this.#moving.set(id, `${equipment}/${operation}`);
  }

  /** Takes a good reading of a position; the stand where it has moved, or was first read. */
  move(device: string, value: PointValue | null, at_ms: number): Stand | null {
    if (value !== 'open' && value !== 'closed') return null;
    const closed = value === 'closed';
    const before = this.#read.get(device);
    if (before?.closed === closed) return null;
    const wanted = `${device}/${closed ? 'close' : 'open'}`;
    const byCommand = [...this.#moving.values()].includes(wanted);
    const stand = { closed, at_ms, byCommand, hasMoved: before !== undefined };
    this.#read.set(device, stand);
    if (closed) this.#closings.set(device, stand);
    return stand;
  }

  /** Undefined: never read, and nobody has said it, or not for too long. */
  of(id: string, now_ms: number): Stand | undefined {
    const read = this.#read.get(id);
    if (read !== undefined) return read;
    const word = this.#words.on(id, now_ms);
    const at_ms = this.#words.enteredAt(id);
    if (word === undefined || word === 'doubtful' || at_ms === undefined) return undefined;
    return { closed: word === 'closed', at_ms, byCommand: true, hasMoved: true };
  }

  /** A close of ours has been written or is about to be, and has not ended on record. */
  mayBeClosing(id: string): boolean {
    return [...this.#moving.values()].includes(`${id}/close`);
  }

  closing(id: string): Stand | undefined {
    return this.#closings.get(id);
  }

  /** As far as is known it is closed; a word that has become doubtful is no knowledge. */
  isClosed(id: string, now_ms: number): boolean {
    return this.#closed(id, now_ms, false);
  }

  /** It is closed, or may be: one of which a person's word has become doubtful stands either way. */
  mayBeClosed(id: string, now_ms: number): boolean {
    return this.#closed(id, now_ms, true);
  }

  #closed(id: string, now_ms: number, ifDoubtful: boolean): boolean {
    const stand = this.of(id, now_ms);
    if (stand !== undefined) return stand.closed;
    if (this.#words.on(id, now_ms) === 'doubtful') return ifDoubtful;
    return this.switches.get(id)?.normallyOpen === false;
  }
}
