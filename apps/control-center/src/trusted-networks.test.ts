import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areNetworks, holds, networks, trustTooMany } from './trusted-networks.ts';

test('a proxy, its network, and all private networks together may be trusted', () => {
  for (const entries of [
    ['127.0.0.1'],
    ['10.1.0.5', 'fd00::5'],
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', 'fc00::/7', '::1'],
  ]) {
    expect([entries, areNetworks(entries), trustTooMany(entries)]).toEqual([entries, true, false]);
  }
});

test('networks that together are everybody are refused, however they are cut up', () => {
  for (const entries of [
    ['0.0.0.0/0'],
    ['0.0.0.0/1', '128.0.0.0/1'],
    ['0.0.0.0/1'],
    ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'],
    Array.from({ length: 256 }, (_, n) => `${n}.0.0.0/8`),
    ['::/0'],
    ['::/1', '8000::/1'],
    // All of IPv4, as IPv6 writes it.
    ['::ffff:0:0/96'],
    ['::ffff:0.0.0.0/97', '::ffff:128.0.0.0/97'],
    ['::/64'],
  ]) {
    expect([entries, trustTooMany(entries)]).toEqual([entries, true]);
  }
});

test('a network named twice counts once', () => {
  expect(trustTooMany(Array.from({ length: 1_000 }, () => '10.0.0.0/8'))).toBe(false);
});

test('what is neither an address nor a network is told', () => {
  for (const entry of [
    'proxy',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/9',
    '10.0.0.0/x',
    '::/129',
  ]) {
    expect([entry, areNetworks([entry])]).toEqual([entry, false]);
  }
});

test('cut into its two halves a network stays as large as it is', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), fc.integer({ min: 1, max: 30 }), (number, prefix) => {
      const text = (n: number): string =>
        [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
      const size = 2 ** (32 - prefix);
      const first = Math.floor(number / size) * size;
      const halves = [first, first + size / 2].map((n) => `${text(n)}/${prefix + 1}`);
      expect(trustTooMany(halves)).toBe(trustTooMany([`${text(first)}/${prefix}`]));
      const list = networks(halves);
      expect(holds(list, text(first + size - 1))).toBe(true);
      expect(holds(list, `::ffff:${text(first)}`)).toBe(true);
    }),
  );
});
