import { expect, test } from 'vitest';
import { leavesOpen, qualityOfStatus } from './status-code.ts';

test.each([
  [0x0000_0000, 'good', 'Good'],
  [0x0000_0480, 'good', 'Good with the overflow bit of a queue'],
  [0x0096_0000, 'substituted', 'GoodLocalOverride'],
  [0x4000_0000, 'questionable', 'Uncertain'],
  [0x4090_0000, 'notTopical', 'UncertainLastUsableValue'],
  [0x8000_0000, 'invalid', 'Bad'],
  [0x808c_0000, 'invalid', 'BadSensorFailure'],
  [0x8031_0000, 'notTopical', 'BadNoCommunication'],
  [0x808d_0000, 'blocked', 'BadOutOfService'],
  [0x803c_0000, 'overflow', 'BadOutOfRange'],
])('status %i is %s: %s', (code, quality) => {
  expect(qualityOfStatus(code)).toBe(quality);
});

test('a time-out or a lost device leaves the outcome of an order open, a refusal does not', () => {
  expect([0x800a_0000, 0x8005_0000, 0x80ae_0000].every((code) => leavesOpen(code))).toBe(true);
  // BadInvalidState, BadRequestNotAllowed, BadResourceUnavailable
  expect([0x80af_0000, 0x80e4_0000, 0x8004_0000].some((code) => leavesOpen(code))).toBe(false);
});
