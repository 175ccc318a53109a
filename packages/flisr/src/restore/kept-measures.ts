const FIRST_ROOM = 256;

/**
 * What was measured of a tree before something was joined to it, given back when that is cut off
 * again: the last kept first.
 */
export class KeptMeasures {
  readonly #columns: readonly Float64Array[];
  readonly #marks: number[] = [];
  readonly #sources: number[] = [];
  readonly #sourceRooms: number[] = [];
  readonly #joints: number[] = [];
  #values = new Float64Array(0);
  #count = 0;

  /** @param columns - measured figures by joint. */
  constructor(columns: readonly Float64Array[]) {
    this.#columns = columns;
  }

  /** Mark of the last tree kept, −1 none. */
  get lastMark(): number {
    return this.#marks.length === 0 ? -1 : this.#marks[this.#marks.length - 1]!;
  }

  get lastSource(): number {
    return this.#sources[this.#sources.length - 1]!;
  }

  /** @param joints - of the tree, all measured. */
  keep(mark: number, source: number, sourceRoom: number, joints: readonly number[]): void {
    const needed = this.#count + joints.length * this.#columns.length;
    if (needed > this.#values.length) {
      const longer = new Float64Array(Math.max(FIRST_ROOM, 2 * needed));
      longer.set(this.#values);
      this.#values = longer;
    }
    let place = this.#count;
    const values = this.#values;
    for (const column of this.#columns) {
      for (let k = 0; k < joints.length; k++) values[place++] = column[joints[k]!]!;
    }
    this.#count = place;
    this.#marks.push(mark);
    this.#sources.push(source);
    this.#sourceRooms.push(sourceRoom);
    this.#joints.push(joints.length);
  }

  /**
   * @param joints - of the tree: as it was when it was kept, or the first of those.
   * @returns The room of its source.
   */
  giveBack(joints: readonly number[]): number {
    const kept = this.#joints.pop()!;
    this.#count -= kept * this.#columns.length;
    let start = this.#count;
    const values = this.#values;
    for (const column of this.#columns) {
      for (let k = 0; k < joints.length; k++) column[joints[k]!] = values[start + k]!;
      start += kept;
    }
    this.#marks.pop();
    this.#sources.pop();
    return this.#sourceRooms.pop()!;
  }
}
