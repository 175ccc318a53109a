import type { GridFile, PointListFile } from '@relight/contract';
import { assert } from '@relight/foundation';
import { parseGrid, type Grid } from '@relight/grid';
import { pointListOf } from './two-feeders.ts';

/**
 * A 35 kV busbar with isolated neutral (3U0 is measured on it) and three feeders of one line each:
 * 371 with 100 customers, 372 with 200, 373 with 50; 371 and 372 are tied at their ends, 373 to
 * feeder 471 of another network with an earthed neutral.
 */
export function isolatedNetwork(neutralEarthing: 'isolated' | 'petersen' | 'solid' = 'isolated'): {
  readonly grid: Grid;
  readonly file: GridFile;
  readonly pointList: PointListFile;
} {
  const node = (id: string) => ({ id, nominalVoltage_kV: 35 });
  const feeders = [
    { name: '371', busbar: 'T.C31', customers: 100 },
    { name: '372', busbar: 'T.C31', customers: 200 },
    { name: '373', busbar: 'T.C31', customers: 50 },
    { name: '471', busbar: 'T.C32', customers: 80 },
  ];
  const tie = (id: string, from: string, to: string) => ({
    id,
    kind: 'loadBreakSwitch' as const,
    from,
    to,
    normallyOpen: true,
    remote: true,
    parallelAllowed: true,
  });
  const file: GridFile = {
    format: 'relight-grid/1',
    id: 'isolated-network',
    substations: [{ id: 'T', name: 'TBA Thử', nominalVoltage_kV: 35 }],
    nodes: [
      { ...node('T.C31'), substation: 'T', busbar: true },
      { ...node('T.C32'), substation: 'T', busbar: true },
      ...feeders.flatMap(({ name }) => [node(`${name}.1`), node(`${name}.2`)]),
    ],
    sources: [
      { id: 'T.G1', node: 'T.C31', neutralEarthing, angleGroup: 'T' },
      { id: 'T.G2', node: 'T.C32', angleGroup: 'T' },
    ],
    lines: feeders.map(({ name }) => ({
      id: `L${name}`,
      from: `${name}.1`,
      to: `${name}.2`,
      length_m: 2_000,
      r_ohm: 0.4,
      x_ohm: 0.7,
    })),
    switches: [
      ...feeders.map(({ name, busbar }) => ({
        id: `T.${name}`,
        name: `MC ${name}`,
        kind: 'breaker' as const,
        from: busbar,
        to: `${name}.1`,
        remote: true,
      })),
      tie('TIE-371-372', '371.2', '372.2'),
      tie('TIE-373-471', '373.2', '471.2'),
    ],
    loads: feeders.map(({ name, customers }) => ({
      id: `D${name}`,
      node: `${name}.2`,
      p_kW: 5 * customers,
      customers,
    })),
    feeders: feeders.map(({ name }) => ({
      id: `F${name}`,
      name: `Lộ ${name}`,
      head: `T.${name}`,
      mode: 'automatic' as const,
    })),
  };
  const parsed = parseGrid(file);
  assert(parsed.ok, `the test grid is valid: ${JSON.stringify(parsed)}`);
  const pointList = pointListOf(parsed.value.grid);
  return {
    grid: parsed.value.grid,
    file,
    pointList: {
      ...pointList,
      points: [
        ...pointList.points,
        {
          id: 'T.C31.neutralVoltage_kV',
          rtu: 'RTU.T',
          equipment: 'T.C31',
          signal: 'neutralVoltage_kV',
        },
      ],
    },
  };
}
