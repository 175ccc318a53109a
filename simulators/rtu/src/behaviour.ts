import type { Misbehaviour } from '@relight/contract';
import { RandomStream } from '@relight/foundation';

/** How one RTU behaves at the moment: see `Misbehaviour` for each field. */
export class Behaviour {
  freeze = false;
  silent = false;
  delay_ms = 0;
  dropReplies = 0;
  corrupt = 0;
  exception = 0;
  wrongUnit = false;
  wrongTransaction = false;
  clockSkew_ms = 0;
  timeStamps: NonNullable<Misbehaviour['timeStamps']> = 'right';
  events: NonNullable<Misbehaviour['events']> = 'normal';
  readonly chance: RandomStream;

  constructor(rtu: string, seed: number) {
    this.chance = new RandomStream(seed, `behaviour ${rtu}`);
  }

  /** Takes over what lasts; what happens once is the server's. */
  take(wanted: Misbehaviour): void {
    this.freeze = wanted.freeze ?? this.freeze;
    this.silent = wanted.silent ?? this.silent;
    this.delay_ms = wanted.delay_ms ?? this.delay_ms;
    this.dropReplies = wanted.dropReplies ?? this.dropReplies;
    this.corrupt = wanted.corrupt ?? this.corrupt;
    this.exception = wanted.exception ?? this.exception;
    this.wrongUnit = wanted.wrongUnit ?? this.wrongUnit;
    this.wrongTransaction = wanted.wrongTransaction ?? this.wrongTransaction;
    this.clockSkew_ms = wanted.clockSkew_ms ?? this.clockSkew_ms;
    this.timeStamps = wanted.timeStamps ?? this.timeStamps;
    this.events = wanted.events ?? this.events;
  }

  /** The time the RTU's own clock shows when it is `time_ms`. */
  clockAt(time_ms: number): number {
    return Math.max(0, time_ms + this.clockSkew_ms);
  }

  /** The time the RTU writes beside a value of that time; 0: none. */
  stamp(time_ms: number): number {
    switch (this.timeStamps) {
      case 'right':
        return this.clockAt(time_ms);
      case 'none':
        return 0;
      case 'wrong':
        // The same value keeps its stamp, so that reading it again is no news.
        return Math.max(0, this.clockAt(time_ms) - 60_000 * (1 + (Math.floor(time_ms) % 119)));
    }
  }

  happens(share: number): boolean {
    return share > 0 && this.chance.next() < share;
  }
}

const MODBUS_ONLY = [
  'dropReplies',
  'exception',
  'wrongUnit',
  'wrongTransaction',
  'events',
] as const satisfies readonly (keyof Misbehaviour)[];

/** The first of these wishes that an OPC UA station cannot fulfil; null if there is none. */
export function modbusOnly(wanted: Misbehaviour): string | null {
  return MODBUS_ONLY.find((field) => wanted[field] !== undefined) ?? null;
}
