/** Sections of a tree, parents before their children. */
export interface SectionTree {
  /** Place of the parent, −1 at the root. */
  readonly parent: readonly number[];
  readonly probability: readonly number[];
}

/** Table cells the exact search may fill; beyond them the caller keeps what it has. */
const MOST_CELLS = 4_000_000;
/** Sums of probabilities closer than this are equal. */
const EQUAL = 1e-12;

/**
 * The smallest connected set of places with the wanted probability; among equally small ones the
 * most probable. A knapsack on the tree: for each place and each size the most that a connected
 * set with that place at its top can hold. Cost: places × `most` in memory, × `most` in time at
 * worst.
 * @param most - size of a set known to do.
 * @returns places, ascending; null where no smaller set than `most` does, or the table is too big.
 */
export function smallestSet(
  { parent, probability }: SectionTree,
  wanted: number,
  most: number,
): readonly number[] | null {
  const count = parent.length;
  if (count * most > MOST_CELLS) return null;
  // held[place][size − 1]; taken[place][child] = size given to the child, by size.
  const held: Float64Array[] = probability.map((own) => Float64Array.of(own));
  const taken: { readonly child: number; readonly share: Int32Array }[][] = probability.map(
    () => [],
  );
  for (let place = count - 1; place > 0; place--) {
    const above = parent[place]!;
    const one = held[above]!;
    const other = held[place]!;
    const size = Math.min(most, one.length + other.length);
    const both = new Float64Array(size).fill(-1);
    const share = new Int32Array(size);
    for (let at = 0; at < one.length; at++) {
      for (let more = 0; more <= other.length && at + more < size; more++) {
        const sum = one[at]! + (more === 0 ? 0 : other[more - 1]!);
        if (sum > both[at + more]! + EQUAL) {
          both[at + more] = sum;
          share[at + more] = more;
        }
      }
    }
    held[above] = both;
    taken[above]!.push({ child: place, share });
  }
  let best: { readonly place: number; readonly size: number } | null = null;
  for (let place = 0; place < count; place++) {
    const size = 1 + held[place]!.findIndex((sum) => sum >= wanted);
    if (size === 0 || size > most) continue;
    const better =
      best === null ||
      size < best.size ||
      (size === best.size && held[place]![size - 1]! > held[best.place]![size - 1]! + EQUAL);
    if (better) best = { place, size };
  }
  if (best === null) return null;
  const chosen: number[] = [];
  const collect = [best];
  for (const { place, size } of collect) {
    chosen.push(place);
    let left = size;
    for (const { child, share } of taken[place]!.toReversed()) {
      const given = share[left - 1]!;
      if (given > 0) collect.push({ place: child, size: given });
      left -= given;
    }
  }
  return chosen.sort((a, b) => a - b);
}
