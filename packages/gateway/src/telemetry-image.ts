import {
  FORBIDDING_ALARMS,
  type PointUpdate,
  type PointValue,
  type Quality,
  type Signal,
} from '@relight/contract';
import { assert } from '@relight/foundation';
import type { Clock } from '@relight/foundation';
import type { PointReading, ReadingCause } from './driver.ts';
import type { Outbox } from './outbox.ts';
import type { Point } from './point.ts';
import { isDatedAnew } from './signal-kind.ts';

/** Interlocks look at the age of these, so they are sent anew while confirmed, ms. */
const REFRESH_ms = 5_000;
const REFRESHED: ReadonlySet<Signal> = new Set<Signal>([
  'position',
  'localRemote',
  'reclosing',
  ...FORBIDDING_ALARMS,
]);

/** The newest that is known of one point. */
export interface PointState {
  readonly point: Point;
  readonly rtu: RtuState;
  value: PointValue | null;
  quality: Quality;
  sourceTime_ms: number | null;
  receiveTime_ms: number;
  /** Monotonic time of the newest reading of this point. */
  readAt: number;
  /** Monotonic time at which the value last changed. */
  movedAt: number;
  /** What was last put into the outbox; a deadband counts from there, so slow drift shows too. */
  sentValue: PointValue | null;
  sentQuality: Quality | null;
  sentSourceTime_ms: number | null;
  sentAt: number;
  /** Sequence of the newest update that left; 0 before the first. */
  sequence: number;
}

/** What all points of one RTU share. */
export interface RtuState {
  readonly id: string;
  readonly points: PointState[];
  /** Monotonic time of the newest sign of life that confirms every point. */
  aliveAt: number;
  /** Sequence of the newest update that left. */
  sequence: number;
}

/**
 * The gateway's own picture: the newest value of every point, whether it is good, and what of it
 * the control centre has yet to hear. A value is good only while its device confirms it within
 * `maxAge_ms`; afterwards it stays, marked `notTopical`.
 */
export class TelemetryImage {
  readonly rtus = new Map<string, RtuState>();
  readonly #points = new Map<string, PointState>();
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  /** Readings of points that are not in the list. */
  unknownPoints = 0;

  /** @param firstSequence - Numbers of every RTU start above this. */
  constructor(
    rtus: readonly string[],
    points: readonly Point[],
    clock: Clock,
    outbox: Outbox,
    firstSequence: number,
  ) {
    this.#clock = clock;
    this.#outbox = outbox;
    const now = clock.monotonic();
    for (const id of rtus) {
      this.rtus.set(id, { id, points: [], aliveAt: now, sequence: firstSequence });
    }
    for (const point of points) {
      const rtu = this.rtus.get(point.rtu);
      assert(rtu !== undefined, `point ${point.id} of a list past its door has an RTU`);
      const state: PointState = {
        point,
        rtu,
        value: null,
        quality: 'notTopical',
        sourceTime_ms: null,
        receiveTime_ms: clock.now(),
        readAt: now,
        movedAt: now,
        sentValue: null,
        sentQuality: null,
        sentSourceTime_ms: null,
        sentAt: now,
        sequence: 0,
      };
      rtu.points.push(state);
      this.#points.set(point.id, state);
    }
  }

  stateOf(pointId: string): PointState | undefined {
    return this.#points.get(pointId);
  }

  /** Takes what a device reported. An interrogation is passed on even where nothing changed. */
  read(cause: ReadingCause, readings: readonly PointReading[]): void {
    const now = this.#clock.monotonic();
    const wall = this.#clock.now();
    for (const reading of readings) {
      const state = this.#points.get(reading.point);
      if (state === undefined) {
        this.unknownPoints += 1;
        continue;
      }
      state.readAt = now;
      if (reading.value !== null) {
        const moved = reading.value !== state.value;
        if (moved) state.movedAt = now;
        if (moved || isDatedAnew(state.point.signal)) state.sourceTime_ms = reading.sourceTime_ms;
        state.value = reading.value;
        state.receiveTime_ms = wall;
      }
      state.quality = this.#frozen(state, reading.quality, now);
      if (cause === 'interrogation' || worthSending(state)) this.#send(state, now);
    }
  }

  /** The device lives and would have told of any change. */
  alive(rtuId: string): void {
    const rtu = this.rtus.get(rtuId);
    if (rtu !== undefined) rtu.aliveAt = this.#clock.monotonic();
  }

  /** The link is down: nothing of this RTU is good any more. */
  lost(rtuId: string): void {
    const rtu = this.rtus.get(rtuId);
    if (rtu === undefined) return;
    const now = this.#clock.monotonic();
    for (const state of rtu.points) this.#stale(state, now);
  }

  /** To be called several times a second: ages out what was not confirmed, refreshes what was. */
  watch(): void {
    const now = this.#clock.monotonic();
    for (const rtu of this.rtus.values()) {
      for (const state of rtu.points) {
        const confirmedAt = Math.max(state.readAt, rtu.aliveAt);
        if (now - confirmedAt > state.point.maxAge_ms) {
          this.#stale(state, now);
          continue;
        }
        if (state.quality !== 'good') continue;
        state.quality = this.#frozen(state, 'good', now);
        if (worthSending(state)) this.#send(state, now);
        else if (REFRESHED.has(state.point.signal) && now - state.sentAt >= REFRESH_ms) {
          state.receiveTime_ms = this.#clock.now() - (now - confirmedAt);
          state.sentAt = now;
          this.#outbox.refresh(state);
        }
      }
    }
  }

  #stale(state: PointState, now: number): void {
    state.quality = 'notTopical';
    if (state.sentQuality !== 'notTopical') this.#send(state, now);
  }

  #frozen(state: PointState, quality: Quality, now: number): Quality {
    const { frozen_ms } = state.point;
    const frozen = frozen_ms > 0 && now - state.movedAt > frozen_ms;
    return frozen && quality === 'good' ? 'questionable' : quality;
  }

  #send(state: PointState, now: number): void {
    const newQuality = state.quality !== state.sentQuality;
    state.sentValue = state.value;
    state.sentQuality = state.quality;
    state.sentSourceTime_ms = state.sourceTime_ms;
    state.sentAt = now;
    // An analog on the move may be merged with its next value; an event may not.
    const isEvent = state.point.kind !== 'analog' || isDatedAnew(state.point.signal);
    if (!isEvent && !newQuality) this.#outbox.refresh(state);
    else this.#outbox.event(state);
  }
}

function worthSending(state: PointState): boolean {
  if (state.quality !== state.sentQuality) return true;
  if (isDatedAnew(state.point.signal) && state.sourceTime_ms !== state.sentSourceTime_ms) {
    return true;
  }
  if (state.value === state.sentValue) return false;
  if (typeof state.value === 'number' && typeof state.sentValue === 'number') {
    return Math.abs(state.value - state.sentValue) > state.point.deadband;
  }
  return true;
}

/** The update as it leaves; numbers it. */
export function numbered(
  state: PointState,
  reported: Pick<PointUpdate, 'value' | 'quality' | 'sourceTime_ms' | 'receiveTime_ms'>,
): PointUpdate {
  state.rtu.sequence += 1;
  state.sequence = state.rtu.sequence;
  return { point: state.point.id, ...reported, sequence: state.sequence };
}
