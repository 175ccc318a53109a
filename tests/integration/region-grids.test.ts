import {
  buildModel,
  countGrid,
  countryFile,
  parseGrid,
  REGION_NAMES,
  REGION_SEED,
  regionFile,
} from '@relight/grid';
import type { Grid, ParsedGrid } from '@relight/grid';
import { loadStateFromGrid, solveLoadFlow, violations } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions } from '@relight/topology';
import { beforeAll, describe, expect, test } from 'vitest';
import { relightJson } from './run-relight.ts';

const PUBLIC_FIGURES = {
  'binh-dinh': { substations: 15, feeders: 112, nodes: 30_000, customers: [475_000, 500_000] },
  'hung-yen': { substations: 15, feeders: 162, nodes: 25_000, customers: [220_000, 260_000] },
  'thai-nguyen': { substations: 15, feeders: 105, nodes: 25_000, customers: [350_000, 420_000] },
} as const;

/** What is wrong with the normal state; nothing where all is live, radial and within limits. */
function normalStateFaults(grid: Grid) {
  const network = compileNetwork(grid);
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads });
  return {
    dead: network.nodeCount - energisation.order.length,
    loops: energisation.loopBranches,
    limits: flow.converged ? violations(network, flow) : ['no solution'],
  };
}
const NOTHING_WRONG = { dead: 0, loops: [], limits: [] };

describe.each(Object.entries(PUBLIC_FIGURES))('the seed grid %s', (name, figures) => {
  let parsed: ParsedGrid;
  beforeAll(() => {
    const result = parseGrid(regionFile(name));
    if (!result.ok) throw new Error(result.error[0]?.message ?? 'refused');
    parsed = result.value;
  });

  test('passes every rule of a grid file without a warning', () => {
    expect(parsed.warnings).toEqual([]);
  });

  test('has the size that public figures give', () => {
    const counts = countGrid(parsed.grid);
    expect(counts).toMatchObject({ substations: figures.substations, feeders: figures.feeders });
    expect(counts.nodes).toBeGreaterThanOrEqual(figures.nodes);
    expect(counts.customers).toBeGreaterThan(figures.customers[0]);
    expect(counts.customers).toBeLessThan(figures.customers[1]);
  });

  test('is live everywhere, radial, within ratings and voltage band in its normal state', () => {
    expect(normalStateFaults(parsed.grid)).toEqual(NOTHING_WRONG);
  });

  test('joins only feeders of equal voltage, and each feeder differs from the others', () => {
    const { connectivityNodes, switches, feeders, lines } = parsed.grid;
    for (const { from, to } of switches) {
      expect(connectivityNodes[from]?.nominalVoltage).toBe(connectivityNodes[to]?.nominalVoltage);
    }
    const lengths = new Map<string, number>();
    for (const { id, length } of lines) {
      const feeder = id.slice(0, id.lastIndexOf('.'));
      lengths.set(feeder, (lengths.get(feeder) ?? 0) + (length ?? 0));
    }
    expect(new Set(lengths.values()).size).toBeGreaterThan(0.95 * feeders.length);
  });
});

test('the city has 56 stations and 64 switching stations, and its normal state is legal', () => {
  const file = regionFile('ho-chi-minh');
  if (file === null) throw new Error('no such region');
  const grid = buildModel(file);
  const counts = countGrid(grid);
  expect(counts).toMatchObject({ substations: 56 + 64, feeders: 1_062 });
  expect(counts.nodes).toBeGreaterThanOrEqual(250_000);
  expect(counts.customers).toBeGreaterThan(2_700_000);
  expect(counts.customers).toBeLessThan(3_000_000);
  expect(normalStateFaults(grid)).toEqual(NOTHING_WRONG);
});

test('a part of the country holds whole provinces, each with ids of its own', () => {
  const parsed = parseGrid(countryFile(REGION_SEED, 0.03));
  if (!parsed.ok) throw new Error(parsed.error[0]?.message ?? 'refused');
  expect(new Set(parsed.value.grid.feeders.map((feeder) => feeder.id.slice(0, 4)))).toEqual(
    new Set(['FP01', 'FP02']),
  );
  expect(normalStateFaults(parsed.value.grid)).toEqual(NOTHING_WRONG);
});

test('the same seed gives the same region, another seed another one', () => {
  expect(regionFile('binh-dinh')).toEqual(regionFile('binh-dinh', REGION_SEED));
  expect(regionFile('binh-dinh')).not.toEqual(regionFile('binh-dinh', REGION_SEED + 1));
  expect(regionFile('nowhere')).toBeNull();
  expect(REGION_NAMES).toContain('ho-chi-minh');
});

test('a region is a GRID by its name, generated on first use and read again after that', async () => {
  for (const _ of ['first', 'again']) {
    const { code, document } = await relightJson<{ valid: boolean; counts: { nodes: number } }>(
      'validate',
      'thai-nguyen',
    );
    expect(code).toBe(0);
    expect(document).toMatchObject({ valid: true, warnings: [], counts: { substations: 15 } });
  }
});
