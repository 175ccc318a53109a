import { parseGrid } from '@relight/grid';
import type { Grid } from '@relight/grid';
import type { NeutralEarthing } from '@relight/contract';

/**
 * A station S with one feeder 471, a recloser and a load-break switch in the field, a pole
 * indicator behind the latter:
 *
 *   S.bus ─S.471─ n1 ─L1─ n2 ─R1─ n3 ─L2─ n4 ─S2─ n5 ─L3─ n6
 */
export function smallStation(neutralEarthing: NeutralEarthing = 'solid'): Grid {
  const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
  const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.1, x_ohm: 1 });
  const parsed = parseGrid({
    format: 'relight-grid/1',
    id: 'small-station',
    substations: [{ id: 'S' }],
    nodes: [
      { ...node('S.bus'), substation: 'S', busbar: true },
      ...['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map(node),
    ],
    sources: [{ id: 'grid', node: 'S.bus', neutralEarthing }],
    lines: [line('L1', 'n1', 'n2'), line('L2', 'n3', 'n4'), line('L3', 'n5', 'n6')],
    switches: [
      { id: 'S.471', kind: 'breaker', from: 'S.bus', to: 'n1', remote: true, faultIndicator: true },
      { id: 'R1', kind: 'recloser', from: 'n2', to: 'n3', remote: true, faultIndicator: true },
      { id: 'S2', kind: 'loadBreakSwitch', from: 'n4', to: 'n5', remote: true },
    ],
    faultIndicators: [{ id: 'FI-S2', node: 'n5', line: 'L3', remote: true }],
    loads: ['n2', 'n4', 'n6'].map((at) => ({
      id: `T-${at}`,
      node: at,
      p_kW: 1_000,
      customers: 10,
    })),
    feeders: [{ id: 'F471', head: 'S.471' }],
  });
  if (parsed.ok) return parsed.value.grid;
  throw new Error(parsed.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}
