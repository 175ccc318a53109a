import type { Heartbeat } from '@relight/contract';
import type { Instant } from '@relight/foundation';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a fold that finishes its turns is said to work, and one that stands still is not', () => {
  const beats: Heartbeat[] = [];
  const turn = { last_ms: 0, goesOn: true };
  const now = (): Instant => Date.now() as Instant;
  turn.last_ms = now();
  const stop = startHeartbeat({
    clock: { now, monotonic: now, at: () => () => {} },
    askForTurn: () => {
      if (turn.goesOn) turn.last_ms = now();
    },
    lastTurn_ms: () => turn.last_ms,
    send: (beat) => beats.push(beat),
  });
  vi.advanceTimersByTime(5_000);
  expect(beats.map(({ alarmsWork }) => alarmsWork)).toEqual([true, true, true, true, true]);
  turn.goesOn = false;
  vi.advanceTimersByTime(4_000);
  expect(beats.slice(5).map(({ alarmsWork }) => alarmsWork)).toEqual([true, true, false, false]);
  stop();
  vi.advanceTimersByTime(5_000);
  expect(beats).toHaveLength(9);
});
