import type { GridFile, PointListFile } from '@relight/contract';
import { assert } from '@relight/foundation';
import { parseGrid, type Grid } from '@relight/grid';
import { pointListOf } from './two-feeders.ts';

/**
 * A 110/22 kV station whose transformer feeds busbar C41 and on it feeder 471, tied at its end to
 * feeder 472 of another source.
 *
 *   T.C11 ─[T.131]─ T.H1 ─T.T1─ T.L1 ─[T.431]─ T.C41 ─[T.471]─ a1 ─L1─ a2 ─[471-472-3]─┐
 *                                              T.C42 ─[T.472]─ b1 ─M1─ b2 ─────────────┘
 */
export function transformerStation(): { readonly grid: Grid; readonly pointList: PointListFile } {
  const node = (id: string, nominalVoltage_kV = 22) => ({ id, nominalVoltage_kV });
  const breaker = (id: string, from: string, to: string) => ({
    id,
    name: `MC ${id.slice(2)}`,
    kind: 'breaker' as const,
    from,
    to,
    remote: true,
    rated_A: 1_250,
  });
  const line = (id: string, from: string, to: string) => ({
    id,
    from,
    to,
    length_m: 2_000,
    r_ohm: 0.4,
    x_ohm: 0.7,
    rated_A: 400,
  });
  const file: GridFile = {
    format: 'relight-grid/1',
    id: 'transformer-station',
    substations: [{ id: 'T', name: 'TBA Thử', nominalVoltage_kV: 110 }],
    nodes: [
      { ...node('T.C11', 110), substation: 'T', busbar: true },
      { ...node('T.H1', 110), substation: 'T' },
      { ...node('T.L1'), substation: 'T' },
      { ...node('T.C41'), substation: 'T', busbar: true },
      { ...node('T.C42'), substation: 'T', busbar: true },
      ...['a1', 'a2', 'b1', 'b2'].map((id) => node(id)),
    ],
    sources: [
      { id: 'T.G1', node: 'T.C11', voltage_pu: 1.02 },
      { id: 'T.G2', node: 'T.C42', voltage_pu: 1.02 },
    ],
    transformers: [
      { id: 'T.T1', from: 'T.H1', to: 'T.L1', rated_MVA: 40, shortCircuitVoltage_pct: 10.5 },
    ],
    lines: [line('L1', 'a1', 'a2'), line('M1', 'b1', 'b2')],
    switches: [
      breaker('T.131', 'T.C11', 'T.H1'),
      breaker('T.431', 'T.L1', 'T.C41'),
      breaker('T.471', 'T.C41', 'a1'),
      breaker('T.472', 'T.C42', 'b1'),
      {
        id: '471-472-3',
        kind: 'loadBreakSwitch',
        from: 'a2',
        to: 'b2',
        normallyOpen: true,
        remote: true,
        rated_A: 630,
      },
    ],
    loads: [
      { id: 'A1', node: 'a2', p_kW: 500, customers: 100 },
      { id: 'B1', node: 'b2', p_kW: 500, customers: 100 },
    ],
    feeders: [
      { id: 'F471', name: 'Lộ 471', head: 'T.471', mode: 'automatic' },
      { id: 'F472', name: 'Lộ 472', head: 'T.472', mode: 'automatic' },
    ],
  };
  const parsed = parseGrid(file);
  assert(parsed.ok, `the test grid is valid: ${JSON.stringify(parsed)}`);
  return { grid: parsed.value.grid, pointList: pointListOf(parsed.value.grid) };
}
