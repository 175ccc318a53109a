import { expect, test } from 'vitest';
import { momentOf, momentText } from './format.ts';

test('a moment is read as it is written, in Vietnam time', () => {
  const at = Date.UTC(2026, 10, 13, 19, 16);
  expect(momentText(at)).toBe('14/11/2026 02:16');
  expect(momentOf('14/11/2026 02:16')).toBe(at);
  expect(momentOf(' 14/11/2026 ')).toBe(Date.UTC(2026, 10, 13, 17, 0));
  expect(momentOf('1/3/2024 7:05')).toBe(Date.UTC(2024, 2, 1, 0, 5));
});

test('what is no day or no hour is refused, and never read as another one', () => {
  const wrong = [
    '',
    '31/11/2026',
    '29/02/2025',
    '11-14-2026',
    '14/13/2026',
    '14/11/26',
    '14/11/2026 24:00',
    '14/11/2026 7:5',
  ];
  expect(wrong.map((text) => momentOf(text))).toEqual(wrong.map(() => null));
});
