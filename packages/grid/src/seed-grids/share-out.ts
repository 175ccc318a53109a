import type { RandomStream } from '@relight/foundation';

/**
 * Shares a whole number out by weight with some chance: parts in the order of the weights, their
 * sum exact.
 */
export function shareOut(
  total: number,
  weights: readonly number[],
  random: RandomStream,
): readonly number[] {
  const drawn = weights.map((weight) => weight * random.between(0.75, 1.25));
  const all = drawn.reduce((sum, weight) => sum + weight, 0);
  const parts = drawn.map((weight, at) => {
    const exact = all === 0 ? 0 : (total * weight) / all;
    return { at, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = all === 0 ? 0 : total - parts.reduce((sum, part) => sum + part.whole, 0);
  for (const part of parts.toSorted((a, b) => b.rest - a.rest || a.at - b.at)) {
    if (left === 0) break;
    part.whole += 1;
    left -= 1;
  }
  return parts.map((part) => part.whole);
}
