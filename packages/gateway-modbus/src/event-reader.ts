import { EVENT_RING } from '@relight/contract';
import type { EventRing } from '@relight/contract';
import type { Point, PointReading } from '@relight/gateway';
import { decodeWords, qualityOf } from './decode.ts';
import type { ModbusConnection, RequestOutcome } from './modbus-connection.ts';
import type { Block } from './poll-plan.ts';

/** Slots that fit into one read of 125 registers. */
const SLOTS_PER_READ = Math.floor(125 / EVENT_RING.slot);

/** What one look into the ring brought. */
export type EventsRead =
  | { readonly kind: 'events'; readonly readings: readonly PointReading[] }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'lost'; readonly reason: string; readonly malformed: boolean };

/**
 * Reads the sequence of events of one RTU: each event once, in order, across lost connections and
 * restarts of either side as long as the ring holds them. It outlives the connections.
 */
export class EventReader {
  readonly #ring: EventRing;
  readonly #points: ReadonlyMap<number, Point>;
  #incarnation: number | null = null;
  /** Number of the newest event that was read. */
  #read = 0;
  /** Number the RTU is still to be told of; 0: nothing. */
  #toAcknowledge = 0;
  /** Events that were overwritten before they could be read. */
  lost = 0;
  /** Entries that made no sense, and the newest of them in words. */
  malformed = 0;
  problem: string | null = null;

  constructor(ring: EventRing, points: readonly Point[]) {
    this.#ring = ring;
    const coded = points.flatMap((point) => {
      const code = point.modbus?.eventCode ?? null;
      return code === null ? [] : [[code, point] as const];
    });
    this.#points = new Map(coded);
  }

  /**
   * Brings every event up to number `newest`.
   * @param newest - As the RTU has just told; later events are left for the next look, so that
   *   what is read in the same request is never older than the events.
   */
  async read(
    connection: ModbusConnection,
    newest: number,
    incarnation: number,
  ): Promise<EventsRead> {
    if (incarnation === this.#incarnation && newest === this.#read) return NOTHING;
    const header = await this.#registers(connection, 0, EVENT_RING.header);
    if (header.kind !== 'answer') return header;
    const oldest = uint32(header.value, EVENT_RING.oldest);
    if (incarnation !== this.#incarnation || newest < this.#read) {
      this.#incarnation = incarnation;
      this.#read = Math.max(0, Math.min(oldest - 1, newest));
    }
    const held = Math.max(oldest, newest - this.#ring.capacity + 1);
    if (held > this.#read + 1) {
      this.lost += Math.min(held, newest + 1) - this.#read - 1;
      this.#read = Math.min(held - 1, newest);
    }
    const readings: PointReading[] = [];
    while (this.#read < newest) {
      const first = this.#read + 1;
      const slot = (first - 1) % this.#ring.capacity;
      const count = Math.min(newest - this.#read, SLOTS_PER_READ, this.#ring.capacity - slot);
      const from = EVENT_RING.header + slot * EVENT_RING.slot;
      const slots = await this.#registers(connection, from, count * EVENT_RING.slot);
      if (slots.kind !== 'answer') {
        // What was read before goes out; the rest is asked for again.
        if (readings.length > 0) break;
        return slots;
      }
      for (let i = 0; i < count; i++) {
        const words = slots.value.slice(i * EVENT_RING.slot, (i + 1) * EVENT_RING.slot);
        const reading = this.#decode(first + i, words);
        if (reading !== null) readings.push(reading);
      }
      this.#read += count;
    }
    this.#toAcknowledge = this.#read;
    return { kind: 'events', readings };
  }

  /**
   * Tells the RTU what it may overwrite: the events of the look before, which have left for the
   * control centre by now. Null if there was nothing to tell.
   */
  async acknowledge(connection: ModbusConnection): Promise<RequestOutcome<unknown> | null> {
    if (this.#toAcknowledge === 0) return null;
    const number = this.#toAcknowledge;
    this.#toAcknowledge = 0;
    return connection.writeUint32(this.#ring.address + EVENT_RING.acknowledged, number);
  }

  #decode(number: number, words: readonly number[]): PointReading | null {
    const found = uint32(words, EVENT_RING.number);
    if (found !== number) {
      // A later event has taken its slot since the RTU told how far it was.
      if (found > number) this.lost += 1;
      else this.#refuse(number, `its slot holds number ${found}`);
      return null;
    }
    const code = words[EVENT_RING.code] ?? 0;
    const point = this.#points.get(code);
    if (point === undefined) {
      this.#refuse(number, `no point has code ${code}`);
      return null;
    }
    const value = decodeWords(
      point,
      words[EVENT_RING.value] ?? 0,
      words[EVENT_RING.value + 1] ?? 0,
    );
    if (value === null) this.#refuse(number, `point ${point.id} cannot have this value`);
    const told = qualityOf(words[EVENT_RING.quality] ?? null);
    const time_ms = uint32(words, EVENT_RING.time) * 2 ** 32 + uint32(words, EVENT_RING.time + 2);
    return {
      point: point.id,
      value,
      quality: value === null ? 'invalid' : told,
      sourceTime_ms: time_ms > 0 && Number.isSafeInteger(time_ms) ? time_ms : null,
    };
  }

  #refuse(number: number, why: string): void {
    this.malformed += 1;
    const slot = (number - 1) % this.#ring.capacity;
    const address = this.#ring.address + EVENT_RING.header + slot * EVENT_RING.slot;
    this.problem = `event ${number} at holding register ${address}: ${why}`;
  }

  #registers(
    connection: ModbusConnection,
    offset: number,
    count: number,
  ): Promise<RequestOutcome<readonly number[]>> {
    const first = this.#ring.address + offset;
    const block: Block = { table: 'holdingRegister', first, count, data: [] };
    return connection.readBlock(block);
  }
}

const NOTHING: EventsRead = { kind: 'events', readings: [] };

function uint32(words: readonly number[], at: number): number {
  return (words[at] ?? 0) * 65_536 + (words[at + 1] ?? 0);
}
