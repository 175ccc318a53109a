import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

function example(path: string, ...args: readonly string[]) {
  const file = join(ROOT, 'examples', path);
  const [program, words] = path.endsWith('.ts')
    ? [process.execPath, [file, ...args]]
    : [file, [...args]];
  return run(program, words, { cwd: ROOT });
}

test('the engine as a library plans for every section of a feeder', async () => {
  const { stdout } = await example('plan-from-a-program/plan-every-fault.ts', 'F474');
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe('474.L01  3255 out, 2622 back, 0 healthy and dark');
});

test('field reports become a plan: the fault is found between 473-39 and 473-57', async () => {
  const { stdout } = await example('evidence-to-plan/plan.sh', '--json');
  const plan = JSON.parse(stdout) as {
    fault: { isolated: string[]; candidates: { probability: number }[] };
    tripped: string[];
    steps: { action: string; switch: string }[];
  };
  expect(plan.tripped).toEqual(['473-39']);
  expect(plan.fault.isolated).toEqual(expect.arrayContaining(['473.L05', '473.L06']));
  expect(plan.fault.isolated).not.toContain('473.L07');
  expect(plan.fault.candidates[0]?.probability).toBeGreaterThan(0.9);
  expect(plan.steps.map(({ action, switch: id }) => `${action} ${id}`)).toEqual([
    'open 473-57',
    'close 473-481-95',
  ]);
});

test('another master station reads every field switch of the simulated town', async () => {
  const { stdout } = await example('another-master/read-positions.ts');
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(50);
  expect(lines).toContain('473-57       closed');
  expect(lines).toContain('473-481-95   open');
});
