import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from './sha256.ts';

// The first three are the examples NIST publishes for SHA-256.
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('SHA-256 of %j is the published value', (text, expected) => {
  expect(sha256(text)).toBe(expected);
});

test('every length around the padding limits agrees with another implementation', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'ộ'.repeat(length % 7) + 'x'.repeat(length);
    expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  }
});

test('letters beyond the basic plane and lone surrogates are encoded as UTF-8', () => {
  for (const text of ['⚡ Phú Tài 𝄞', 'lone \ud800 half']) {
    expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  }
});
