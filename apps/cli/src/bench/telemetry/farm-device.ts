import { EVENT_RING } from '@relight/contract';
import {
  ANALOGS,
  analogAddress,
  FIRST_SWITCH_CODE,
  flagAddress,
  FLAGS,
  HOLDING,
  INPUT,
  RING_CAPACITY,
} from './farm-layout.ts';
import type { FarmRtu } from './farm-layout.ts';

/** Time a switch takes from order to position, ms. */
const DRIVE_ms = 150;
const [OPEN, CLOSED] = [1, 2];
const INCARNATION = 1;

/** One RTU of the farm: flags that can be turned, measurements that never stand, switches that obey. */
export class FarmDevice {
  readonly #inputs: Uint16Array;
  readonly #holdings: Uint16Array;
  readonly #flags: number;
  readonly #analogs: number;
  #newest = 0;
  /** The switch that is armed. */
  #armed: number | null = null;
  #reads = 0;

  constructor(switches: FarmRtu) {
    this.#flags = flagAddress(switches.length);
    this.#analogs = analogAddress(switches.length);
    this.#inputs = new Uint16Array(this.#analogs + ANALOGS);
    this.#holdings = new Uint16Array(
      HOLDING.ring + EVENT_RING.header + RING_CAPACITY * EVENT_RING.slot,
    );
    switches.forEach(({ closed }, i) => {
      this.#inputs[INPUT.firstSwitch + 2 * i] = closed ? CLOSED : OPEN;
      this.#inputs[INPUT.firstSwitch + 2 * i + 1] = 1;
    });
    this.#inputs[INPUT.newestEvent + 2] = INCARNATION;
    this.#holdings[HOLDING.ring + EVENT_RING.incarnation] = INCARNATION;
    this.#holdings[HOLDING.ring + EVENT_RING.capacity] = RING_CAPACITY;
  }

  /** A door opens or closes; the time it is dated with. */
  turn(flag: number): number {
    const address = this.#flags + (flag % FLAGS);
    const value = 1 - (this.#inputs[address] ?? 0);
    this.#inputs[address] = value;
    return this.#enter(flag % FLAGS, value);
  }

  readInputs(first: number, count: number): Uint16Array {
    putTime(this.#inputs, INPUT.clock, Date.now());
    if (first + count > this.#analogs) {
      this.#reads += 1;
      for (let k = 0; k < ANALOGS; k++) {
        this.#inputs[this.#analogs + k] = 1_000 + k + (this.#reads % 100);
      }
    }
    return this.#inputs.subarray(first, first + count);
  }

  readHoldings(first: number, count: number): Uint16Array {
    return this.#holdings.subarray(first, first + count);
  }

  /** @returns The Modbus exception; 0 if it was carried out. */
  writeOne(address: number, value: number): number {
    const order = Math.floor(address / HOLDING.perSwitch);
    if (address >= HOLDING.ring || address % HOLDING.perSwitch !== 2) return 2;
    if (this.#armed !== order || (value !== OPEN && value !== CLOSED)) return 3;
    this.#armed = null;
    setTimeout(() => {
      this.#inputs[INPUT.firstSwitch + 2 * order] = value;
      this.#enter(FIRST_SWITCH_CODE + order, value);
    }, DRIVE_ms);
    return 0;
  }

  /** Two registers: a token to arm with, or the acknowledgement of events. */
  writeTwo(address: number, high: number, low: number): number {
    const isArm = address < HOLDING.ring && address % HOLDING.perSwitch === 0;
    if (isArm) this.#armed = address / HOLDING.perSwitch;
    else if (address !== HOLDING.ring + EVENT_RING.acknowledged) return 2;
    this.#holdings[address] = high;
    this.#holdings[address + 1] = low;
    return 0;
  }

  #enter(code: number, value: number): number {
    const time_ms = Date.now();
    this.#newest += 1;
    const slot = (this.#newest - 1) % RING_CAPACITY;
    const at = HOLDING.ring + EVENT_RING.header + slot * EVENT_RING.slot;
    putNumber(this.#holdings, at + EVENT_RING.number, this.#newest);
    this.#holdings[at + EVENT_RING.code] = code;
    this.#holdings[at + EVENT_RING.quality] = 0;
    putNumber(this.#holdings, at + EVENT_RING.value, value);
    putTime(this.#holdings, at + EVENT_RING.time, time_ms);
    const oldest = Math.max(1, this.#newest - RING_CAPACITY + 1);
    putNumber(this.#holdings, HOLDING.ring + EVENT_RING.newest, this.#newest);
    putNumber(this.#holdings, HOLDING.ring + EVENT_RING.oldest, oldest);
    putNumber(this.#inputs, INPUT.newestEvent, this.#newest);
    return time_ms;
  }
}

/** 32 bits, high word first. */
function putNumber(words: Uint16Array, at: number, value: number): void {
  words[at] = Math.floor(value / 65_536);
  words[at + 1] = value % 65_536;
}

/** 64 bits, highest word first. */
function putTime(words: Uint16Array, at: number, time_ms: number): void {
  putNumber(words, at, Math.floor(time_ms / 2 ** 32));
  putNumber(words, at + 2, time_ms % 2 ** 32);
}
