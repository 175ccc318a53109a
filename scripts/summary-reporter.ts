import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What one vitest group came to; `run-tests.ts` adds the groups up. */
export interface GroupSummary {
  passed: number;
  /** Failed tests, files that did not load, and errors outside any test. */
  failed: number;
  /** Each failure in a line: file, test and the first line of the error. */
  failures: string[];
  /** Tests that passed on their second try, in the same words; counted as passed. */
  secondTries: string[];
  skipped: { name: string; reason: string }[];
}

/** The first line of an error, and of what caused it. */
function firstLine(error: unknown): string {
  const text = hasMessage(error) ? error.message : String(error);
  const line = text.split('\n', 1)[0] ?? '';
  return hasMessage(error) && hasMessage(error.cause)
    ? `${line} (${firstLine(error.cause)})`
    : line;
}

function hasMessage(
  error: unknown,
): error is { readonly message: string; readonly cause?: unknown } {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** Counts tests with the reasons of skips, which vitest's own JSON report leaves out. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const failures = unhandledErrors.map((error) => `outside any test: ${firstLine(error)}`);
    const summary: GroupSummary = {
      passed: 0,
      failed: failures.length,
      failures,
      secondTries: [],
      skipped: [],
    };
    const fail = (line: string): void => {
      summary.failed++;
      failures.push(line);
    };
    for (const module of modules) {
      const file = module.relativeModuleId;
      const before = summary.failed;
      for (const test of module.children.allTests()) {
        const result = test.result();
        const line = (error: unknown): string => `${file} > ${test.fullName}: ${firstLine(error)}`;
        switch (result.state) {
          case 'passed':
            summary.passed++;
            if (test.diagnostic()?.flaky === true) {
              summary.secondTries.push(line(result.errors?.[0]));
            }
            break;
          case 'failed':
            fail(line(result.errors[0]));
            break;
          case 'skipped':
            summary.skipped.push({ name: test.fullName, reason: result.note ?? '' });
            break;
          default:
            // Its worker died under it, or was stopped.
            fail(line('did not finish'));
        }
      }
      if (module.state() === 'failed' && summary.failed === before) {
        fail(`${file}: ${firstLine(module.errors()[0])}`);
      }
    }
    const file = process.env['RELIGHT_TEST_SUMMARY'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summary));
  }
}
