import { expect, test } from 'vitest';
import { decimalComma } from './decimal-comma.ts';

test('a figure in a Vietnamese sentence has a comma', () => {
  expect(decimalComma(0.07)).toBe('0,07');
  expect(decimalComma('118')).toBe('118');
});
