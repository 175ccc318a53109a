import { expect, test } from 'vitest';
import { openingsOffHazards } from './openings-off-hazards.ts';

/** Places `a` to `f` in a row of closed switches, each neighbour of the next, as the pairs say. */
function openings(pairs: readonly string[], hazards: string, needed: string): number {
  const places = [...new Set(pairs.join(''))].sort();
  const index = (place: string): number => places.indexOf(place);
  const isHazard = (at: number): boolean => hazards.includes(places[at]!);
  return openingsOffHazards(
    places.map((_, at) => at).filter((at) => !isHazard(at)),
    {
      closedAt: (at) =>
        pairs.flatMap((pair) => {
          const [one, other] = [index(pair[0]!), index(pair[1]!)];
          return one === at ? [other] : other === at ? [one] : [];
        }),
      isHazard,
      isDead: (at) => !isHazard(at),
      isNeeded: (at) => needed.includes(places[at]!),
    },
  );
}

test('a loaded section next to the fault costs one opening for each switch between them', () => {
  expect(openings(['ab'], 'a', 'b')).toBe(1);
  expect(openings(['ab', 'bc'], 'ac', 'b')).toBe(2);
});

test('an empty busbar between the fault and loaded feeders costs one opening, on either side', () => {
  expect(openings(['ab', 'bc', 'bd'], 'a', 'cd')).toBe(1);
});

test('two empty clusters between the fault and the load cost an opening each', () => {
  expect(openings(['ab', 'bc', 'ad', 'dc'], 'a', 'c')).toBe(2);
});

test('what nobody needs may stay with the fault', () => {
  expect(openings(['ab', 'bc'], 'a', '')).toBe(0);
});
