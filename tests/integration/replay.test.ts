import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relight, relightJson } from './run-relight.ts';

interface ReplayDocument {
  readonly inputs: number;
  readonly decisions: number;
  readonly hash: string;
  readonly same: boolean;
  readonly torn: boolean;
  readonly differences: { readonly journal: unknown; readonly compare: unknown };
  readonly plans: readonly unknown[];
}

const folder = mkdtempSync(join(tmpdir(), 'relight-replay-'));
const journal = join(folder, 'journal');

function inputLog(): string {
  const name = readdirSync(journal).find((file) => file.startsWith('input-'));
  return join(journal, name ?? 'no input log');
}

beforeAll(async () => {
  const run = await relight('demo', '--speed', '20', '--seed', '3', '--journal', folder);
  expect(run.code, run.stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the input log of a demo, folded again in another process, yields the same decisions byte for byte', async () => {
  const first = await relightJson<ReplayDocument>('replay', folder);
  expect(first.code, first.stderr).toBe(0);
  expect(first.document).toMatchObject({ same: true, torn: false, differences: { journal: null } });
  expect(first.document.inputs).toBeGreaterThan(100);
  expect(first.document.decisions).toBeGreaterThan(5);
  expect(first.document.plans.length).toBeGreaterThan(0);
  const second = await relightJson<ReplayDocument>('replay', inputLog());
  expect(second.document.hash).toBe(first.document.hash);
});

test('two logs are compared to the first decision that differs', async () => {
  // The same log without the last reading of one switch: something is decided differently.
  const lines = readFileSync(inputLog(), 'utf8').trimEnd().split('\n');
  const cut = join(folder, 'journal', 'cut.jsonl');
  const half = lines.slice(0, Math.ceil(lines.length / 2));
  writeFileSync(cut, `${half.join('\n')}\n`);
  const { code, document } = await relightJson<ReplayDocument>(
    'replay',
    inputLog(),
    '--compare',
    cut,
  );
  expect({ code, same: document.same }).toEqual({ code: 1, same: false });
  expect(document.differences.compare).toMatchObject({ there: null });
});

test('a log is refused with the grid of another run, and where a line is damaged', async () => {
  const other = await relight('replay', inputLog(), '--grid', 'cigre_mv');
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('is not the grid this log was recorded with');
  const lines = readFileSync(inputLog(), 'utf8').trimEnd().split('\n');
  lines.splice(10, 1);
  const damaged = join(folder, 'journal', 'damaged.jsonl');
  writeFileSync(damaged, `${lines.join('\n')}\n`);
  const refused = await relight('replay', damaged);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('line 11');
});
