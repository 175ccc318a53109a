import { fail, ok, type Result } from '@relight/foundation';
import type { Grid } from '../model.ts';
import { lazyList } from './lazy-list.ts';
import { LISTS, type FieldKind, type ListName } from './lists.ts';
import { numberReader, type NumberData, type NumberEncoding } from './number-column.ts';
import { decodeText } from './text-bytes.ts';

/** Counts up with every change after which an older program would misread a file. */
export const COLUMNS_VERSION = 2;
export const MAGIC = 'RELIGHTC';
/**
 * Before the columns: magic (8 bytes), version, length of the directory (u32), its start behind the
 * header, length of all behind the header (f64), checksum (2 × u32). Little-endian throughout.
 */
export const HEADER_BYTES = 40;

/** What stands where, at the end of the file. */
export interface Directory {
  readonly whole: Omit<Grid, ListName>;
  readonly lists: readonly {
    readonly list: ListName;
    readonly count: number;
    readonly columns: readonly {
      readonly field: string;
      readonly data: Place;
      /** Of texts: where each begins. */
      readonly starts?: Place;
      readonly encoding?: NumberEncoding;
      readonly words?: readonly (string | null)[];
    }[];
  }[];
}

/** Bytes behind the header; a start is a multiple of 8. */
interface Place {
  readonly start: number;
  readonly bytes: number;
}

export interface ColumnsRefusal {
  readonly kind: 'notColumns' | 'newer' | 'damaged';
  /** One sentence, without the name of the file. */
  readonly message: string;
}

/** Objects of these lists are made when asked for; the others are made once. */
const LAZY: ReadonlySet<ListName> = new Set([
  'connectivityNodes',
  'lines',
  'loads',
  'faultIndicators',
  'groundDisconnectors',
]);

/**
 * A grid on the columns of a file as `ColumnsWriter` made it; the bytes are used where they are and
 * must not change. Objects of the long lists are made when asked for and have the fields of the model
 * as getters: they can be read, not spread or written as JSON. A file that is cut off, changed in a single bit or of a newer version is refused.
 */
export function openColumns(file: Uint8Array): Result<Grid, ColumnsRefusal> {
  const refuse = (kind: ColumnsRefusal['kind'], message: string) => fail({ kind, message });
  const magic = String.fromCharCode(...file.subarray(0, MAGIC.length));
  if (file.length < HEADER_BYTES || magic !== MAGIC) {
    return refuse('notColumns', 'is no file of grid columns');
  }
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = header.getUint32(8, true);
  if (version > COLUMNS_VERSION) {
    const known = `this program reads versions up to ${COLUMNS_VERSION}`;
    return refuse('newer', `has version ${version} of the columns; ${known}`);
  }
  const length = header.getFloat64(24, true);
  if (file.length !== HEADER_BYTES + length) {
    return refuse('damaged', `has ${file.length} bytes; ${HEADER_BYTES + length} expected`);
  }
  const [one, other] = checksum(file);
  if (header.getUint32(32, true) !== one || header.getUint32(36, true) !== other) {
    return refuse('damaged', 'has another content than its checksum says');
  }
  // Columns are used as arrays of wide numbers, which begin at multiples of 8 only.
  const bytes = (file.byteOffset + HEADER_BYTES) % 8 === 0 ? file : file.slice();
  const start = HEADER_BYTES + header.getFloat64(16, true);
  const text = decodeText(bytes, start, start + header.getUint32(12, true));
  return ok(readGrid(bytes, JSON.parse(text) as Directory));
}

/** Two running sums over the 32-bit words behind the checksum and before it, the header included. */
export function checksum(file: Uint8Array): readonly [number, number] {
  let one = 0x811c_9dc5;
  let other = 0x9747_b28c;
  const aligned = file.byteOffset % 4 === 0 ? file : file.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  const skipped = HEADER_BYTES / 4 - 2;
  for (let at = 0; at < words.length; at++) {
    if (at === skipped || at === skipped + 1) continue;
    const word = words[at]!;
    one = Math.imul(one ^ word, 0x0100_0193);
    other = Math.imul(other ^ ((word << 13) | (word >>> 19)), 0x85eb_ca6b) ^ (other >>> 15);
  }
  return [one >>> 0, other >>> 0];
}

interface FieldReader {
  readonly field: string;
  readonly read: (at: number) => unknown;
}

/** Objects that read a field from its column when it is asked for, and nothing before. */
function rowsOf(readers: readonly FieldReader[]): (at: number) => object {
  class Row {
    readonly at: number;
    constructor(at: number) {
      this.at = at;
    }
  }
  for (const { field, read } of readers) {
    Object.defineProperty(Row.prototype, field, {
      get(this: Row) {
        return read(this.at);
      },
    });
  }
  return (at) => new Row(at);
}

function readGrid(file: Uint8Array, { whole, lists }: Directory): Grid {
  const view = <Data>(
    { start, bytes }: Place,
    Type: { new (buffer: ArrayBufferLike, at: number, count: number): Data } & {
      readonly BYTES_PER_ELEMENT: number;
    },
  ): Data =>
    new Type(file.buffer, file.byteOffset + HEADER_BYTES + start, bytes / Type.BYTES_PER_ELEMENT);
  const made = lists.map(({ list, count, columns }) => {
    const kinds: Readonly<Record<string, FieldKind>> = LISTS[list];
    const ids = { bytes: new Uint8Array(0), starts: new Uint32Array(1) };
    const readers = columns.map(({ field, data, starts, encoding, words }) => {
      if (starts !== undefined) {
        const bytes = view(data, Uint8Array);
        const begin = view(starts, Uint32Array);
        if (kinds[field] === 'id') Object.assign(ids, { bytes, starts: begin });
        const own = (at: number): string => decodeText(bytes, begin[at]!, begin[at + 1]!);
        // A text that is empty stands for the id.
        const read = (at: number): string =>
          begin[at] === begin[at + 1]
            ? decodeText(ids.bytes, ids.starts[at]!, ids.starts[at + 1]!)
            : own(at);
        return { field, read };
      }
      const number = numberReader(encoding!, numbers(data, encoding!));
      if (words !== undefined) return { field, read: (at: number) => words[number(at)!] ?? null };
      if (kinds[field] === 'flag') return { field, read: (at: number) => number(at) === 1 };
      return { field, read: number };
    });
    // Version 1 has no shares of loads that follow the voltage: there were none.
    for (const field of Object.keys(kinds)) {
      if (!columns.some((column) => column.field === field)) readers.push({ field, read: () => 0 });
    }
    if (LAZY.has(list)) return [list, lazyList(count, rowsOf(readers), ids)] as const;
    const rows = Array.from({ length: count }, (_, at) =>
      Object.fromEntries(readers.map(({ field, read }) => [field, read(at)])),
    );
    return [list, rows] as const;
  });
  return { ...whole, ...Object.fromEntries(made) } as unknown as Grid;

  function numbers(place: Place, encoding: NumberEncoding): NumberData {
    switch (encoding.code) {
      case 'u8':
        return view(place, Uint8Array);
      case 'u16':
        return view(place, Uint16Array);
      case 'i32':
        return view(place, Int32Array);
      case 'f64':
        return view(place, Float64Array);
    }
  }
}
