import { readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { describe, expect, test } from 'vitest';
import { buildHitIndex } from './hit-index.ts';
import { layoutNetwork } from './layout-network.ts';
import type { NetworkDiagram } from './diagram.ts';

const demoTown = JSON.parse(
  readFileSync(new URL('../../../seeds/grids/demo-town.json', import.meta.url), 'utf8'),
) as GridFile;

/** Stations with feeders of random shape: laterals, switches on them, ties to anywhere. */
function randomGrid(seed: number): GridFile {
  const random = new RandomStream(seed, 'diagram');
  const pick = (n: number): number => Math.min(n - 1, Math.floor(random.next() * n));
  const grid = {
    format: 'relight-grid/1' as const,
    id: `random-${seed}`,
    nodes: [] as GridFile['nodes'],
    sources: [] as GridFile['sources'],
    lines: [] as NonNullable<GridFile['lines']>,
    switches: [] as NonNullable<GridFile['switches']>,
    loads: [] as NonNullable<GridFile['loads']>,
    feeders: [] as NonNullable<GridFile['feeders']>,
    substations: [] as NonNullable<GridFile['substations']>,
  };
  const ends: string[] = [];
  const stations = 1 + pick(3);
  for (let s = 0; s < stations; s += 1) {
    const bus = `S${s}.C41`;
    grid.substations.push({ id: `S${s}` });
    grid.nodes.push({ id: bus, nominalVoltage_kV: 22, substation: `S${s}`, busbar: true });
    grid.sources.push({ id: `S${s}.grid`, node: bus });
    const feeders = 1 + pick(5);
    for (let f = 0; f < feeders; f += 1) {
      const name = `${s}${f}`;
      const members = [`${name}.N0`];
      grid.nodes.push({ id: `${name}.N0`, nominalVoltage_kV: 22 });
      grid.switches.push({ id: `${name}.head`, kind: 'breaker', from: bus, to: `${name}.N0` });
      grid.feeders.push({ id: `F${name}`, head: `${name}.head` });
      const size = 2 + pick(24);
      for (let n = 1; n < size; n += 1) {
        const id = `${name}.N${n}`;
        const parent = members[random.next() < 0.6 ? members.length - 1 : pick(members.length)];
        grid.nodes.push({ id, nominalVoltage_kV: 22 });
        const ends_ = { from: parent ?? bus, to: id };
        if (random.next() < 0.3)
          grid.switches.push({ id: `${name}/${n}`, kind: 'loadBreakSwitch', ...ends_ });
        else grid.lines.push({ id: `${name}.L${n}`, ...ends_, r_ohm: 0.1, x_ohm: 0.1 });
        if (random.next() < 0.5)
          grid.loads.push({ id: `T-${name}-${n}`, node: id, p_kW: 10 + pick(400) });
        members.push(id);
      }
      ends.push(members[members.length - 1] ?? bus, members[pick(members.length)] ?? bus);
    }
  }
  for (let t = 0; t < 6; t += 1) {
    const [a, b] = [ends[pick(ends.length)], ends[pick(ends.length)]];
    if (a === undefined || b === undefined || a === b) continue;
    const id = `tie-${t}`;
    grid.switches.push({ id, kind: 'loadBreakSwitch', from: a, to: b, normallyOpen: true });
  }
  return grid;
}

function shuffled(file: GridFile, seed: number): GridFile {
  const random = new RandomStream(seed, 'shuffle');
  const mix = <T>(list: readonly T[] | undefined): T[] =>
    [...(list ?? [])]
      .map((item) => ({ item, key: random.next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  return {
    ...file,
    nodes: mix(file.nodes),
    sources: mix(file.sources),
    lines: mix(file.lines),
    switches: mix(file.switches),
    loads: mix(file.loads),
    feeders: mix(file.feeders),
    substations: mix(file.substations),
    transformers: mix(file.transformers),
    faultIndicators: mix(file.faultIndicators),
  };
}

const TOUCHING = 12;
const HANGING = new Set(['load', 'capacitor', 'generator', 'groundDisconnector']);

function overlaps(diagram: NetworkDiagram): string[] {
  const solid = diagram.symbols.filter((s) => s.kind !== 'faultIndicator');
  const sorted = [...solid].sort((a, b) => a.x - b.x);
  const found: string[] = [];
  sorted.forEach((a, i) => {
    for (const b of sorted.slice(i + 1)) {
      if (b.x - a.x >= TOUCHING) break;
      if (Math.abs(a.y - b.y) < TOUCHING) found.push(`${a.id} on ${b.id}`);
    }
  });
  return found;
}

describe('the schematic of demo-town', () => {
  const diagram = layoutNetwork(demoTown);

  test('no symbol lies on another', () => {
    expect(overlaps(diagram)).toEqual([]);
  });

  test('every tie is drawn as a channel, none as a stub', () => {
    expect(diagram.texts.filter((t) => t.kind === 'stub')).toEqual([]);
  });

  test('the two stations face each other and feeders joined by a tie share a row', () => {
    const head = (feeder: string) => diagram.heads.find((h) => h.feeder === feeder);
    expect(head('F473')?.y).toBe(head('F481')?.y);
    expect([head('F473')?.direction, head('F481')?.direction]).toEqual([1, -1]);
  });

  test('a click beside a line finds it, a click on a switch finds the switch', () => {
    const index = buildHitIndex(diagram);
    const line = diagram.paths.find((p) => p.kind === 'line');
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = line?.points ?? [];
    const onLine = index.at((x0 + x1) / 2 + 1, (y0 + y1) / 2 + 1, 3, 3);
    expect(onLine?.kind === 'line' && onLine.path.id).toBe(line?.id);
    const lbs = diagram.symbols.find((s) => s.kind === 'loadBreakSwitch');
    const onSwitch = index.at((lbs?.x ?? 0) + 2, lbs?.y ?? 0, 8, 8);
    expect(onSwitch?.kind === 'symbol' && onSwitch.symbol.id).toBe(lbs?.id);
  });

  test('the card of a section lies on the trunk between its two switches', () => {
    for (const section of diagram.sections) {
      if (section.trunk === null) continue;
      const [from, to] = section.trunk;
      expect(to - from).toBeGreaterThan(40);
    }
  });
});

describe('the schematic of any grid', () => {
  const cases = [demoTown, ...Array.from({ length: 40 }, (_, seed) => randomGrid(seed))];

  test('shows every line, switch, transformer, load and source exactly once', () => {
    for (const file of cases) {
      const { symbols, paths } = layoutNetwork(file);
      const wanted = [
        ...(file.switches ?? []),
        ...(file.transformers ?? []),
        ...(file.loads ?? []),
        ...file.sources,
        ...(file.faultIndicators ?? []),
        ...(file.groundDisconnectors ?? []),
      ].map((e) => e.id);
      expect(symbols.map((s) => s.id).sort()).toEqual(wanted.sort());
      const lines = paths.filter((p) => p.kind === 'line').map((p) => p.id);
      expect(lines.sort()).toEqual((file.lines ?? []).map((l) => l.id).sort());
    }
  });

  test('does not depend on the order of the file', () => {
    for (const [i, file] of cases.entries())
      expect(layoutNetwork(shuffled(file, i))).toEqual(layoutNetwork(file));
  });

  test('has no symbol on another', () => {
    for (const file of cases)
      expect([file.id, overlaps(layoutNetwork(file))]).toEqual([file.id, []]);
  });

  test('tells each symbol how far the next one in line with it is', () => {
    for (const file of cases) {
      const solid = layoutNetwork(file).symbols.filter((s) => s.kind !== 'faultIndicator');
      const tooFar = solid.flatMap((a) =>
        solid
          .filter((b) => {
            const [dx, dy] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
            const inRow = dy < TOUCHING && a.clear[0] > dx;
            const yields = HANGING.has(b.kind) && !HANGING.has(a.kind);
            return a !== b && !yields && (inRow || (dx < TOUCHING && a.clear[1] > dy));
          })
          .map((b) => `${a.id} to ${b.id}`),
      );
      expect([file.id, tooFar]).toEqual([file.id, []]);
    }
  });

  test('lies inside its frame', () => {
    for (const file of cases) {
      const { symbols, paths, width, height } = layoutNetwork(file);
      for (const { x, y } of symbols) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeLessThanOrEqual(height);
      }
      for (const { points } of paths) expect(points.every(Number.isFinite)).toBe(true);
    }
  });
});
