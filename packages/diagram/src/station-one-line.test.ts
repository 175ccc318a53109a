import { readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { describe, expect, test } from 'vitest';
import type { StationOneLine } from './one-line.ts';
import { layoutStation } from './station-one-line.ts';

const demoTown = JSON.parse(
  readFileSync(new URL('../../../seeds/grids/demo-town.json', import.meta.url), 'utf8'),
) as GridFile;

/** A station with one to three bars a level and bays of random depth. */
function randomStation(seed: number): GridFile {
  const random = new RandomStream(seed, 'station');
  const pick = (n: number): number => Math.min(n - 1, Math.floor(random.next() * n));
  const file = {
    format: 'relight-grid/1' as const,
    id: `station-${seed}`,
    substations: [{ id: 'S' }],
    nodes: [] as GridFile['nodes'],
    sources: [] as GridFile['sources'],
    transformers: [] as NonNullable<GridFile['transformers']>,
    switches: [] as NonNullable<GridFile['switches']>,
    groundDisconnectors: [] as NonNullable<GridFile['groundDisconnectors']>,
  };
  const node = (id: string, nominalVoltage_kV: number, inside = true, busbar = false): string => {
    file.nodes.push({ id, nominalVoltage_kV, busbar, ...(inside ? { substation: 'S' } : {}) });
    return id;
  };
  /** Disconnectors and a breaker from `from` to `to`; an earthing switch now and then. */
  const bay = (
    number: string,
    from: string,
    to: string,
    kV: number,
    normallyOpen = false,
  ): void => {
    const devices = [
      ['-1', 'disconnector'],
      ['', 'breaker'],
      ['-7', 'disconnector'],
    ] as const;
    const kept = devices.filter(([suffix]) => suffix === '' || random.next() < 0.5);
    let here = from;
    kept.forEach(([suffix, kind], i) => {
      const next = i === kept.length - 1 ? to : node(`S.${number}.${i}`, kV);
      file.switches.push({ id: `S.${number}${suffix}`, kind, from: here, to: next, normallyOpen });
      if (random.next() < 0.4)
        file.groundDisconnectors.push({ id: `S.${number}-${i}6`, node: next });
      here = next;
    });
  };
  const buses = (level: number, kV: number): string[] =>
    Array.from({ length: 1 + pick(3) }, (_, i) => node(`S.C${level}${i + 1}`, kV, true, true));
  const high = random.next() < 0.8 ? buses(1, 110) : [];
  const low = buses(4, 22);
  high.forEach((bus, i) => {
    for (let l = 0; l <= pick(2); l += 1) {
      bay(`17${i}${l}`, bus, node(`S.L${i}${l}`, 110), 110);
      file.sources.push({ id: `S.E${i}${l}`, node: `S.L${i}${l}` });
    }
    if (i > 0) bay(`11${i}`, high[pick(i)] ?? bus, bus, 110, true);
  });
  low.forEach((bus, i) => {
    const from = high[pick(Math.max(1, high.length))];
    if (from === undefined) file.sources.push({ id: `S.E${i}`, node: bus });
    else {
      const [a, b] = [node(`S.T${i}H`, 110), node(`S.T${i}L`, 22)];
      bay(`13${i}`, from, a, 110);
      file.transformers.push({
        id: `S.T${i}`,
        from: a,
        to: b,
        rated_MVA: 40,
        shortCircuitVoltage_pct: 10,
      });
      bay(`43${i}`, b, bus, 22);
    }
    for (let f = 0; f < 1 + pick(6); f += 1)
      bay(`47${i}${f}`, bus, node(`${i}${f}.N`, 22, false), 22);
    if (i > 0) bay(`41${i}`, low[pick(i)] ?? bus, bus, 22, true);
  });
  return file;
}

function layoutOf(file: GridFile, station: string): StationOneLine {
  const layout = layoutStation(file, station);
  if (layout === null) throw new Error(`no station ${station}`);
  return layout;
}

describe('the one-line of Phú Tài', () => {
  const layout = layoutOf(demoTown, 'PT');
  const symbol = (id: string) => layout.symbols.find((s) => s.id === `PT.${id}`);

  test('110 kV stands on top, then the transformers, then 22 kV and its feeders', () => {
    const rows = ['171', '131', 'T1', '431', '471', '471-76'].map((id) => symbol(id)?.row ?? -1);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(new Set(rows).size).toBe(rows.length);
  });

  test('feeder bays stand in the order of their numbers on their busbar', () => {
    const columns = ['471', '473', '475', '472', '474', '476'].map(
      (id) => symbol(id)?.column ?? -1,
    );
    expect(columns).toEqual([...columns].sort((a, b) => a - b));
  });

  test('incomer, transformer and busbar of one half stand in one column', () => {
    const columns = ['171', '131', 'T1', '431'].map((id) => symbol(id)?.column);
    expect(new Set(columns).size).toBe(1);
  });

  test('the couplers stand between the halves', () => {
    for (const coupler of ['112', '412']) {
      expect(symbol(coupler)?.column ?? 0).toBeGreaterThan(symbol('131')?.column ?? 0);
      expect(symbol(coupler)?.column ?? 0).toBeLessThan(symbol('132')?.column ?? 0);
    }
  });
});

describe('the one-line of any station', () => {
  const cases = [
    ...['PT', 'QN'].map((station) => [demoTown, station] as const),
    ...Array.from({ length: 150 }, (_, seed) => [randomStation(seed), 'S'] as const),
  ];

  test('shows every switch, transformer, source and earthing switch once', () => {
    for (const [file, station] of cases) {
      const own = (id: string): boolean => id.startsWith(`${station}.`);
      const wanted = [
        ...(file.switches ?? []),
        ...(file.transformers ?? []),
        ...file.sources,
        ...(file.groundDisconnectors ?? []),
      ]
        .map((e) => e.id)
        .filter(own);
      expect([
        file.id,
        layoutOf(file, station)
          .symbols.map((s) => s.id)
          .sort(),
      ]).toEqual([file.id, wanted.sort()]);
    }
  });

  test('has no symbol on another and none outside its frame', () => {
    for (const [file, station] of cases) {
      const { symbols, columns, rows } = layoutOf(file, station);
      symbols.forEach((a, i) => {
        expect(a.column > 0 && a.column < columns && a.row >= 0 && a.row <= rows).toBe(true);
        for (const b of symbols.slice(i + 1)) {
          const apart = Math.abs(a.column - b.column) >= 0.3 || Math.abs(a.row - b.row) >= 0.4;
          expect([file.id, a.id, b.id, apart]).toEqual([file.id, a.id, b.id, true]);
        }
      });
    }
  });

  test('does not depend on the order of the file nor on what is open now', () => {
    for (const [file, station] of cases) {
      const turned: GridFile = {
        ...file,
        nodes: file.nodes.toReversed(),
        sources: file.sources.toReversed(),
        switches: (file.switches ?? []).toReversed(),
        transformers: (file.transformers ?? []).toReversed(),
        groundDisconnectors: (file.groundDisconnectors ?? [])
          .map((g) => ({ ...g, closed: true }))
          .toReversed(),
      };
      expect(layoutStation(turned, station)).toEqual(layoutStation(file, station));
    }
  });

  test('a station the file does not know has no picture', () => {
    expect(layoutStation(demoTown, 'nowhere')).toBeNull();
  });
});
