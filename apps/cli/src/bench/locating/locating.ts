import { DEFAULT_CORE_CONFIGURATION as rates } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { sampleRepeatedly, type Bench } from '../bench.ts';
import { doubtfulEvidence, drawFault } from './doubtful-evidence.ts';
import { calibrate, countRanks, locateOn, trialFeeder } from './trials.ts';

const FEEDERS = 400;
const FAULTS = 20_000;
const SAMPLES = 2_000;
const WARMUP = 200;

/** How often locating is right, on random feeders, with and without errors in the evidence. */
export const benchLocating: Bench = async (options, report) => {
  const timing = new RandomStream(options.seed, 'timing');
  const once = (): (() => void) => {
    const feeder = trialFeeder(timing, true);
    const evidence = doubtfulEvidence(feeder, drawFault(feeder, timing), timing, rates);
    return () => void locateOn(feeder, evidence, rates);
  };
  const cases = Array.from({ length: 100 }, once);
  const locate = (turn: number): void => cases[turn % cases.length]!();
  sampleRepeatedly({ ...options, samples: null }, WARMUP, locate);
  const samples_ms = sampleRepeatedly(options, SAMPLES, locate);
  const ranks = countRanks(FEEDERS, new RandomStream(options.seed, 'feeders'), rates);
  const calibration = calibrate(
    FAULTS,
    new RandomStream(options.seed, 'errors'),
    rates,
    () => performance.now() < options.deadline,
  );
  const figures: Record<string, number> = {
    faultsAllRight: ranks.faults,
    allRightNotFirst: ranks.rightNotFirst,
    oneMissing: ranks.missing,
    oneMissingNotWithinTwo: ranks.missingNotWithinTwo,
    oneMissingNotFirst: ranks.missingNotFirst,
    oneSilent: ranks.silent,
    oneSilentNotFirst: ranks.silentNotFirst,
    lastSilent: ranks.silentLast,
    lastSilentNotWithinTwo: ranks.silentLastNotWithinTwo,
    faultsWithErrors: calibration.faults,
    heldShare: calibration.held / Math.max(1, calibration.faults),
    meanIsolatedSections: calibration.isolated / Math.max(1, calibration.faults),
  };
  calibration.deciles.forEach(({ said, true: right, count }, at) => {
    if (count === 0) return;
    const name = `decile${at * 10}to${at * 10 + 10}`;
    figures[`${name}_said`] = said / count;
    figures[`${name}_true`] = right / count;
    figures[`${name}_count`] = count;
  });
  report({
    workload: `${ranks.faults} faults on ${FEEDERS} random feeders, each indicator amiss in turn; ${calibration.faults} faults with errors at the configured rates`,
    warmup: WARMUP,
    samples_ms,
    ratios: {},
    figures,
    goals: [
      { what: 'all indicators right: not first, faults', goal: 0, of: 'allRightNotFirst' },
      {
        what: 'any one missing: not within the first two, faults',
        goal: 0,
        of: 'oneMissingNotWithinTwo',
      },
      { what: 'one missing elsewhere: not first, faults', goal: 0, of: 'oneMissingNotFirst' },
      { what: 'one silent on the way: not first, faults', goal: 0, of: 'oneSilentNotFirst' },
      { what: 'the isolated set holds the fault', goal: 0.95, of: 'heldShare', atLeast: true },
    ],
  });
};
