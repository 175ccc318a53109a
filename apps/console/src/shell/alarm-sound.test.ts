import type { AlarmView } from '@relight/contract';
import { expect, test } from 'vitest';
import { alarmWith } from '../testing/views.ts';
import { silenceAll, soundingPriority } from './alarm-sound.ts';

const alarm = (id: string, priority: 1 | 2 | 3 | 4, change: Partial<AlarmView> = {}): AlarmView =>
  alarmWith(id, { priority, ...change });

test('the most urgent unacknowledged alarm is heard, also after it returned', () => {
  const alarms = [alarm('a', 3), alarm('b', 2, { state: 'returnedUnacknowledged' })];
  expect(soundingPriority(alarms, new Set())).toBe(2);
});

test('acknowledged alarms and those of the lowest priority make no sound', () => {
  const alarms = [alarm('a', 1, { state: 'acknowledged' }), alarm('b', 4)];
  expect(soundingPriority(alarms, new Set())).toBeNull();
});

test('silence holds for what stands now, not for a new alarm nor for one raised again', () => {
  const first = alarm('a', 1);
  const silenced = silenceAll([first]);
  expect(soundingPriority([first], silenced)).toBeNull();
  expect(soundingPriority([first, alarm('b', 2)], silenced)).toBe(2);
  expect(soundingPriority([{ ...first, raisedAt_ms: 9_000 }], silenced)).toBe(1);
});
