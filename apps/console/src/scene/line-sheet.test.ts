import type { DiagramPath } from '@relight/diagram';
import { expect, test } from 'vitest';
import { lineSheet } from './line-sheet.ts';

const path = (id: string, kV: number, points: readonly number[]): DiagramPath => ({
  id,
  kind: 'line',
  node: id,
  nominalVoltage_kV: kV,
  lateral: false,
  points,
});

test('every path keeps its points and shares its pen with those drawn alike', () => {
  const paths = [path('a', 22, [0, 0, 10, 0]), path('b', 110, [1, 2]), path('c', 22, [5, 5, 5, 9])];
  const { count, starts, points, penOf, pens } = lineSheet(paths);
  expect(count).toBe(3);
  paths.forEach((each, i) =>
    expect([...points.subarray(starts[i], starts[i + 1])]).toEqual(each.points),
  );
  expect(penOf[0]).toBe(penOf[2]);
  expect(pens.map((pen) => pen.nominalVoltage_kV)).toEqual([22, 110]);
});
