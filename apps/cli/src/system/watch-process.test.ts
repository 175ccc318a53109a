import { expect, test } from 'vitest';
import { ProcessWatch } from './watch-process.ts';

const alive = { kind: 'answered', turnAge_ms: 100 } as const;
const silent = { kind: 'silent' } as const;

test('a process that answers works; one that ends is down at the next question', () => {
  const watch = new ProcessWatch(0);
  expect(watch.view.state).toBe('starting');
  watch.take(alive, 500);
  expect(watch.view).toMatchObject({ state: 'working', because: null });
  watch.take({ kind: 'refused' }, 1_000);
  expect(watch.view).toMatchObject({ state: 'down', since_ms: 1_000 });
});

test('one that hangs is said to stall within 4 s, and is to be ended once, not at every question', () => {
  const watch = new ProcessWatch(0);
  watch.take(alive, 0);
  const ends = Array.from({ length: 30 }, (_, at) => watch.take(silent, (at + 1) * 500));
  expect(watch.view).toMatchObject({ state: 'stalled', since_ms: 3_000 });
  expect(ends.filter(Boolean)).toHaveLength(1);
});

test('one that answers while its fold stands still stalls all the same', () => {
  const watch = new ProcessWatch(0);
  watch.take(alive, 0);
  watch.take({ kind: 'answered', turnAge_ms: 4_000 }, 4_000);
  expect(watch.view.state).toBe('stalled');
});

test('a slow start is no stall, and each restart counts', () => {
  const watch = new ProcessWatch(0);
  for (let at = 0; at < 60_000; at += 500) expect(watch.take(silent, at)).toBe(false);
  expect(watch.view.state).toBe('starting');
  watch.restarted(60_000);
  watch.take(alive, 61_000);
  expect(watch.view).toMatchObject({ state: 'working', restarts: 1 });
});
