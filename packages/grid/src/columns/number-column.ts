/** How the numbers of a column are written; each gives back what was put in, but for the sign of 0. */
export type NumberEncoding =
  /** Few values: a code for each, and the values in the directory. */
  | { readonly code: 'u8' | 'u16'; readonly values: readonly (number | null)[] }
  /** Whole multiples of 1 / divisor. */
  | { readonly code: 'i32'; readonly divisor: number }
  | { readonly code: 'f64' };

export type NumberData = Uint8Array | Uint16Array | Int32Array | Float64Array;

const DIVISORS = [1, 1e2, 1e3, 1e5];
/** Stands for null where numbers are whole multiples. */
const NO_NUMBER = -(2 ** 31);
const MOST_CODES = 2 ** 16;

/** Numbers as they come; NaN stands for null. */
export class NumberWriter {
  #values = new Float64Array(1 << 10);
  #count = 0;

  add(value: number | null): void {
    if (this.#count === this.#values.length) {
      const longer = new Float64Array(2 * this.#count);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#count] = value ?? Number.NaN;
    this.#count += 1;
  }

  /** The shortest of the encodings that lose nothing. */
  encode(): { readonly encoding: NumberEncoding; readonly data: NumberData } {
    const values = this.#values.subarray(0, this.#count);
    return encodeFew(values) ?? encodeWhole(values) ?? { encoding: { code: 'f64' }, data: values };
  }
}

function encodeFew(values: Float64Array) {
  const codes = new Map<number, number>();
  const data = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    let code = codes.get(value);
    if (code === undefined) {
      code = codes.size;
      // Many values save nothing beside the four bytes of whole multiples.
      if (code === MOST_CODES || (code > 1_000 && 8 * code > values.length)) return null;
      codes.set(value, code);
    }
    data[at] = code;
  }
  const table = [...codes.keys()].map((value) => (Number.isNaN(value) ? null : value));
  return codes.size <= 2 ** 8
    ? { encoding: { code: 'u8', values: table } as const, data: Uint8Array.from(data) }
    : { encoding: { code: 'u16', values: table } as const, data };
}

function encodeWhole(values: Float64Array) {
  for (const divisor of DIVISORS) {
    const data = new Int32Array(values.length);
    let at = 0;
    for (; at < values.length; at++) {
      const value = values[at]!;
      const whole = Number.isNaN(value) ? NO_NUMBER : Math.round(value * divisor);
      if (whole !== NO_NUMBER && (Math.abs(whole) >= 2 ** 31 || whole / divisor !== value)) break;
      data[at] = whole;
    }
    if (at === values.length) return { encoding: { code: 'i32', divisor } as const, data };
  }
  return null;
}

/** The value at a place of an encoded column. */
export function numberReader(
  encoding: NumberEncoding,
  data: NumberData,
): (at: number) => number | null {
  switch (encoding.code) {
    case 'u8':
    case 'u16': {
      const { values } = encoding;
      return (at) => values[data[at]!]!;
    }
    case 'i32': {
      const { divisor } = encoding;
      return (at) => {
        const whole = data[at]!;
        return whole === NO_NUMBER ? null : whole / divisor;
      };
    }
    case 'f64':
      return (at) => {
        const value = data[at]!;
        return Number.isNaN(value) ? null : value;
      };
  }
}
