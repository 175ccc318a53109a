import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What one vitest group came to; `run-tests.ts` adds the groups up. */
export interface GroupSummary {
  passed: number;
  /** Failed tests, files that did not load, and errors outside any test. */
  failed: number;
  skipped: { name: string; reason: string }[];
}

/** Counts tests with the reasons of skips, which vitest's own JSON report leaves out. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const summary: GroupSummary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      const before = summary.failed;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed++;
        else {
          const reason = result.state === 'skipped' ? (result.note ?? '') : 'did not finish';
          summary.skipped.push({ name: test.fullName, reason });
        }
      }
      if (module.state() === 'failed' && summary.failed === before) summary.failed++;
    }
    const file = process.env['RELIGHT_TEST_SUMMARY'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summary));
  }
}
