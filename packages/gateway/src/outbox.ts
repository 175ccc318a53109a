import type { PointUpdate } from '@relight/contract';
import { numbered } from './telemetry-image.ts';
import type { PointState } from './telemetry-image.ts';

/** Updates in one message, so that no message holds up the control centre's thread. */
const BATCH = 2_000;
/** Events that may wait while the control centre does not keep up. */
const WAITING_EVENTS = 100_000;

interface Waiting {
  readonly state: PointState;
  readonly report: Pick<PointUpdate, 'value' | 'quality' | 'sourceTime_ms' | 'receiveTime_ms'>;
}

/**
 * What has yet to leave for the control centre. Events (a status, a quality) leave one by one and
 * in order; refreshes (an analog on the move) give way: only the newest of each point is kept.
 * Bounded: past 100,000 waiting events a point keeps only its newest, which is counted, because
 * it means that the control centre has stood still for a long time.
 */
export class Outbox {
  #events: Waiting[] = [];
  readonly #refreshes = new Set<PointState>();
  readonly #overflow = new Set<PointState>();
  /** Refreshes replaced by a newer one before they left. */
  mergedRefreshes = 0;
  /** Events replaced by a newer state of their point because the bound was reached. */
  lostEvents = 0;

  get waiting(): number {
    return this.#events.length + this.#overflow.size + this.#refreshes.size;
  }

  event(state: PointState): void {
    this.#refreshes.delete(state);
    if (this.#events.length < WAITING_EVENTS) {
      this.#events.push({ state, report: reportOf(state) });
      return;
    }
    if (this.#overflow.has(state)) this.lostEvents += 1;
    this.#overflow.add(state);
  }

  refresh(state: PointState): void {
    if (this.#refreshes.has(state)) this.mergedRefreshes += 1;
    this.#refreshes.add(state);
  }

  /**
   * Takes the next batch out and numbers it; empty when nothing waits. Events go first; a refresh
   * is read only now, so it is never older than an event of the same point.
   */
  take(): PointUpdate[] {
    const updates: PointUpdate[] = [];
    const events = this.#events.splice(0, BATCH);
    for (const { state, report } of events) updates.push(numbered(state, report));
    for (const queue of [this.#overflow, this.#refreshes]) {
      for (const state of queue) {
        if (updates.length >= BATCH) break;
        queue.delete(state);
        updates.push(numbered(state, reportOf(state)));
      }
    }
    return updates;
  }
}

function reportOf(state: PointState): Waiting['report'] {
  const { value, quality, sourceTime_ms, receiveTime_ms } = state;
  return { value, quality, sourceTime_ms, receiveTime_ms };
}
