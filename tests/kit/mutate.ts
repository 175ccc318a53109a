import type { RandomStream } from '@relight/foundation';

/** Values that break what was not thought of. */
const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, 9_007_199_254_740_992, -0.5, '', ' ', 'x', '\u0000'],
  ...[
    'x'.repeat(9_000),
    '🔥'.repeat(50),
    '../../etc/passwd',
    "'; DROP TABLE account; --",
    '{{7*7}}',
  ],
  ...['1e400', 'NaN', '\uD800', [], {}, [[]], { $ref: '#' }, deep(60), ['x', 1, null]],
];
const KEYS = ['__proto__', 'constructor', 'toString', 'force', 'user', 'actor', 'by', 'token', ''];

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

export function pick<Item>(chance: RandomStream, items: readonly Item[]): Item {
  const item = items[chance.integer(0, items.length - 1)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** The value with one to three places changed: replaced, dropped, added, repeated. */
export function mutatedValue(value: unknown, chance: RandomStream): unknown {
  let changed = structuredClone(value);
  for (let i = chance.integer(1, 3); i > 0; i--) changed = changedOnce(changed, chance);
  return changed;
}

function changedOnce(value: unknown, chance: RandomStream): unknown {
  if (typeof value !== 'object' || value === null || chance.next() < 0.2) return pick(chance, ODD);
  if (Array.isArray(value)) {
    const at = chance.integer(0, Math.max(0, value.length - 1));
    if (value.length === 0 || chance.next() < 0.2) return [...value, pick(chance, ODD)];
    if (chance.next() < 0.2) return value.filter((_, i) => i !== at);
    return value.map((item: unknown, i) => (i === at ? changedOnce(item, chance) : item));
  }
  const entries = Object.entries(value);
  const at = chance.integer(0, Math.max(0, entries.length - 1));
  const kind = chance.next();
  if (entries.length === 0 || kind < 0.15) {
    return fromEntries([...entries, [pick(chance, KEYS), pick(chance, ODD)]]);
  }
  if (kind < 0.3) return fromEntries(entries.filter((_, i) => i !== at));
  return fromEntries(
    entries.map(([key, item], i) => (i === at ? [key, changedOnce(item, chance)] : [key, item])),
  );
}

/** As a JSON text would give it: `__proto__` is a field like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  const object: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** The bytes with some of them changed, cut off, repeated or put in. */
export function mutatedBytes(bytes: Buffer, chance: RandomStream): Buffer {
  let changed = Buffer.from(bytes);
  for (let i = chance.integer(1, 4); i > 0; i--) {
    const at = chance.integer(0, changed.length);
    const to = Math.min(changed.length, at + chance.integer(1, 20));
    const kind = chance.integer(0, 4);
    if (kind === 0) changed = changed.subarray(0, at);
    else if (kind === 1 && at < changed.length) changed[at] = chance.integer(0, 255);
    else if (kind === 2) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(to)]);
    else if (kind === 3) changed = Buffer.concat([changed.subarray(0, to), changed.subarray(at)]);
    else {
      const noise = Buffer.from(
        Array.from({ length: chance.integer(1, 30) }, () => chance.integer(0, 255)),
      );
      changed = Buffer.concat([changed.subarray(0, at), noise, changed.subarray(at)]);
    }
  }
  return changed;
}
