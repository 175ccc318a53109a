import { decodeText } from './text-bytes.ts';

/** Ids in one byte buffer: text number n stands from starts[n] to starts[n + 1]. Ascending. */
export interface IdBytes {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** From an id to its index. */
export interface IdIndex {
  get(id: string): number | undefined;
  has(id: string): boolean;
}

const idsOf = new WeakMap<object, IdBytes>();

/**
 * A list whose objects are made when asked for, and kept by nobody. Everything an array can be
 * asked works; asking twice gives two equal objects.
 */
export function lazyList<Row>(
  count: number,
  row: (at: number) => Row,
  ids: IdBytes,
): readonly Row[] {
  const target: Row[] = [];
  // Long, but empty: no place is reserved for what is made on demand.
  target.length = count;
  const at = (key: string | symbol): number => {
    if (typeof key !== 'string') return -1;
    const first = key.charCodeAt(0);
    return first >= 48 && first <= 57 ? Number(key) : -1;
  };
  const list = new Proxy(target, {
    get: (own, key) => {
      const place = at(key);
      if (place === -1) return Reflect.get(own, key) as unknown;
      return place < count ? row(place) : undefined;
    },
    has: (own, key) => {
      const place = at(key);
      return place === -1 ? Reflect.has(own, key) : place < count;
    },
    set: () => false,
  });
  idsOf.set(list, ids);
  return list;
}

/** From ids to indices: of a list from columns by halving, without memory; else by a map. */
export function indexById(list: readonly { readonly id: string }[]): IdIndex {
  const ids = idsOf.get(list);
  if (ids === undefined) return new Map(list.map((object, index) => [object.id, index]));
  const get = (id: string): number | undefined => find(ids, id);
  return { get, has: (id) => get(id) !== undefined };
}

function find({ bytes, starts }: IdBytes, id: string): number | undefined {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = decodeText(bytes, starts[middle]!, starts[middle + 1]!);
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle;
  }
  return undefined;
}
