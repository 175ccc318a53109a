import { readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hullOf, layoutMap } from './layout-map.ts';

const town = JSON.parse(
  readFileSync(new URL('../../../seeds/grids/demo-town.json', import.meta.url), 'utf8'),
) as GridFile;

test('every line of the town lies between the places of its nodes, north up', () => {
  const map = layoutMap(town);
  const lines = map?.diagram.paths.filter((p) => p.kind === 'line') ?? [];
  expect(lines).toHaveLength(town.lines?.length ?? 0);
  for (const line of lines) {
    const file = town.lines?.find(({ id }) => id === line.id);
    expect(line.points).toEqual([
      ...(map?.places.get(file?.from ?? '') ?? []),
      ...(map?.places.get(file?.to ?? '') ?? []),
    ]);
  }
  const [phuTai, quyNhon] = ['PT.C41', 'QN.C41'].map((bus) => map?.places.get(bus) ?? [0, 0]);
  // Quy Nhơn lies south-east of Phú Tài, 8 km as the crow flies.
  expect(quyNhon?.[0]).toBeGreaterThan(phuTai?.[0] ?? 0);
  expect(quyNhon?.[1]).toBeGreaterThan(phuTai?.[1] ?? 0);
  const [dx, dy] = [0, 1].map((i) => (quyNhon?.[i] ?? 0) - (phuTai?.[i] ?? 0)) as [number, number];
  const km = (Math.sqrt(dx * dx + dy * dy) * (map?.metrePerUnit ?? 0)) / 1_000;
  expect(km).toBeGreaterThan(8);
  expect(km).toBeLessThan(9);
});

test('each switch outside of stations and each feeder head is drawn once, whatever the order of the file', () => {
  const map = layoutMap(town);
  const ids = map?.diagram.symbols.map(({ id }) => id) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
  for (const { head } of town.feeders ?? []) expect(ids).toContain(head);
  expect(ids).not.toContain('PT.171');
  const turned = layoutMap({
    ...town,
    nodes: town.nodes.toReversed(),
    lines: town.lines?.toReversed() ?? [],
    switches: town.switches?.toReversed() ?? [],
  });
  expect(turned?.diagram.paths).toEqual(map?.diagram.paths);
  expect(turned?.diagram.symbols).toEqual(map?.diagram.symbols);
});

test('a grid without places has no map', () => {
  const nodes = town.nodes.map(({ lon: _lon, lat: _lat, ...node }) => node);
  expect(layoutMap({ ...town, nodes, substations: [] })).toBeNull();
});

test('a hull holds all its places', () => {
  const place = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
  fc.assert(
    fc.property(fc.array(place, { minLength: 3, maxLength: 40 }), (places) => {
      const hull = hullOf(places);
      for (const [x, y] of places)
        hull.forEach(([ax, ay], i) => {
          const [bx, by] = hull[(i + 1) % hull.length] ?? [ax, ay];
          expect((bx - ax) * (y - ay) - (by - ay) * (x - ax)).toBeGreaterThanOrEqual(0);
        });
    }),
  );
});
