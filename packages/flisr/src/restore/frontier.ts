import { float64, int32, uint8 } from './columns.ts';

/** The undecided switches with one live end, in a state of the search. */
export class Frontier {
  count = 0;
  /** Switch indices, ascending. */
  readonly at: Int32Array;
  /** Block at the dead end. */
  readonly far: Int32Array;
  /** Source that feeds the live end. */
  readonly source: Int32Array;
  /** Weight that can be added behind the switch, mW; Infinity where what follows may take none. */
  readonly reach: Float64Array;
  /** The same as the way in is reckoned, mW. */
  readonly room: Float64Array;
  /** 1 where the switch is closed. */
  readonly isClosed: Uint8Array;

  constructor(most: number) {
    this.at = int32(most);
    this.far = int32(most);
    this.source = int32(most);
    this.reach = float64(most);
    this.room = float64(most);
    this.isClosed = uint8(most);
  }

  add(at: number, far: number, source: number, room: number, closed: boolean, sure: boolean): void {
    const place = this.count++;
    this.reach[place] = sure ? room : Number.POSITIVE_INFINITY;
    this.at[place] = at;
    this.far[place] = far;
    this.source[place] = source;
    this.room[place] = room;
    this.isClosed[place] = closed ? 1 : 0;
  }
}
