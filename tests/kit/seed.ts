import * as fc from 'fast-check';

/**
 * Seed of all that is drawn in a test run: the same in every run of `npm test`, so that a change is
 * judged by what it changes; RELIGHT_SEED sets another, and `npm run long` counts new ones up.
 */
export const SEED = Number(process.env['RELIGHT_SEED'] ?? 20_261_122);

// Loaded before every test file (vitest.config.ts); fast-check prints the seed where a law breaks.
fc.configureGlobal({ seed: SEED });
