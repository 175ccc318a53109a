import { readdirSync, readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import { layoutNetwork, type NetworkDiagram } from '@relight/diagram';
import { regionFile } from '@relight/grid';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomGrid, runs } from '../kit/random-grid.ts';

const GRIDS = new URL('../../seeds/grids/', import.meta.url);
const seedGrids: readonly GridFile[] = readdirSync(GRIDS)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, GRIDS), 'utf8')) as GridFile);

/** Nearer than this two symbols touch at the size they are designed for, CSS pixels. */
const TOUCHING = 12;

/** Holds a law of pictures over the seed grids and over random ones. */
function everyPicture(law: (file: GridFile, diagram: NetworkDiagram) => void): void {
  for (const file of seedGrids) law(file, layoutNetwork(file));
  fc.assert(
    fc.property(randomGrid, (file) => law(file, layoutNetwork(file))),
    runs(150),
  );
}

function symbolsThatTouch({ symbols }: NetworkDiagram): string[] {
  const sorted = symbols.filter(({ kind }) => kind !== 'faultIndicator').sort((a, b) => a.x - b.x);
  return sorted.flatMap((a, i) => {
    const found: string[] = [];
    for (const b of sorted.slice(i + 1)) {
      if (b.x - a.x >= TOUCHING) break;
      if (Math.abs(a.y - b.y) < TOUCHING) found.push(`${a.id} on ${b.id}`);
    }
    return found;
  });
}

/** Whether something drawn for a node reaches a point. */
function reached({ paths }: NetworkDiagram, node: string, x: number, y: number): boolean {
  return paths.some(
    ({ node: of, points }) =>
      of === node &&
      points.some(
        (value, i) =>
          i % 2 === 0 && Math.abs(value - x) < 1 && Math.abs((points[i + 1] ?? 0) - y) < 1,
      ),
  );
}

/** Nodes that a feeder supplies in the normal state. */
function nodesOf(file: GridFile, head: string): ReadonlySet<string> {
  const around = new Map<string, string[]>();
  const join = (a: string, b: string): void => {
    around.set(a, [...(around.get(a) ?? []), b]);
    around.set(b, [...(around.get(b) ?? []), a]);
  };
  for (const { from, to } of file.lines ?? []) join(from, to);
  for (const { id, from, to, normallyOpen } of file.switches ?? [])
    if (normallyOpen !== true && id !== head) join(from, to);
  const nodes = new Set((file.switches ?? []).filter(({ id }) => id === head).map(({ to }) => to));
  for (const node of nodes) for (const next of around.get(node) ?? []) nodes.add(next);
  return nodes;
}

/**
 * What lies on the trunk of a feeder, from left to right. How far apart is left out, and with it how
 * deep its laterals hang: all rows are stretched to the width of the longest.
 */
function trunkOf(file: GridFile, { symbols, heads }: NetworkDiagram, feeder: string): string[] {
  const head = heads.find((h) => h.feeder === feeder);
  const nodes = nodesOf(file, head?.head ?? '');
  return symbols
    .filter((s) => !s.normallyOpen && s.y === head?.y && s.nodes.every((n) => nodes.has(n)))
    .sort((a, b) => a.x - b.x)
    .map(({ id }) => id);
}

describe('the schematic of any grid', () => {
  test('is the same for the same file', () => {
    everyPicture((file, diagram) => {
      expect(layoutNetwork(structuredClone(file))).toEqual(diagram);
    });
  });

  test('has no symbol on another', () => {
    everyPicture((file, diagram) => {
      expect([file.id, symbolsThatTouch(diagram)]).toEqual([file.id, []]);
    });
  });

  test('shows the normal state, whatever is earthed now', () => {
    everyPicture((file, diagram) => {
      const now: GridFile = {
        ...file,
        groundDisconnectors: file.groundDisconnectors?.map((g) => ({ ...g, closed: true })),
      };
      expect(layoutNetwork(now)).toEqual(diagram);
    });
  });

  test('draws every tie to both of its ends, or as two stubs that name each other', () => {
    everyPicture((file, diagram) => {
      for (const tie of (file.switches ?? []).filter((s) => s.normallyOpen === true)) {
        const symbol = diagram.symbols.find(({ id }) => id === tie.id);
        const stubs = diagram.texts.filter(({ id }) => id.startsWith(`stub:${tie.id}:`));
        const joined =
          symbol !== undefined &&
          reached(diagram, tie.from, symbol.x, symbol.y) &&
          reached(diagram, tie.to, symbol.x, symbol.y);
        expect([file.id, tie.id, joined || stubs.length > 0]).toEqual([file.id, tie.id, true]);
      }
    });
  });

  test('keeps rows, sides and the trunk of every feeder not tied to the one that gets a load more', () => {
    everyPicture((file, diagram) => {
      const at = file.loads?.[0];
      const loaded = diagram.heads.find(({ head }) => nodesOf(file, head).has(at?.node ?? ''));
      if (at === undefined || loaded === undefined) return;
      // Which of its ties a feeder's trunk leads to may depend on the load behind that tie.
      const own = nodesOf(file, loaded.head);
      const tied = (feeder: string): boolean => {
        const head = diagram.heads.find((h) => h.feeder === feeder)?.head ?? '';
        const nodes = nodesOf(file, head);
        return (file.switches ?? []).some(
          ({ from, to }) => (own.has(from) && nodes.has(to)) || (own.has(to) && nodes.has(from)),
        );
      };
      const more: GridFile = {
        ...file,
        loads: [...(file.loads ?? []), { ...at, id: `${at.id}-more` }],
      };
      const after = layoutNetwork(more);
      const order = ({ heads }: NetworkDiagram): string[] =>
        [...heads].sort((a, b) => a.y - b.y || a.x - b.x).map((h) => `${h.feeder} ${h.direction}`);
      expect(order(after)).toEqual(order(diagram));
      for (const { feeder } of diagram.heads)
        if (feeder !== loaded.feeder && !tied(feeder))
          expect([file.id, feeder, trunkOf(more, after, feeder)]).toEqual([
            file.id,
            feeder,
            trunkOf(file, diagram, feeder),
          ]);
    });
  });

  test('of a whole province has no symbol on another', () => {
    const file = regionFile('hung-yen');
    if (file === null) throw new Error('no such region');
    expect(symbolsThatTouch(layoutNetwork(file))).toEqual([]);
  });
});
