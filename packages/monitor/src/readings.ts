import type { PointListFile, PointUpdate, PointValue, Signal } from '@relight/contract';

/** What one point said last. */
export interface Reading {
  readonly equipment: string;
  readonly signal: Signal;
  readonly side: 'from' | 'to' | undefined;
  readonly update: PointUpdate;
  /** Monotonic time since which it says so; a device that dates the same value anew says it anew. */
  readonly since_ms: number;
  /** It is the first one of this run: since when it has been so is not known. */
  readonly isFirst: boolean;
}

/** The newest reading of every point, as the gateway sent it. */
export class Readings {
  readonly #points: ReadonlyMap<string, PointListFile['points'][number]>;
  readonly #byPoint = new Map<string, Reading>();
  /** `equipment/signal`, with `/side` where the point is about one terminal. */
  readonly #bySignal = new Map<string, Reading>();

  constructor({ points }: PointListFile) {
    this.#points = new Map(points.map((point) => [point.id, point]));
  }

  /** Keeps it; null where the list has no such point. */
  note(update: PointUpdate, at_ms: number): Reading | null {
    const point = this.#points.get(update.point);
    if (point === undefined) return null;
    const { equipment, signal, side } = point;
    const known = this.#byPoint.get(point.id);
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
    this.#byPoint.set(point.id, reading);
    this.#bySignal.set(`${equipment}/${signal}${side === undefined ? '' : `/${side}`}`, reading);
    return reading;
  }

  /** Good ones only. */
  *good(): Generator<Reading> {
    for (const reading of this.#byPoint.values()) {
      if (reading.update.quality === 'good') yield reading;
    }
  }

  /** The newest of a device as a whole; undefined where it is not good. */
  of(equipment: string, signal: Signal): Reading | undefined {
    const reading = this.#bySignal.get(`${equipment}/${signal}`);
    return reading?.update.quality === 'good' ? reading : undefined;
  }

  /** What function the relay of a device reports; null: none. */
  relay(device: string): PointValue | null {
    const value = this.of(device, 'tripFunction')?.update.value ?? null;
    return value === 'none' ? null : value;
  }
}
