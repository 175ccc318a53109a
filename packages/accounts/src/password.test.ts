import { expect, test } from 'vitest';
import { Attempts } from './attempts.ts';
import { hashPassword, isDefaultSecret, passwordProblem, verifyPassword } from './password.ts';

test('a password is known again, a wrong one and a missing account are not', async () => {
  const kept = await hashPassword('trạm 110 kV Phú Thọ');
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword('trạm 110 kV Phú Thọ', kept)).toBe(true);
  // Typed with combining marks: the same word.
  expect(await verifyPassword('trạm 110 kV Phú Thọ'.normalize('NFD'), kept)).toBe(true);
  expect(await verifyPassword('trạm 110 kV Phú Thọ ', kept)).toBe(false);
  expect(await verifyPassword('anything at all', null)).toBe(false);
  expect(await verifyPassword('anything at all', 'no hash')).toBe(false);
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('short words, the user name and what everybody tries first are not taken', () => {
  const refused = ['short', 'relight2026!', 'Password123', 'lan.nguyen99', 'aaaaaaaaaaaa'];
  expect(refused.filter((one) => passwordProblem(one, 'lan.nguyen') === null)).toEqual([]);
  expect(passwordProblem('x'.repeat(201), 'lan')).not.toBeNull();
  expect(passwordProblem('bốn cột điện gió', 'lan')).toBeNull();
  expect([isDefaultSecret('relight'), isDefaultSecret('4Wq-8vN')]).toEqual([true, false]);
});

test('after five wrong tries the next ones wait, at most half a minute, and nobody else does', () => {
  const attempts = new Attempts();
  const waits: number[] = [];
  let now = 0;
  for (let i = 0; i < 12; i++) {
    attempts.wrong('lan', '10.0.0.9', now);
    const wait = attempts.wait_ms('lan', '10.0.0.9', now);
    waits.push(wait / 1_000);
    now += wait;
  }
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
  expect(attempts.wait_ms('lan', '10.0.0.1', now)).toBe(0);
  expect(attempts.wait_ms('minh', '10.0.0.9', now)).toBe(0);
  attempts.right('lan', '10.0.0.9');
  expect(attempts.wait_ms('lan', '10.0.0.9', now)).toBe(0);
});

test('wrong tries are forgotten after a quarter of an hour', () => {
  const attempts = new Attempts();
  for (let i = 0; i < 9; i++) attempts.wrong('lan', 'a', 0);
  attempts.wrong('lan', 'a', 16 * 60_000);
  expect(attempts.wait_ms('lan', 'a', 16 * 60_000)).toBe(0);
});
