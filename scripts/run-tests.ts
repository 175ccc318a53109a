/**
 * Runs every check and every test group, never stopping at the first that fails, and closes
 * with one line: `N passed, N failed`, and `, N skipped` where tests gave a reason to skip.
 *
 *   npm test                    everything
 *   npm test -- checks unit     only these groups
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupSummary } from './summary-reporter.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const results = join(root, 'test-results');

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const CHECKS: readonly Check[] = [
  { name: 'types of the core', command: ['tsc', '-p', 'tsconfig.core.json'] },
  { name: 'types of the processes and tests', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the console', command: ['tsc', '-p', 'apps/console/tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'unused code', command: ['knip'] },
  { name: 'package boundaries', command: ['turbo', 'boundaries'] },
];

/** Vitest projects in order, with the minutes each may take before it counts as hanging. */
const GROUPS: readonly { readonly name: string; readonly limit_min: number }[] = [
  { name: 'unit', limit_min: 12 },
  { name: 'property', limit_min: 12 },
  { name: 'integration', limit_min: 24 },
  { name: 'e2e', limit_min: 20 },
];

/** Runs a program of node_modules/.bin with our own output; resolves with its exit code. */
function run(
  [program, ...args]: readonly [string, ...string[]],
  environment: Record<string, string>,
  limit_min: number,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(join(bin, program), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...environment },
      timeout: limit_min * 60_000,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') console.error(`${program} was stopped after ${limit_min} minutes`);
      resolve(code ?? 1);
    });
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
/** Every failure in a line; told again at the end, where a reader of a long log looks first. */
const failures: string[] = [];
/** Tests that failed first and then passed (decision 66): told at the end as well, never hidden. */
const secondTries: string[] = [];

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 60 - text.length))}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

async function runChecks(): Promise<void> {
  for (const check of CHECKS) {
    heading(check.name);
    const start = performance.now();
    const code = await run(check.command, {}, 4);
    if (code === 0) total.passed++;
    else {
      total.failed++;
      failures.push(check.name);
    }
    console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${check.name} (${seconds(start)})`);
  }
}

async function runGroup(name: string, limit_min: number): Promise<void> {
  heading(`${name} tests`);
  const start = performance.now();
  const file = join(results, `${name}.json`);
  const command = ['vitest', 'run', '--project', name, '--passWithNoTests'] as const;
  const reporters = ['--reporter', 'default', '--reporter', './scripts/summary-reporter.ts'];
  const code = await run([...command, ...reporters], { RELIGHT_TEST_SUMMARY: file }, limit_min);
  const summary = readSummary(file);
  let { failed } = summary;
  failures.push(...summary.failures);
  secondTries.push(...summary.secondTries);
  for (const { name: test, reason } of summary.skipped) {
    if (reason === '') {
      failed++;
      failures.push(`${test}: skipped without a reason`);
    } else {
      total.skipped++;
      console.log(`skipped  ${test}: ${reason}`);
    }
  }
  // A group that ends badly without naming a failed test must not look green.
  if (code !== 0 && failed === 0) {
    failed = 1;
    failures.push(`${name} tests: ended with exit code ${code}`);
  }
  total.passed += summary.passed;
  total.failed += failed;
  console.log(`${failed === 0 ? 'ok' : 'FAILED'}  ${name} tests (${seconds(start)})`);
}

function readSummary(file: string): GroupSummary {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as GroupSummary;
  } catch {
    const failures = [`${file}: not written, the group broke off`];
    return { passed: 0, failed: 1, failures, secondTries: [], skipped: [] };
  }
}

const wanted = process.argv.slice(2);
const known = ['checks', ...GROUPS.map((group) => group.name)];
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown group ${unknown.join(', ')}; there are: ${known.join(', ')}.`);
  process.exit(2);
}
const chosen = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
if (chosen('checks')) await runChecks();
for (const { name, limit_min } of GROUPS) {
  if (chosen(name)) await runGroup(name, limit_min);
}
heading('result');
for (const test of secondTries) console.log(`passed on the second try  ${test}`);
for (const failure of failures) console.log(`FAILED  ${failure}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
