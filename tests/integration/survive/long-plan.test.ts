import { expect, test } from 'vitest';
import { planKillLoop } from '../../kit/plan-kill-loop.ts';
import { SEED } from '../../kit/seed.ts';

// A sample of what `npm run long -- plan-kills` does (docs/long-runs.md).

test('killed at any moment of a plan of over twenty steps: nothing lost, no step sent again, the plan halted', async () => {
  const result = await planKillLoop(2, SEED);
  expect(result.violations, `seed ${SEED}`).toEqual([]);
  expect(result.steps.every((steps) => steps >= 20)).toBe(true);
  expect(result.writes).toHaveLength(2);
});
