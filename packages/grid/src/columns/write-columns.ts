import { assert } from '@relight/foundation';
import type { Grid } from '../model.ts';
import { COLUMNS_VERSION, MAGIC, checksum, HEADER_BYTES, type Directory } from './columns-file.ts';
import { LIST_NAMES, LISTS, type FieldKind, type ListName } from './lists.ts';
import { NumberWriter } from './number-column.ts';
import { TextWriter } from './text-bytes.ts';

/** One column under construction. */
interface Writer {
  readonly field: string;
  readonly kind: FieldKind;
  readonly numbers: NumberWriter;
  readonly texts: TextWriter;
  readonly words: Map<string | null, number>;
}

/**
 * Writes grids behind one another into the columns of one: a country region by region, each
 * forgotten before the next is made. Ids must ascend from grid to grid in every list, and no grid
 * refers to another.
 */
export class ColumnsWriter {
  readonly #whole: Directory['whole'];
  readonly #counts = new Map<ListName, number>();
  readonly #lastId = new Map<ListName, string>();
  readonly #writers = new Map<ListName, readonly Writer[]>();

  /** @param whole - what stands once: the lists of this grid are not looked at. */
  constructor(whole: Omit<Grid, ListName>) {
    const { id, name, frequency_Hz, provenance, limits } = whole;
    this.#whole = { id, name, frequency_Hz, provenance, limits };
    for (const list of LIST_NAMES) {
      this.#counts.set(list, 0);
      const fields = Object.entries<FieldKind>(LISTS[list]);
      this.#writers.set(
        list,
        fields.map(([field, kind]) => ({
          field,
          kind,
          numbers: new NumberWriter(),
          texts: new TextWriter(),
          words: new Map(),
        })),
      );
    }
  }

  add(grid: Grid): void {
    const offsets = new Map(this.#counts);
    for (const list of LIST_NAMES) {
      const rows = grid[list] as readonly { readonly id: string }[];
      const last = this.#lastId.get(list);
      const first = rows[0];
      if (first === undefined) continue;
      assert(last === undefined || last < first.id, `${list}: ${first.id} after ${last}`);
      for (const writer of this.#writers.get(list)!) {
        for (const row of rows) addValue(writer, row, offsets);
      }
      this.#counts.set(list, offsets.get(list)! + rows.length);
      this.#lastId.set(list, rows.at(-1)!.id);
    }
  }

  /** The file, complete. */
  finish(): Uint8Array {
    const parts: { readonly bytes: Uint8Array; readonly start: number }[] = [];
    let length = 0;
    const put = (data: ArrayBufferView): { readonly start: number; readonly bytes: number } => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const start = length;
      parts.push({ bytes, start });
      length += 8 * Math.ceil(bytes.length / 8);
      return { start, bytes: bytes.length };
    };
    const lists = LIST_NAMES.map((list) => ({
      list,
      count: this.#counts.get(list)!,
      columns: this.#writers.get(list)!.map((writer) => {
        const { field, kind } = writer;
        if (kind === 'id' || kind === 'text') {
          return { field, starts: put(writer.texts.starts), data: put(writer.texts.bytes) };
        }
        const { encoding, data } = writer.numbers.encode();
        const words = kind === 'word' ? { words: [...writer.words.keys()] } : {};
        return { field, encoding, data: put(data), ...words };
      }),
    }));
    const directory = new TextWriter();
    directory.add(JSON.stringify({ whole: this.#whole, lists } satisfies Directory));
    const directoryStart = length;
    put(directory.bytes);
    return join(parts, length, directoryStart, directory.bytes.length);
  }
}

function addValue(
  { field, kind, numbers, texts, words }: Writer,
  row: { readonly id: string },
  offsets: ReadonlyMap<ListName, number>,
): void {
  const value = (row as Readonly<Record<string, unknown>>)[field];
  if (typeof kind === 'object') numbers.add((value as number) + offsets.get(kind.into)!);
  else if (kind === 'id') texts.add(value as string);
  else if (kind === 'text') texts.add(value === row.id ? '' : (value as string));
  else if (kind === 'flag') numbers.add(value === true ? 1 : 0);
  else if (kind === 'number') numbers.add(value as number | null);
  else {
    const word = value as string | null;
    if (!words.has(word)) words.set(word, words.size);
    numbers.add(words.get(word)!);
  }
}

function join(
  parts: readonly { readonly bytes: Uint8Array; readonly start: number }[],
  length: number,
  directoryStart: number,
  directoryBytes: number,
): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + length);
  for (const { bytes, start } of parts) file.set(bytes, HEADER_BYTES + start);
  const header = new DataView(file.buffer);
  for (let at = 0; at < MAGIC.length; at++) header.setUint8(at, MAGIC.charCodeAt(at));
  header.setUint32(8, COLUMNS_VERSION, true);
  header.setUint32(12, directoryBytes, true);
  header.setFloat64(16, directoryStart, true);
  header.setFloat64(24, length, true);
  const [one, other] = checksum(file);
  header.setUint32(32, one, true);
  header.setUint32(36, other, true);
  return file;
}
