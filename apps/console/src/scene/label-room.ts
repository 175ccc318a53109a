interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const CELL = 64;
/** More cells than any screen is wide or high. */
const CELLS = 4_096;

/** Remembers where something already stands, so that words are left out rather than overprinted. */
export class LabelRoom {
  readonly #cells = new Map<number, Box[]>();

  #each(box: Box, visit: (cell: Box[]) => void): void {
    for (let i = Math.floor(box.x0 / CELL); i <= Math.floor(box.x1 / CELL); i += 1)
      for (let j = Math.floor(box.y0 / CELL); j <= Math.floor(box.y1 / CELL); j += 1) {
        const key = i * CELLS + j;
        let cell = this.#cells.get(key);
        if (cell === undefined) this.#cells.set(key, (cell = []));
        visit(cell);
      }
  }

  isFree(box: Box): boolean {
    let free = true;
    this.#each(box, (cell) => {
      for (const other of cell)
        if (box.x0 < other.x1 && other.x0 < box.x1 && box.y0 < other.y1 && other.y0 < box.y1)
          free = false;
    });
    return free;
  }

  take(box: Box): void {
    this.#each(box, (cell) => cell.push(box));
  }

  /** Takes the room if it is free. */
  claim(box: Box): boolean {
    if (!this.isFree(box)) return false;
    this.take(box);
    return true;
  }
}
