import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestSet, type SectionTree } from './smallest-set.ts';

test('two likely neighbours are isolated without the likely one far away', () => {
  const chain = { parent: [-1, 0, 1, 2], probability: [0.4, 0.1, 0.1, 0.4] };
  expect(smallestSet(chain, 0.5, 4)).toEqual([0, 1]);
  expect(smallestSet(chain, 0.9, 4)).toEqual([0, 1, 2, 3]);
  const fork = { parent: [-1, 0, 0, 0], probability: [0.05, 0.45, 0.05, 0.45] };
  expect(smallestSet(fork, 0.95, 4)).toEqual([0, 1, 3]);
});

test('where nothing smaller than what is known will do there is no answer', () => {
  expect(smallestSet({ parent: [-1, 0], probability: [0.5, 0.5] }, 0.9, 1)).toBeNull();
});

/** Tries every set of places. */
function byTrying({ parent, probability }: SectionTree, wanted: number) {
  let best: { size: number; sum: number } | null = null;
  for (let set = 1; set < 1 << parent.length; set++) {
    const inside = parent.flatMap((_, place) => (set & (1 << place) ? [place] : []));
    const tops = inside.filter((place) => !inside.includes(parent[place]!));
    if (tops.length !== 1) continue;
    const sum = inside.reduce((total, place) => total + probability[place]!, 0);
    if (sum < wanted) continue;
    const better =
      best === null || inside.length < best.size || (inside.length === best.size && sum > best.sum);
    if (better) best = { size: inside.length, sum };
  }
  return best;
}

test('on any tree no connected set is smaller, and none as small holds more', () => {
  const trees = fc
    .array(fc.record({ up: fc.nat(), weight: fc.integer({ min: 1, max: 100 }) }), {
      minLength: 1,
      maxLength: 9,
    })
    .map((places): SectionTree => {
      const all = places.reduce((sum, { weight }) => sum + weight, 0);
      return {
        parent: places.map(({ up }, place) => (place === 0 ? -1 : up % place)),
        probability: places.map(({ weight }) => weight / all),
      };
    });
  fc.assert(
    fc.property(trees, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (tree, wanted) => {
      const found = smallestSet(tree, wanted, tree.parent.length) ?? [];
      const sum = found.reduce((total, place) => total + tree.probability[place]!, 0);
      const best = byTrying(tree, wanted);
      expect(found.length).toBe(best?.size);
      expect(sum).toBeCloseTo(best?.sum ?? 0, 9);
    }),
  );
});
