import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const SHORT: readonly (readonly [string, string])[] = [
  ['op/', 'packages/operations/src/'],
  ['fl/', 'packages/flisr/src/'],
];

/** Tests named in the tables: file, and title or null where the whole file is meant. */
function namedTests(): readonly (readonly [string, string | null])[] {
  const page = readFileSync(new URL('docs/methods/rules-and-tests.md', ROOT), 'utf8');
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.test.ts`'))
    .map((line) => line.slice(0, -2).split(' | ').at(-1) ?? '');
  return cells.flatMap((cell) =>
    cell.split(/; (?=`)/).map((one) => {
      const [, short = '', title] = /^`([^`]+)`(?:: (.+)| whole)$/.exec(one.trim()) ?? [];
      const [from, to] = SHORT.find(([start]) => short.startsWith(start)) ?? ['', ''];
      return [to + short.slice(from.length), title ?? null] as const;
    }),
  );
}

test('every test that the page of rules names exists, in the file it names', () => {
  const named = namedTests();
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter(([file, title]) => {
    const text = readFileSync(new URL(file, ROOT), 'utf8');
    return title !== null && !text.includes(`'${title}'`);
  });
  expect(missing).toEqual([]);
});

/** Pages that lead a reader through the code. */
const PAGES = [
  'ARCHITECTURE.md',
  'docs/command-safety.md',
  'docs/benchmarks.md',
  'docs/methods/*.md',
];

test('every source file that a page names is there', () => {
  const cwd = fileURLToPath(ROOT);
  const sources = globSync('{apps,packages,simulators,tests,scripts}/**/*.ts', {
    cwd,
    exclude: (path) => path.endsWith('node_modules'),
  }).map((path) => `/${path}`);
  // A page on one package names its files from there.
  const isThere = (named: string): boolean => sources.some((path) => path.endsWith(`/${named}`));
  const named = PAGES.flatMap((pages) => globSync(pages, { cwd })).flatMap((page) =>
    [...readFileSync(new URL(page, ROOT), 'utf8').matchAll(/`([\w./-]+\.ts)`/gu)].map(
      ([, file = '']): readonly [string, string] => [page, file],
    ),
  );
  expect(named.length).toBeGreaterThan(150);
  const missing = named.filter(([, file]) => {
    const [from, to] = SHORT.find(([start]) => file.startsWith(start)) ?? ['', ''];
    return !isThere(to + file.slice(from.length));
  });
  expect(missing).toEqual([]);
});
