import { readFileSync } from 'node:fs';
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
