import { expect, test } from 'vitest';
import { parseJsonText } from './json-text.ts';

test('valid JSON is parsed, with or without a byte order mark', () => {
  expect(parseJsonText('{"a":[1,"ộ",null]}')).toEqual({ ok: true, value: { a: [1, 'ộ', null] } });
  expect(parseJsonText('\uFEFF[true]')).toEqual({ ok: true, value: [true] });
});

test.each([
  ['', 'line 1, column 1', 'expected a value, got the end of the text'],
  ['{\n  "a": NaN\n}', 'line 2, column 8', 'expected a value, got "N"'],
  ['{"a":1,}', 'line 1, column 8', 'expected a field name in double quotes, got "}"'],
  ['{a:1}', 'line 1, column 2', 'expected a field name in double quotes, got "a"'],
  ['[1 2]', 'line 1, column 4', 'expected "," or "]", got "2"'],
  ['{"a" 1}', 'line 1, column 6', 'expected ":", got "1"'],
  ['{"a":01}', 'line 1, column 7', 'expected "," or "}", got "1"'],
  ['{"a":1', 'line 1, column 7', 'expected "," or "}", got the end of the text'],
  ['[]\n]', 'line 2, column 1', 'expected nothing more, got "]"'],
  [
    '["open',
    'line 1, column 2',
    'expected a text with valid escapes, closed on its line, got "\\""',
  ],
  [
    '["\\q"]',
    'line 1, column 2',
    'expected a text with valid escapes, closed on its line, got "\\""',
  ],
])('%j is refused where the mistake is', (text, path, says) => {
  expect(parseJsonText(text)).toEqual({
    ok: false,
    error: { path, message: `not valid JSON: ${says}` },
  });
});

test('a text nested ten thousand deep is judged without running out of stack', () => {
  expect(parseJsonText('['.repeat(10_000))).toMatchObject({
    ok: false,
    error: { path: 'line 1, column 10001' },
  });
});
