import { expect, test } from 'vitest';
import { isLoopback } from './loopback.ts';

test('only addresses of this machine may be bound in the demo profile', () => {
  expect(['127.0.0.1', '127.0.0.53', 'localhost', '::1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', '192.168.1.2', 'example.org', ''].some(isLoopback)).toBe(
    false,
  );
});
