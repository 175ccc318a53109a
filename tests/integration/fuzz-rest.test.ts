import { expect, test } from 'vitest';
import { fuzzFiles } from '../kit/fuzz-files.ts';
import { fuzzRest } from '../kit/fuzz-rest.ts';

// `npm run long -- fuzz-rest` and `fuzz-files` do the same with 100,000.

test('two thousand hostile requests, streams and bytes: no 5xx, a code in every refusal, and it lives', async () => {
  const result = await fuzzRest({ requests: 2_000, seed: 22 });
  expect(result.wrong).toEqual([]);
  expect(result.statuses[400]).toBeGreaterThan(50);
  expect(result.statuses[401]).toBeGreaterThan(20);
  // A body that is too long may lose its answer with the connection that is cut.
  expect(result.statuses[413]).toBeGreaterThan(0);
  expect(result.heapGrowth_MB).toBeLessThan(200);
});

test('a thousand damaged files are refused with a place, or read; none breaks the reader', () => {
  const result = fuzzFiles({ files: 1_000, seed: 23 });
  expect(result.wrong).toEqual([]);
  expect(result.refused).toBeGreaterThan(500);
});
