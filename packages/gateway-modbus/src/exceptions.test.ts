import { expect, test } from 'vitest';
import { exceptionAnswer } from './exceptions.ts';

test.each([4, 11])('exception %i after an operate leaves open whether the switch moves', (code) => {
  const answer = exceptionAnswer(code, 'said so');
  expect(answer).toEqual({ outcome: 'unknown', reason: 'said so' });
});

test.each([1, 2, 3, 6, 8, 10])('exception %i is a refusal by the device: nothing moved', (code) => {
  expect(exceptionAnswer(code, 'said so')).toMatchObject({ outcome: 'failed', byDevice: true });
});

test('exception 5 says that the device has begun, and is slow', () => {
  expect(exceptionAnswer(5, 'said so').outcome).toBe('acknowledged');
});
