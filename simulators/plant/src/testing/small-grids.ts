import type { GridFile } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import type { Grid } from '@relight/grid';
import { createPlant, type PlantOptions } from '../plant.ts';
import type { Plant } from '../state.ts';

type FileNode = GridFile['nodes'][number];
type FileSwitch = NonNullable<GridFile['switches']>[number];
type FileLine = NonNullable<GridFile['lines']>[number];

/** Turns a grid file of a test into a grid; throws with every issue if it is refused. */
export function gridOf(file: Omit<GridFile, 'format' | 'id'>): Grid {
  const parsed = parseGrid({ format: 'relight-grid/1', id: 'test', ...file });
  if (parsed.ok) return parsed.value.grid;
  throw new Error(parsed.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

export function nodesOf(...ids: readonly string[]): FileNode[] {
  return ids.map((id) => ({ id, nominalVoltage_kV: 22 }));
}

/** 1 ohm of reactance each, little resistance. */
export function lineOf(id: string, from: string, to: string, rated_A = 400): FileLine {
  return { id, from, to, length_m: 1_000, r_ohm: 0.1, x_ohm: 1, rated_A };
}

export function switchOf(
  id: string,
  kind: FileSwitch['kind'],
  from: string,
  to: string,
  more: Partial<FileSwitch> = {},
): FileSwitch {
  return { id, kind, from, to, remote: true, rated_A: 630, faultIndicator: true, ...more };
}

/**
 * Two feeders that can help each other:
 *
 *   A.bus ─CB1─ a1 ─La1─ a2 ─S1─ a3 ─La2─ a4 ─S2─ a5 ─La3─ a6 ─TIE(open)─ b4 ─Lb2─ b3 ─S3─ b2 ─Lb1─ b1 ─CB2─ B.bus
 *
 * 100 customers and 1,000 kW on each of a2, a4, a6, b2, b4. Pole indicators FI-S1, FI-S2 on the
 * first line behind S1 and S2.
 */
export function twoFeeders(
  more: Partial<GridFile> = {},
  adapt: (each: FileSwitch) => FileSwitch = (each) => each,
): Grid {
  const nodes = ['A.bus', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'B.bus', 'b1', 'b2', 'b3', 'b4'];
  return gridOf({
    nodes: nodesOf(...nodes),
    sources: [
      { id: 'A', node: 'A.bus' },
      { id: 'B', node: 'B.bus' },
    ],
    lines: [
      lineOf('La1', 'a1', 'a2'),
      lineOf('La2', 'a3', 'a4'),
      lineOf('La3', 'a5', 'a6'),
      lineOf('Lb1', 'b1', 'b2'),
      lineOf('Lb2', 'b3', 'b4'),
    ],
    switches: [
      switchOf('CB1', 'breaker', 'A.bus', 'a1'),
      switchOf('CB2', 'breaker', 'B.bus', 'b1'),
      switchOf('S1', 'loadBreakSwitch', 'a2', 'a3'),
      switchOf('S2', 'loadBreakSwitch', 'a4', 'a5'),
      switchOf('S3', 'loadBreakSwitch', 'b2', 'b3'),
      switchOf('TIE', 'loadBreakSwitch', 'a6', 'b4', { normallyOpen: true }),
    ].map(adapt),
    faultIndicators: [
      { id: 'FI-S1', node: 'a3', line: 'La2', remote: true },
      { id: 'FI-S2', node: 'a5', line: 'La3', remote: true },
    ],
    loads: ['a2', 'a4', 'a6', 'b2', 'b4'].map((node) => ({
      id: `T-${node}`,
      node,
      p_kW: 1_000,
      q_kvar: 0,
      customers: 100,
    })),
    feeders: [
      { id: 'F1', head: 'CB1' },
      { id: 'F2', head: 'CB2' },
    ],
    ...more,
  });
}

/** A plant whose clock starts at 0. */
export function plantOf(grid: Grid, more: Partial<PlantOptions> = {}): Plant {
  return createPlant({ grid, seed: 1, start_ms: 0, ...more });
}

export function deviceOf(plant: Plant, id: string): Plant['devices'][number] {
  const device = plant.devices.find((each) => each.id === id);
  if (device === undefined) throw new Error(`no switch ${id}`);
  return device;
}

/** The plant's events of one device, without their times. */
export function eventsOf(plant: Plant, id: string): readonly string[] {
  return plant.protectionLog.filter((each) => each.equipment === id).map((each) => each.event);
}

/** When a device did something for the first time, ms. */
export function timeOf(plant: Plant, id: string, event: string): number {
  const found = plant.protectionLog.find((each) => each.equipment === id && each.event === event);
  if (found === undefined) throw new Error(`${id} never did: ${event}`);
  return found.at_ms;
}
