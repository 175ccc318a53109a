import { DEFAULT_CORE_CONFIGURATION as rates } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { expect, test } from 'vitest';
import {
  calibrate,
  countRanks,
  describeDeciles,
} from '../../apps/cli/src/bench/locating/trials.ts';
import { runs } from '../kit/random-grid.ts';
import { SEED as seed } from '../kit/seed.ts';

test('on any feeder the faulted section ranks first, and within the first two where an indicator is missing', () => {
  const count = countRanks(runs(60).numRuns, new RandomStream(seed, 'feeders'), rates);
  console.log(`seed ${seed}`, count);
  expect(count.missing).toBeGreaterThan(1000);
  expect(count).toMatchObject({
    // All indicators right.
    rightNotFirst: 0,
    // One says nothing: first, unless it alone tells the section from a neighbour.
    missingNotWithinTwo: 0,
    missingNotFirst: 0,
    // One in the midst of the way says "not passed": overruled by those behind it.
    silentNotFirst: 0,
  });
});

test('with errors at their rates the isolated set holds the fault in 95 %, and probabilities are what they say', () => {
  const found = calibrate(runs(1500).numRuns, new RandomStream(seed, 'errors'), rates);
  const share = found.held / found.faults;
  console.log(
    [
      `seed ${seed}: ${found.faults} faults, held ${(100 * share).toFixed(2)} %`,
      ...describeDeciles(found),
    ].join('\n'),
  );
  expect(share).toBeGreaterThanOrEqual(0.95);
  for (const each of found.deciles) {
    // Three and a half standard errors of what was counted, and a little for the shape of the errors.
    const said = each.said / Math.max(1, each.count);
    const error = Math.sqrt((said * (1 - said)) / Math.max(1, each.count));
    expect(Math.abs(each.true / Math.max(1, each.count) - said)).toBeLessThan(3.5 * error + 0.02);
  }
});
