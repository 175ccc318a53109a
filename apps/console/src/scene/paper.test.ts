import { expect, test } from 'vitest';
import { paperRatio } from './paper.ts';

test('a diagram of an ordinary desk is printed with three times the pixels it had', () => {
  expect(paperRatio(1_200, 1)).toBe(3);
});

test('a diagram of a wall screen gets the pixels of the sheet, not a picture nobody can hold', () => {
  expect(paperRatio(3_600, 1)).toBeCloseTo(4_000 / 3_600);
});

test('paper is never coarser than the screen', () => {
  expect(paperRatio(3_600, 2)).toBe(2);
});
