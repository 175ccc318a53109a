import { expect, test } from 'vitest';
import { lossOfVoltage, roomUnder } from './rooms.ts';

const RIGHT = { cosine: 0.8, sine: 0.6 };

test('a flow in the direction of the loads leaves what is missing to the limit', () => {
  // 1 MVA, of which 0.5 flow at power factor 0.8.
  expect(roomUnder(1, 0.4e9, 0.3e9, RIGHT)).toBeCloseTo(0.5e9, 0);
});

test('a limit reached leaves nothing, one exceeded says so, none leaves everything', () => {
  expect(roomUnder(1, 0.8e9, 0.6e9, RIGHT)).toBeCloseTo(0, 0);
  expect(roomUnder(1, 0.9e9, 0.6e9, RIGHT)).toBe(-1);
  expect(roomUnder(Number.POSITIVE_INFINITY, 1e12, 0, RIGHT)).toBe(Number.POSITIVE_INFINITY);
});

test('what may feed in beside a load leaves room for more than the limit', () => {
  // Generators of 0.4 MW may come with the loads: 1 MVA of the net carries 1.32 of load.
  expect(roomUnder(1, -0.4e9, 0, RIGHT)).toBeCloseTo(1.32e9, 0);
});

test('the power factor that costs the voltage least is the one that counts', () => {
  const resistive = lossOfVoltage(1, 0, [0, 0.75], RIGHT);
  expect(resistive).toBeCloseTo(1 / (0.8 + 0.6 * 0.75), 12);
  expect(lossOfVoltage(1, 0, [0, Number.POSITIVE_INFINITY], RIGHT)).toBe(0);
});
