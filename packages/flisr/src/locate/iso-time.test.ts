import { expect, test } from 'vitest';
import { isoTime_ms } from './iso-time.ts';

test('times are read as the calendar has them, offsets included', () => {
  for (const text of [
    '2026-11-21T03:04:05.123Z',
    '1970-01-01T00:00:00Z',
    '2024-02-29T23:59:59.999+07:00',
    '1999-12-31T18:30:00-05:30',
  ]) {
    expect(isoTime_ms(text)).toBe(Date.parse(text));
  }
  expect(isoTime_ms('yesterday')).toBeNull();
});
