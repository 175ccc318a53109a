import { expect, test } from 'vitest';
import { SEED } from '../../kit/seed.ts';
import { cutLoop, killLoop } from '../../kit/survive-loops.ts';

// A sample of what `npm run long -- cuts` and `kills` do hundreds of times (docs/long-runs.md).

test('a wire cut at any byte around a write: at most one write, and what is said of it is true', async () => {
  const result = await cutLoop(5, SEED);
  expect(result.violations, `seed ${SEED}`).toEqual([]);
  expect(result.hits).toBeGreaterThanOrEqual(5);
});

test('killed at any moment around a write or a tag: nothing twice, nothing lost, nothing untrue', async () => {
  const result = await killLoop(5, SEED);
  expect(result.violations, `seed ${SEED}`).toEqual([]);
  expect(result.runs).toBe(5);
});
