import { expect, test } from 'vitest';
import { float64, int32, uint8 } from './columns.ts';

test('columns are all 0 and have no memory in common, whatever their sizes', () => {
  const sizes = Array.from({ length: 400 }, (_, k) => (k * 37) % 700);
  const columns = sizes.map((size, k) => [uint8, int32, float64][k % 3]!(size));
  for (const [k, column] of columns.entries()) {
    expect(column.length).toBe(sizes[k]);
    expect(column.every((value) => value === 0)).toBe(true);
    column.fill((k % 250) + 1);
  }
  for (const [k, column] of columns.entries()) {
    expect(column.every((value) => value === (k % 250) + 1)).toBe(true);
  }
});
