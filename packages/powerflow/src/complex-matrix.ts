/** A square complex matrix, row by row, factored in place by Gaussian elimination. */
export interface FactoredMatrix {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Row that was swapped into each place, in order of elimination. */
  readonly swaps: Int32Array;
}

/** A pivot this much smaller than the largest entry is rounding noise: the matrix is singular. */
const SMALLEST_PIVOT_SHARE = 1e-12;

/**
 * LU factors with partial pivoting, written over `re` and `im`.
 * @returns null where the matrix is singular.
 */
export function factor(size: number, re: Float64Array, im: Float64Array): FactoredMatrix | null {
  const swaps = new Int32Array(size);
  let largest = 0;
  for (let at = 0; at < size * size; at++) largest = Math.max(largest, square(re[at]!, im[at]!));
  const smallestPivot = largest * SMALLEST_PIVOT_SHARE * SMALLEST_PIVOT_SHARE;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      const here = row * size + column;
      const best = pivot * size + column;
      if (square(re[here]!, im[here]!) > square(re[best]!, im[best]!)) pivot = row;
    }
    swaps[column] = pivot;
    if (pivot !== column) {
      swapRows(size, re, pivot, column);
      swapRows(size, im, pivot, column);
    }
    const diagonal = column * size + column;
    const weight = square(re[diagonal]!, im[diagonal]!);
    if (!(weight > smallestPivot)) return null;
    for (let row = column + 1; row < size; row++) {
      eliminate(size, re, im, row, column, weight);
    }
  }
  return { size, re, im, swaps };
}

/** Solves A x = b in place of b. */
export function solveFactored(
  { size, re, im, swaps }: FactoredMatrix,
  bRe: Float64Array,
  bIm: Float64Array,
): void {
  for (let row = 0; row < size; row++) {
    const other = swaps[row]!;
    if (other === row) continue;
    [bRe[row], bRe[other]] = [bRe[other]!, bRe[row]!];
    [bIm[row], bIm[other]] = [bIm[other]!, bIm[row]!];
  }
  for (let row = 0; row < size; row++) subtractRow(size, re, im, bRe, bIm, row, 0, row);
  for (let row = size - 1; row >= 0; row--) {
    subtractRow(size, re, im, bRe, bIm, row, row + 1, size);
    const diagonal = row * size + row;
    const weight = square(re[diagonal]!, im[diagonal]!);
    const quotientRe = (bRe[row]! * re[diagonal]! + bIm[row]! * im[diagonal]!) / weight;
    bIm[row] = (bIm[row]! * re[diagonal]! - bRe[row]! * im[diagonal]!) / weight;
    bRe[row] = quotientRe;
  }
}

function square(re: number, im: number): number {
  return re * re + im * im;
}

function swapRows(size: number, values: Float64Array, one: number, other: number): void {
  for (let column = 0; column < size; column++) {
    const held = values[one * size + column]!;
    values[one * size + column] = values[other * size + column]!;
    values[other * size + column] = held;
  }
}

function eliminate(
  size: number,
  re: Float64Array,
  im: Float64Array,
  row: number,
  column: number,
  weight: number,
): void {
  const at = row * size + column;
  const diagonal = column * size + column;
  const factorRe = (re[at]! * re[diagonal]! + im[at]! * im[diagonal]!) / weight;
  const factorIm = (im[at]! * re[diagonal]! - re[at]! * im[diagonal]!) / weight;
  re[at] = factorRe;
  im[at] = factorIm;
  for (let next = column + 1; next < size; next++) {
    const here = row * size + next;
    const above = column * size + next;
    const aboveRe = re[above]!;
    const aboveIm = im[above]!;
    re[here]! -= factorRe * aboveRe - factorIm * aboveIm;
    im[here]! -= factorRe * aboveIm + factorIm * aboveRe;
  }
}

/** b[row] −= Σ A[row, column] · b[column] for first ≤ column < end. */
function subtractRow(
  size: number,
  re: Float64Array,
  im: Float64Array,
  bRe: Float64Array,
  bIm: Float64Array,
  row: number,
  first: number,
  end: number,
): void {
  let sumRe = bRe[row]!;
  let sumIm = bIm[row]!;
  for (let column = first; column < end; column++) {
    const at = row * size + column;
    sumRe -= re[at]! * bRe[column]! - im[at]! * bIm[column]!;
    sumIm -= re[at]! * bIm[column]! + im[at]! * bRe[column]!;
  }
  bRe[row] = sumRe;
  bIm[row] = sumIm;
}
