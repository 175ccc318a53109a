import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** Paths a document names: relative links, and paths in backticks that begin at the root. */
function namedPaths(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) =>
    join(dirname(document), link),
  );
  const roots = 'packages|apps|simulators|tests|docs|examples|scripts|seeds';
  const paths = [...text.matchAll(new RegExp(`\`((?:${roots})/[\\w./-]+)\``, 'g'))];
  return [...links, ...paths.map(([, path = '']) => path)];
}

test.each(
  globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'seeds/**/*.md'], { cwd: ROOT }).toSorted(),
)('every file that %s names exists', (document) => {
  const missing = namedPaths(document).filter((path) => !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});
