import { readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { excerptFeeder } from './feeder-excerpt.ts';
import { layoutNetwork } from './layout-network.ts';

const demoTown = JSON.parse(
  readFileSync(new URL('../../../seeds/grids/demo-town.json', import.meta.url), 'utf8'),
) as GridFile;
const feeders = (demoTown.feeders ?? []).map((f) => f.id);

test('473 is shown with the feeders its two ties lead to', () => {
  expect(excerptFeeder(demoTown, 'F473')?.neighbours).toEqual(['F471', 'F481']);
});

test('473 is entered at its breaker, then switch by switch outward', () => {
  const entries = excerptFeeder(demoTown, 'F473')?.entries.map((e) => e.switch) ?? [];
  expect(entries.slice(0, 3)).toEqual(['PT.473', '473-20', '473-39']);
  expect(entries).not.toContain('473-481-95');
});

test('every feeder keeps its lines, loads and ties, and its picture has no loose end', () => {
  for (const feeder of feeders) {
    const excerpt = excerptFeeder(demoTown, feeder);
    if (excerpt === null) throw new Error(feeder);
    const number = feeder.slice(1);
    const own = (list: readonly { id: string }[] | undefined) =>
      (list ?? [])
        .map((e) => e.id)
        .filter((id) => id.startsWith(`${number}.`) || id.startsWith(`${number}-`));
    expect(own(excerpt.file.lines)).toEqual(own(demoTown.lines));
    expect(own(excerpt.file.switches)).toEqual(own(demoTown.switches));
    const nodes = new Set(excerpt.file.nodes.map((n) => n.id));
    for (const load of demoTown.loads ?? [])
      if (load.node.startsWith(`${number}.`)) expect(nodes.has(load.node)).toBe(true);
    const diagram = layoutNetwork(excerpt.file);
    expect(diagram.heads.map((h) => h.feeder).sort()).toEqual(
      [feeder, ...excerpt.neighbours].sort(),
    );
    expect(diagram.texts.filter((t) => t.kind === 'stub')).toEqual([]);
  }
});

test('a feeder the grid does not have has no excerpt', () => {
  expect(excerptFeeder(demoTown, 'F999')).toBeNull();
});
