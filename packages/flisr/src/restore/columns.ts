/** Bytes of a piece; a column that takes more than a quarter of one has memory of its own. */
const PIECE = 8192;

let piece = new ArrayBuffer(PIECE);
let used = 0;

/**
 * Memory for one small column, all 0 and never handed out again. Columns share pieces, because to make
 * an array of its own for each takes ten times as long as to fill it: a plan for a small outage
 * makes hundreds.
 */
function place(bytes: number): number {
  const rounded = (bytes + 7) & ~7;
  if (used + rounded > PIECE) {
    piece = new ArrayBuffer(PIECE);
    used = 0;
  }
  const at = used;
  used += rounded;
  return at;
}

/** Zeros. */
export function float64(count: number): Float64Array {
  if (32 * count > PIECE) return new Float64Array(count);
  const at = place(8 * count);
  return new Float64Array(piece, at, count);
}

export function int32(count: number): Int32Array {
  if (16 * count > PIECE) return new Int32Array(count);
  const at = place(4 * count);
  return new Int32Array(piece, at, count);
}

export function uint8(count: number): Uint8Array {
  if (4 * count > PIECE) return new Uint8Array(count);
  const at = place(count);
  return new Uint8Array(piece, at, count);
}

/** So many lists of their own, all empty. */
export function lists<Item>(count: number): Item[][] {
  const made: Item[][] = [];
  for (let k = 0; k < count; k++) made.push([]);
  return made;
}

/** So many times the same. */
export function times<Item>(count: number, item: Item): Item[] {
  const made: Item[] = [];
  for (let k = 0; k < count; k++) made.push(item);
  return made;
}

/** A column of these numbers. */
export function int32Of(numbers: readonly number[]): Int32Array {
  const column = int32(numbers.length);
  for (let k = 0; k < numbers.length; k++) column[k] = numbers[k]!;
  return column;
}
