import { expect, test } from 'vitest';
import { drawInEnds } from './carrying-graph.ts';

test('a lateral is drawn in at the place it hangs on, as far as its line carries it', () => {
  // 0 — 1 — 2 with a lateral 3 at 1; 0 and 2 are ways in.
  const graph = {
    first: Float64Array.of(0, 5, 0, 40),
    second: Float64Array.of(0, 0, 0, 100),
    from: Int32Array.of(0, 1, 1),
    to: Int32Array.of(1, 2, 3),
    capacity: Float64Array.of(500, 500, 60),
    kept: Uint8Array.of(1, 0, 1, 0),
  };
  expect([...drawInEnds(graph)]).toEqual([0, 0, 1]);
  expect([...graph.first]).toEqual([0, 45, 0, 0]);
  expect([...graph.second]).toEqual([0, 20, 0, 0]);
});

test('a dead end behind a dead end goes in as well, a loop stays', () => {
  const graph = {
    first: Float64Array.of(0, 1, 2, 3, 4),
    second: new Float64Array(5),
    // A loop 0 – 1 – 2 – 0 and a tail 2 – 3 – 4.
    from: Int32Array.of(0, 1, 2, 2, 3),
    to: Int32Array.of(1, 2, 0, 3, 4),
    capacity: Float64Array.of(9, 9, 9, 9, 9),
    kept: Uint8Array.of(1, 0, 0, 0, 0),
  };
  expect([...drawInEnds(graph)]).toEqual([0, 0, 0, 1, 1]);
  expect([...graph.first]).toEqual([0, 1, 9, 0, 0]);
});
