import { readFileSync, readdirSync, statSync } from 'node:fs';
import { demoTownFile } from '@relight/grid';
import { branchLoading_pct, loadStateFromGrid, solveLoadFlow } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions } from '@relight/topology';
import { expect, test } from 'vitest';
import { gridFileText } from '../../scripts/grid-file-text.ts';
import { loadGrid } from '../kit/load-grid.ts';

const SEEDS = new URL('../../seeds/', import.meta.url);
const demoTown = loadGrid(new URL('grids/demo-town.json', SEEDS));

test('demo-town.json is what its generator makes (scripts/generate-seeds.ts writes it)', () => {
  const file = readFileSync(new URL('grids/demo-town.json', SEEDS), 'utf8');
  expect(file).toBe(gridFileText(demoTownFile()));
});

const files = ['grids/', 'feeders/'].flatMap((folder) =>
  readdirSync(new URL(folder, SEEDS))
    .filter((name) => name.endsWith('.json') && name !== 'expected.json')
    .map((name) => folder + name),
);
test.each(files)('%s is valid without a warning, says its origin and is under 100 KB', (file) => {
  const parsed = loadGrid(new URL(file, SEEDS));
  expect(parsed.warnings).toEqual([]);
  expect(parsed.grid.provenance).not.toBe('');
  expect(parsed.grid.id).toBe(file.split('/')[1]?.replace('.json', ''));
  expect(statSync(new URL(file, SEEDS)).size).toBeLessThan(100_000);
});

test('demo-town has two stations, twelve feeders and at least sixty remote switches', () => {
  expect(demoTown.counts).toMatchObject({ substations: 2, feeders: 12, transformers: 4 });
  expect(demoTown.counts.remoteSwitches).toBeGreaterThanOrEqual(60);
  expect(demoTown.counts.remoteSwitches).toBeLessThanOrEqual(90);
  expect(demoTown.counts.customers).toBeGreaterThan(38_000);
  expect(demoTown.counts.customers).toBeLessThan(42_000);
});

/** Highest loading of each line and transformer, and the voltages of live nodes. */
function solve(share: number) {
  const network = compileNetwork(demoTown.grid);
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  const file = loadStateFromGrid(network);
  const flow = solveLoadFlow({
    network,
    positions,
    energisation,
    loads: {
      activePower_W: file.activePower_W.map((p) => p * share),
      reactivePower_var: file.reactivePower_var.map((q) => q * share),
    },
  });
  const loading_pct = Array.from(
    { length: network.branchCount },
    (_, branch) => branchLoading_pct(network, flow, branch) ?? 0,
  );
  return { energisation, flow, loading_pct };
}

test.each([1, 0.7, 0.3])(
  'demo-town at %d of its load: radial, all live, 0.95 to 1.05 pu, nothing above 70 %%',
  (share) => {
    const { energisation, flow, loading_pct } = solve(share);
    expect(energisation.loopBranches).toEqual([]);
    expect(energisation.nodeSource.every((source) => source >= 0)).toBe(true);
    expect(Math.min(...flow.voltage_pu)).toBeGreaterThan(0.95);
    expect(Math.max(...flow.voltage_pu)).toBeLessThan(1.05);
    expect(Math.max(...loading_pct)).toBeLessThan(70);
  },
);

test('each feeder of demo-town carries 40 to 60 % of its trunk, so that a neighbour fits in', () => {
  const { loading_pct } = solve(1);
  const highest_pct = demoTown.grid.feeders.map((feeder) => {
    const lines = demoTown.grid.lines.map((line, i) =>
      line.id.startsWith(`${feeder.id.slice(1)}.`) ? (loading_pct[i] ?? 0) : 0,
    );
    return { feeder: feeder.id, highest_pct: Math.max(...lines) };
  });
  expect(highest_pct.filter((each) => each.highest_pct < 40 || each.highest_pct > 60)).toEqual([]);
});

test('behind each closed remote field switch of demo-town stands a pole indicator of its own', () => {
  const { switches, faultIndicators, lines } = demoTown.grid;
  const field = switches.filter((s) => !s.normallyOpen && s.kind !== 'breaker');
  expect(field.length).toBeGreaterThan(30);
  const unguarded = field.filter((device) => {
    const indicator = faultIndicators.find((each) => each.id === `FI.${device.id}`);
    const line = lines[indicator?.line ?? -1];
    const behind = indicator?.node === device.to && [line?.from, line?.to].includes(device.to);
    return !(device.faultIndicator && behind);
  });
  expect(unguarded).toEqual([]);
});
