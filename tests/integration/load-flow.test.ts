import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Grid } from '@relight/grid';
import { describeLoadFlow, loadStateFromGrid, solveLoadFlow } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions } from '@relight/topology';
import { describe, expect, test } from 'vitest';
import { loadGrid, loadJson } from '../kit/load-grid.ts';

/** What another program found for a grid. */
interface Expected {
  readonly losses_kW: number;
  readonly minVoltage_pu: number;
  readonly minVoltageNode: string;
}

const LOSSES_TOLERANCE_KW = 0.01;
const VOLTAGE_TOLERANCE_PU = 1e-5;

const SEED_FEEDERS = new URL('../../seeds/feeders/', import.meta.url).pathname;
const CASES = new URL('../kit/cases/', import.meta.url);

function solveNormalState(grid: Grid) {
  const network = compileNetwork(grid);
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads, generators: true });
  return describeLoadFlow(network, energisation, flow);
}

function expectFeeders(folder: string): void {
  const expected = loadJson<Record<string, Expected>>(resolve(folder, 'expected.json'));
  test.each(Object.entries(expected))('%s: losses and lowest voltage', (name, figures) => {
    const file = resolve(folder, `${name}.json`);
    expect(existsSync(file), `${file} is missing`).toBe(true);
    const view = solveNormalState(loadGrid(file).grid);
    expect(view.converged).toBe(true);
    expect(view.deenergised).toEqual([]);
    expect(Math.abs((view.losses_kW ?? 0) - figures.losses_kW)).toBeLessThan(LOSSES_TOLERANCE_KW);
    const voltage_pu = view.minVoltage_pu ?? 0;
    expect(Math.abs(voltage_pu - figures.minVoltage_pu)).toBeLessThan(VOLTAGE_TOLERANCE_PU);
    expect(view.minVoltageNode).toBe(figures.minVoltageNode);
  });
}

describe('the seed feeders solve to the figures of an independent load flow', () => {
  expectFeeders(SEED_FEEDERS);
});

/** A folder with more feeders and their `expected.json`, of systems that carry no free licence. */
const furtherFeeders = process.env['RELIGHT_FEEDERS'];
if (furtherFeeders !== undefined) {
  describe('so do the feeders in RELIGHT_FEEDERS', () => {
    expectFeeders(furtherFeeders);
  });
}

describe('a station with transformers, taps and capacitors agrees with Newton-Raphson', () => {
  test.each(['station-1', 'station-2'])('%s, node by node', (name) => {
    const folder = new URL(`${name}/`, CASES);
    const expected = loadJson<Expected & { nodes: Record<string, number> }>(
      new URL('expected.json', folder),
    );
    const view = solveNormalState(loadGrid(new URL('grid.json', folder)).grid);
    expect(Math.abs((view.losses_kW ?? 0) - expected.losses_kW)).toBeLessThan(LOSSES_TOLERANCE_KW);
    expect(view.minVoltageNode).toBe(expected.minVoltageNode);
    expect(Object.keys(view.nodes).sort()).toEqual(Object.keys(expected.nodes).sort());
    const wrong = Object.entries(expected.nodes).filter(([id, voltage_pu]) => {
      const solved = view.nodes[id]?.voltage_pu ?? 0;
      return !(Math.abs(solved - voltage_pu) < VOLTAGE_TOLERANCE_PU);
    });
    expect(wrong).toEqual([]);
  });
});
