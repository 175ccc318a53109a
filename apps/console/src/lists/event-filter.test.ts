import type { EventView } from '@relight/contract';
import { expect, test } from 'vitest';
import { matching } from './event-filter.ts';

test('an event is found by words without marks, in either language, by device and in any order', () => {
  const event: EventView = {
    id: 'E1',
    sequence: 1,
    sourceTime_ms: null,
    receiveTime_ms: 0,
    equipment: 'PT.473',
    text: { vi: 'Máy cắt đã cắt', en: 'Breaker opened' },
    quality: 'good',
  };
  const found = (words: string): number => matching([event], words, () => 'MC 473').length;
  expect(['', '  ', 'may cat', 'opened BREAKER', '473 đã', 'mc 473'].map(found)).toEqual([
    1, 1, 1, 1, 1, 1,
  ]);
  expect(found('đóng 473')).toBe(0);
});
