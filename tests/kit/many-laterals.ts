import type { GridFile } from '@relight/contract';
import { fieldSwitch, headBreaker } from '../../packages/operations/src/testing/feeder-switches.ts';

/** Laterals that a plan opens and feeds from the neighbour, one open and one close each. */
export const LATERALS = 12;
/** The line that all of them hang on. */
export const TRUNK = 'L0';
/** A breaker that no plan for the trunk has a use for. */
export const BYSTANDER = 'T.473';

/**
 * A trunk with many laterals, each tied at its end to the neighbouring feeder. A fault on the trunk
 * takes an open and a close for every lateral: the longest plan a feeder of this size can need.
 *
 *   T.C41 ─[T.471]─ a ─L0─ h ─[471-1]─ c1 ─L1─ d1 ─[471-472-1]─ e1
 *                          ├─[471-2]─ c2 ─L2─ d2 ─[471-472-2]─ e2
 *                          …                                    …
 *   T.C42 ─[T.472]─ b ─M1─ e1 ─M2─ e2 ─ …
 *   T.C42 ─[T.473]─ g ─N1─ k
 */
export function manyLaterals(): GridFile {
  const at = Array.from({ length: LATERALS }, (_, index) => index + 1);
  const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
  const line = (id: string, from: string, to: string, length_m: number) => ({
    id,
    from,
    to,
    length_m,
    r_ohm: length_m * 0.0002,
    x_ohm: length_m * 0.00035,
    rated_A: 500,
  });
  return {
    format: 'relight-grid/1',
    id: 'many-laterals',
    name: 'A trunk with many laterals',
    substations: [{ id: 'T', name: 'TBA Thử', nominalVoltage_kV: 22 }],
    nodes: [
      { ...node('T.C41'), substation: 'T', busbar: true },
      { ...node('T.C42'), substation: 'T', busbar: true },
      ...['a', 'h', 'b', 'g', 'k'].map(node),
      ...at.flatMap((i) => [node(`c${i}`), node(`d${i}`), node(`e${i}`)]),
    ],
    sources: [
      { id: 'T.G1', node: 'T.C41', voltage_pu: 1.02 },
      { id: 'T.G2', node: 'T.C42', voltage_pu: 1.02 },
    ],
    lines: [
      // Long, so that the reactance a relay measures tells a fault on it from one behind it.
      line(TRUNK, 'a', 'h', 8_000),
      ...at.map((i) => line(`L${i}`, `c${i}`, `d${i}`, 1_000)),
      ...at.map((i) => line(`M${i}`, i === 1 ? 'b' : `e${i - 1}`, `e${i}`, 500)),
      line('N1', 'g', 'k', 1_000),
    ],
    switches: [
      headBreaker('T.471', 'T.C41', 'a'),
      headBreaker('T.472', 'T.C42', 'b'),
      headBreaker(BYSTANDER, 'T.C42', 'g'),
      ...at.map((i) => fieldSwitch(`471-${i}`, 'h', `c${i}`)),
      ...at.map((i) => fieldSwitch(`471-472-${i}`, `d${i}`, `e${i}`, true)),
    ],
    loads: [...at.map((i) => `d${i}`), 'k'].map((id) => ({
      id: `load ${id}`,
      node: id,
      p_kW: 100,
      q_kvar: 20,
      customers: 50,
    })),
    feeders: [
      { id: 'F471', name: 'Lộ 471', head: 'T.471', mode: 'automatic' },
      { id: 'F472', name: 'Lộ 472', head: 'T.472', mode: 'automatic' },
      { id: 'F473', name: 'Lộ 473', head: BYSTANDER, mode: 'automatic' },
    ],
  };
}
