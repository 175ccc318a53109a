import { expect, test } from 'vitest';
import { KeptMeasures } from './kept-measures.ts';

test('a tree that is cut back to a mark has the figures that it had there, the last kept first', () => {
  const room = Float64Array.of(10, 20, 30, 0);
  const voltage2 = Float64Array.of(1, 0.9, 0.8, 0);
  const kept = new KeptMeasures([room, voltage2]);
  expect(kept.lastMark).toBe(-1);

  kept.keep(2, 7, 100, [0, 1]);
  room.set([8, 18, 28]);
  kept.keep(3, 7, 80, [0, 1, 2]);
  room.fill(0);
  voltage2.fill(0);

  expect([kept.lastMark, kept.lastSource]).toEqual([3, 7]);
  expect(kept.giveBack([0, 1, 2])).toBe(80);
  expect([...room]).toEqual([8, 18, 28, 0]);
  expect([...voltage2]).toEqual([1, 0.9, 0.8, 0]);

  expect(kept.giveBack([0, 1])).toBe(100);
  expect([...room]).toEqual([10, 20, 28, 0]);
  expect(kept.lastMark).toBe(-1);
});
