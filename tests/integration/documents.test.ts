import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@relight/contract';
import { expect, test } from 'vitest';
import { generatedDocuments } from '../../scripts/generate-docs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = '{packages,apps,simulators,scripts}/**/*.{ts,tsx,mjs}';

function sourceFiles(): string[] {
  return globSync(SOURCES, {
    cwd: ROOT,
    exclude: ['**/node_modules/**', '**/dist/**'],
  });
}

test.each(generatedDocuments().map(({ path, content }) => [path, content]))(
  '%s says what the code says (npm run docs writes it)',
  (path, content) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
  },
);

test('every error code in the code stands in the table, so docs/errors.md misses none', () => {
  const known = new Set(Object.keys(ERROR_CODES));
  const unknown = sourceFiles().flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bRL-\d{3}\b/g)]
      .filter(([code]) => !known.has(code))
      .map(([code]) => `${file}: ${code}`),
  );
  expect(unknown).toEqual([]);
});

test('every error code in the table can really be met: some code raises it', () => {
  const used = new Set(
    sourceFiles()
      .filter((file) => !file.endsWith('error-codes.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bRL-\d{3}\b/g)])
      .map(([code]) => code),
  );
  expect(Object.keys(ERROR_CODES).filter((code) => !used.has(code))).toEqual([]);
});
