/**
 * Seeded chance. One seed per run, split into named streams, so that a new draw in one part
 * does not shift the numbers of the others. Generator: sfc32 (Chris Doty-Humphrey, PractRand),
 * seeded by a 32-bit FNV-1a hash of seed and stream name. Not for secrets.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    this.#a = fnv1a(`${seed}/${name}/a`);
    this.#b = fnv1a(`${seed}/${name}/b`);
    this.#c = fnv1a(`${seed}/${name}/c`);
    for (let i = 0; i < 12; i++) this.nextUint32();
  }

  /** A whole number in 0 … 2^32 − 1. */
  nextUint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    return this.nextUint32() / 4_294_967_296;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in low … high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /**
   * Roughly normal with mean 0 and standard deviation 1: the sum of twelve uniform draws less
   * six (central limit), within ±6. Exact arithmetic on every machine, unlike Box-Muller.
   */
  gaussian(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum;
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash | 0;
}
