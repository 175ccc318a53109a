import { expect, test } from 'vitest';
import { expOfMinus, normalBelow, normalDensity } from './normal-distribution.ts';

test('the exponential agrees with the library to ten digits', () => {
  for (const x of [0, 1e-6, 0.5, 1, 7, 33.3, 200, 600]) {
    expect(expOfMinus(x) / Math.exp(-x)).toBeCloseTo(1, 10);
  }
  expect(expOfMinus(800)).toBe(0);
});

test('the normal distribution has the values of the tables', () => {
  expect(normalDensity(0)).toBeCloseTo(0.398942, 6);
  expect(normalBelow(0)).toBeCloseTo(0.5, 6);
  expect(normalBelow(1.96)).toBeCloseTo(0.975002, 6);
  expect(normalBelow(-3)).toBeCloseTo(0.00135, 6);
});
