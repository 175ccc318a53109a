import { BlockList, isIP } from 'node:net';

/**
 * Most addresses that may speak for others, together: four networks of /8, more than all private
 * ones, and the /6 of IPv6 around the private ones. Whoever lists more has listed strangers.
 */
const MOST_ADDRESSES = { 4: 1n << 26n, 6: 1n << 122n } as const;
/** ::ffff:0:0/96, where IPv6 writes the whole of IPv4. */
const MAPPED = { from: 0xffff_0000_0000n, to: 0xffff_ffff_ffffn } as const;

interface Range {
  readonly family: 4 | 6;
  /** First and last address, as numbers. */
  readonly from: bigint;
  readonly to: bigint;
}

/** @throws Error naming the entry that is neither an address nor a network. */
export function networks(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const { address, family, prefix } = parse(entry);
    list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** True where each entry is an address or a network. */
export function areNetworks(entries: readonly string[]): boolean {
  try {
    networks(entries);
    return true;
  } catch {
    return false;
  }
}

/**
 * True where the networks together, however they are cut up, hold more addresses than a proxy in
 * front can have.
 * @throws Error as `networks`.
 */
export function trustTooMany(entries: readonly string[]): boolean {
  const ranges = entries.map(rangeOf).flatMap(asIPv4Too);
  return ([4, 6] as const).some((family) => {
    const own = ranges.filter((range) => range.family === family);
    return unionSize(own) > MOST_ADDRESSES[family];
  });
}

export function holds(list: BlockList, address: string): boolean {
  const bare = plain(address);
  return isIP(bare) !== 0 && list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 as IPv4, also where the socket is IPv6. */
export function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

function parse(entry: string): {
  readonly address: string;
  readonly family: 4 | 6;
  readonly prefix: number;
} {
  const [address = '', prefix, ...more] = entry.split('/');
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  if ((family !== 4 && family !== 6) || more.length > 0) throw new Error(`${entry} is no address`);
  if (prefix === undefined) return { address, family, prefix: longest };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= longest)) throw new Error(`${entry} is no network`);
  return { address, family, prefix: bits };
}

function rangeOf(entry: string): Range {
  const { address, family, prefix } = parse(entry);
  const rest = BigInt((family === 6 ? 128 : 32) - prefix);
  const from = (numberOf(address) >> rest) << rest;
  return { family, from, to: from + (1n << rest) - 1n };
}

/** What an IPv6 network holds of IPv4 is trusted as IPv4 too. */
function asIPv4Too(range: Range): readonly Range[] {
  if (range.family === 4 || range.to < MAPPED.from || range.from > MAPPED.to) return [range];
  const from = range.from > MAPPED.from ? range.from - MAPPED.from : 0n;
  const to = (range.to < MAPPED.to ? range.to : MAPPED.to) - MAPPED.from;
  return [range, { family: 4, from, to }];
}

function unionSize(ranges: readonly Range[]): bigint {
  let size = 0n;
  let next = 0n;
  for (const { from, to } of ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const begin = from > next ? from : next;
    if (to < begin) continue;
    size += to - begin + 1n;
    next = to + 1n;
  }
  return size;
}

/** @param address - One that `isIP` knows. */
function numberOf(address: string): bigint {
  if (isIP(address) === 4) return joined(address.split('.').map(Number), 8n);
  const [bare = ''] = address.split('%', 1);
  const words = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [left = [], right = []] = words
    .split('::')
    .map((half) => half.split(':').filter((word) => word !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return joined(
    [...left, ...zeros, ...right].map((word) => Number.parseInt(word, 16)),
    16n,
  );
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}
