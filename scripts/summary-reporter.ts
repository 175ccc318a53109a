import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What one vitest group came to; `run-tests.ts` adds the groups up. */
export interface GroupSummary {
  passed: number;
  /** Failed tests, files that did not load, and errors outside any test. */
  failed: number;
  /** Each failure in a line: file, test and the first line of the error. */
  failures: string[];
  skipped: { name: string; reason: string }[];
}

function firstLine(error: unknown): string {
  const text = hasMessage(error) ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

function hasMessage(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** Counts tests with the reasons of skips, which vitest's own JSON report leaves out. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const failures = unhandledErrors.map((error) => `outside any test: ${firstLine(error)}`);
    const summary: GroupSummary = { passed: 0, failed: failures.length, failures, skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId;
      const before = summary.failed;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') {
          summary.failed++;
          failures.push(`${file} > ${test.fullName}: ${firstLine(result.errors[0])}`);
        } else {
          const reason = result.state === 'skipped' ? (result.note ?? '') : 'did not finish';
          summary.skipped.push({ name: test.fullName, reason });
        }
      }
      if (module.state() === 'failed' && summary.failed === before) {
        summary.failed++;
        failures.push(`${file}: ${firstLine(module.errors()[0])}`);
      }
    }
    const file = process.env['RELIGHT_TEST_SUMMARY'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summary));
  }
}
