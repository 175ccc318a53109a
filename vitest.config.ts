import { defineConfig } from 'vitest/config';

/** A group on real sockets or in a browser: one file at a time, and a second try (decision 66). */
const REAL = { maxWorkers: 1, fileParallelism: false, retry: 1 };

const group = (name: string, include: string[], timeout_ms: number, more?: typeof REAL) => ({
  test: {
    name,
    include,
    setupFiles: ['tests/kit/seed.ts'],
    testTimeout: timeout_ms,
    hookTimeout: timeout_ms,
    // The default of one second is a race on a busy machine; a test waits for the state it asks for.
    expect: { poll: { timeout: timeout_ms / 2 } },
    ...more,
  },
});

/** Each group has its share of the 40 minutes of a full run; see CONTRIBUTING.md. */
export default defineConfig({
  test: {
    // `npm run coverage`: what may let a close pass. The floors only go up.
    coverage: {
      provider: 'v8',
      reporter: ['text'],
      include: [
        'packages/operations/src/interlocks/*.ts',
        'packages/operations/src/{gates,emergency-gates,recall-orders,held-replies}.ts',
        'packages/monitor/src/*.ts',
      ],
      exclude: ['**/*.test.ts', '**/index.ts'],
      thresholds: {
        'packages/operations/src/interlocks/*.ts': {
          statements: 100,
          functions: 100,
          lines: 100,
          branches: 100,
        },
        'packages/monitor/src/*.ts': { statements: 96, branches: 90 },
      },
    },
    projects: [
      group(
        'unit',
        ['packages/*/src/**/*.test.ts', 'simulators/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
        60_000,
      ),
      group('property', ['tests/property/**/*.test.ts', 'tests/regressions/**/*.test.ts'], 120_000),
      group('integration', ['tests/integration/**/*.test.ts'], 240_000, REAL),
      group('e2e', ['tests/e2e/**/*.test.ts'], 240_000, REAL),
    ],
  },
});
