import { EVENT_RING } from '@relight/contract';
import { assert } from '@relight/foundation';
import type { Behaviour } from '../behaviour.ts';

/** One entry of the sequence of events. */
export interface RingEvent {
  readonly code: number;
  readonly quality: number;
  /** 32 bits as they lie in the two value registers. */
  readonly value: number;
  readonly time_ms: number;
}

/**
 * A sequence of events in holding registers (`EVENT_RING` of the point list). Events stay until
 * the master acknowledges them or newer ones need their slots; a lost connection loses none.
 */
export class EventRing {
  readonly #registers: Uint16Array;
  readonly #capacity: number;
  #newest = 0;
  #acknowledged = 0;
  #incarnation = 1;
  /** An event that waits for the next one to overtake it. */
  #heldBack: RingEvent | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#registers = new Uint16Array(EVENT_RING.header + capacity * EVENT_RING.slot);
    this.#writeHeader();
  }

  /** Header and slots, as a master reads them. */
  get registers(): Readonly<Uint16Array> {
    return this.#registers;
  }

  get newest(): number {
    return this.#newest;
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  /** Enters an event the way the RTU behaves: right, twice, not at all, or after the next one. */
  enter(event: RingEvent, behaviour: Behaviour): void {
    const late = this.#heldBack;
    this.#heldBack = null;
    if (behaviour.events === 'reordered' && late === null) {
      this.#heldBack = event;
      return;
    }
    if (behaviour.events !== 'lost') this.add(event);
    if (behaviour.events === 'duplicated') this.add(event);
    if (late !== null) this.add(late);
  }

  add({ code, quality, value, time_ms }: RingEvent): void {
    this.#newest += 1;
    const slot = EVENT_RING.header + ((this.#newest - 1) % this.#capacity) * EVENT_RING.slot;
    this.#putUint32(slot + EVENT_RING.number, this.#newest);
    this.#registers[slot + EVENT_RING.code] = code;
    this.#registers[slot + EVENT_RING.quality] = quality;
    this.#putUint32(slot + EVENT_RING.value, value);
    this.#putUint32(slot + EVENT_RING.time, Math.floor(time_ms / 2 ** 32));
    this.#putUint32(slot + EVENT_RING.time + 2, Math.floor(time_ms) % 2 ** 32);
    this.#writeHeader();
  }

  /** Events up to this number have been read. @returns false for a number that never was. */
  acknowledge(number: number): boolean {
    if (number > this.#newest) return false;
    this.#acknowledged = Math.max(this.#acknowledged, number);
    this.#writeHeader();
    return true;
  }

  /** Power was lost, and the memory with it: the numbers begin anew. */
  forget(): void {
    assert(this.#incarnation < 65_535, 'no RTU restarts so often');
    this.#incarnation += 1;
    this.#newest = 0;
    this.#acknowledged = 0;
    this.#heldBack = null;
    this.#registers.fill(0);
    this.#writeHeader();
  }

  #writeHeader(): void {
    const held = Math.max(this.#acknowledged, this.#newest - this.#capacity);
    this.#putUint32(EVENT_RING.newest, this.#newest);
    this.#registers[EVENT_RING.incarnation] = this.#incarnation;
    this.#putUint32(EVENT_RING.oldest, held + 1);
    this.#putUint32(EVENT_RING.acknowledged, this.#acknowledged);
    this.#registers[EVENT_RING.capacity] = this.#capacity;
  }

  #putUint32(address: number, value: number): void {
    this.#registers[address] = Math.floor(value / 65_536) % 65_536;
    this.#registers[address + 1] = value % 65_536;
  }
}
