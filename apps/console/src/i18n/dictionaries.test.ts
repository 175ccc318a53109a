import { expect, test } from 'vitest';
import { en } from './en.ts';
import { vi } from './vi.ts';

const sources: Record<string, string> = import.meta.glob(['../**/*.ts', '../**/*.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const code = Object.entries(sources)
  .filter(([path]) => !/\.test\.ts$|\/(vi|en)\.ts$/u.test(path))
  .map(([, text]) => text)
  .join('\n');
/** Families such as `priority.${p}`: whatever stands behind the dot is chosen at run time. */
const families = [...code.matchAll(/`([a-zA-Z]+\.)\$\{/gu)].map((match) => match[1] ?? '');

test('Vietnamese and English have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
});

test('every word stands in one area alone, so that none hides another', () => {
  const areas = import.meta.glob<{ readonly vi: Readonly<Record<string, string>> }>('./*/vi.ts', {
    eager: true,
  });
  const inAreas = Object.values(areas).flatMap((area) => Object.keys(area.vi));
  expect(inAreas.sort()).toEqual(Object.keys(vi).sort());
});

test('both languages take the same values', () => {
  const values = (text: string): string[] =>
    [...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? '').sort();
  for (const key of Object.keys(vi) as (keyof typeof vi)[])
    expect([key, values(en[key])]).toEqual([key, values(vi[key])]);
});

test('every word is used somewhere', () => {
  const unused = Object.keys(vi).filter(
    (key) => !code.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
  );
  expect(unused).toEqual([]);
});
