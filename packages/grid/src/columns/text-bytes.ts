/** Bytes that grow as texts are written behind one another, UTF-8. */
export class TextWriter {
  #bytes = new Uint8Array(1 << 16);
  #starts = new Uint32Array(1 << 12);
  #count = 0;
  #length = 0;

  add(text: string): void {
    if (this.#count + 2 > this.#starts.length) this.#starts = doubled(this.#starts);
    // No character takes more than three bytes for each of its code units.
    while (this.#length + 3 * text.length > this.#bytes.length) this.#bytes = doubled(this.#bytes);
    this.#length = encodeAt(this.#bytes, this.#length, text);
    this.#count += 1;
    this.#starts[this.#count] = this.#length;
  }

  /** Start of each text, and the end of the last. */
  get starts(): Uint32Array {
    return this.#starts.subarray(0, this.#count + 1);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

function doubled<List extends Uint8Array | Uint32Array>(list: List): List {
  const longer = new (list.constructor as new (length: number) => List)(2 * list.length);
  longer.set(list);
  return longer;
}

function encodeAt(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let unit = 0; unit < text.length; unit++) {
    const code = text.codePointAt(unit)!;
    if (code < 0x80) bytes[at++] = code;
    else if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
      bytes[at++] = 0x80 | (code & 63);
    } else if (code < 0x1_0000) {
      bytes[at++] = 0xe0 | (code >> 12);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
    } else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 63);
      bytes[at++] = 0x80 | ((code >> 6) & 63);
      bytes[at++] = 0x80 | (code & 63);
      unit += 1;
    }
  }
  return at;
}

/** Code units of one text, or of a piece of a long one: a call takes only so many arguments. */
const units: number[] = [];
const MOST_UNITS = 4_096;

/** The text that stands between two places; what the writer above wrote. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let pieces = '';
  units.length = 0;
  for (let at = start; at < end;) {
    const first = bytes[at++]!;
    if (first < 0x80) units.push(first);
    else if (first < 0xe0) units.push(((first & 31) << 6) | (bytes[at++]! & 63));
    else {
      let code = first < 0xf0 ? first & 15 : first & 7;
      for (let more = first < 0xf0 ? 2 : 3; more > 0; more--) {
        code = (code << 6) | (bytes[at++]! & 63);
      }
      if (code < 0x1_0000) units.push(code);
      else units.push(0xd800 | ((code - 0x1_0000) >> 10), 0xdc00 | ((code - 0x1_0000) & 1023));
    }
    if (units.length < MOST_UNITS) continue;
    pieces += String.fromCharCode(...units);
    units.length = 0;
  }
  // One flat string where there is one piece: characters joined with + stay a tree in memory.
  const last = String.fromCharCode(...units);
  return pieces === '' ? last : pieces + last;
}
