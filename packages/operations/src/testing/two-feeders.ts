import type {
  AutomationMode,
  GridFile,
  PointFile,
  PointListFile,
  Signal,
  SwitchKind,
} from '@relight/contract';
import { parseGrid, type Grid } from '@relight/grid';
import { assert } from '@relight/foundation';
import { fieldSwitch, headBreaker } from './feeder-switches.ts';

export interface TwoFeederOptions {
  readonly mode471?: AutomationMode;
  /** Nodes with a closed ground disconnector. */
  readonly earthed?: readonly string[];
  readonly generators?: readonly { readonly node: string; readonly canIsland?: boolean }[];
  /** Both sources in one angle group, and the tie may close a loop. */
  readonly parallelAllowed?: boolean;
  readonly kindOf471_1?: SwitchKind;
  readonly kindOf471_2?: SwitchKind;
  /** With `parallelAllowed`: not the tie alone, but every switch of the field may close a loop. */
  readonly everyFieldSwitch?: boolean;
  readonly lineRating_A?: number;
  /** Feeder 472 starts from another substation, U. */
  readonly twoAreas?: boolean;
  /** Loads with life-support customers. */
  readonly critical?: readonly string[];
  /** Switches without remote control and without telemetry. */
  readonly byHand?: readonly string[];
  /** Nodes with an open earthing switch; where it reports, it does so over the RTU of the station. */
  readonly earthingSwitches?: readonly { readonly node: string; readonly reports: boolean }[];
  /** False: no fault indicator anywhere. */
  readonly indicators?: boolean;
  /** Of every line; absent: the file does not tell. */
  readonly construction?: 'overhead' | 'cable';
}

/**
 * Two 22 kV feeders of one station, tied at their ends; every switch remote.
 *
 *   T.C41 ─[T.471]─ a1 ─L1─ a2 ─[471-1]─ a3 ─L2─ a4 ─[471-2]─ a5 ─L3─ a6 ─[471-472-3]─┐
 *   T.C42 ─[T.472]─ b1 ─M1─ b2 ─[472-1]─ b3 ─M2─ b4 ─[472-2]─ b5 ─M3─ b6 ─────────────┘
 *
 * Each line carries one load: 100, 200 and 300 customers on 471, the same on 472. A pole
 * indicator sits behind each field switch beside the switch's own.
 */
export function twoFeeders(options: TwoFeederOptions = {}): {
  readonly grid: Grid;
  readonly file: GridFile;
  readonly pointList: PointListFile;
} {
  const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
  const line = (id: string, from: string, to: string) => ({
    id,
    from,
    to,
    length_m: 2_000,
    r_ohm: 0.4,
    x_ohm: 0.7,
    rated_A: options.lineRating_A ?? 400,
    ...(options.construction === undefined ? {} : { construction: options.construction }),
  });
  const field = (id: string, from: string, to: string, normallyOpen = false) => ({
    ...fieldSwitch(id, from, to, normallyOpen),
    remote: options.byHand?.includes(id) !== true,
    faultIndicator: options.indicators !== false,
    parallelAllowed: options.parallelAllowed === true && options.everyFieldSwitch === true,
  });
  const load = (id: string, at: string, customers: number) => ({
    id,
    node: at,
    p_kW: customers * 5,
    q_kvar: customers,
    customers,
    ...(options.critical?.includes(id) === true ? { priority: 'critical' as const } : {}),
  });
  const indicator = (id: string, at: string, on: string) => ({
    id,
    node: at,
    line: on,
    earthFault: true,
    phaseFault: true,
    remote: true,
  });
  const angleGroup = options.parallelAllowed === true ? { angleGroup: 'T' } : {};
  const file: GridFile = {
    format: 'relight-grid/1',
    id: 'two-feeders',
    name: 'Two feeders',
    substations: [
      { id: 'T', name: 'TBA Thử', nominalVoltage_kV: 22 },
      ...(options.twoAreas === true ? [{ id: 'U', name: 'TBA U', nominalVoltage_kV: 22 }] : []),
    ],
    nodes: [
      { ...node('T.C41'), substation: 'T', busbar: true },
      { ...node('T.C42'), substation: options.twoAreas === true ? 'U' : 'T', busbar: true },
      ...['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map(node),
    ],
    sources: [
      { id: 'T.G1', node: 'T.C41', voltage_pu: 1.02, ...angleGroup },
      { id: 'T.G2', node: 'T.C42', voltage_pu: 1.02, ...angleGroup },
    ],
    lines: [
      line('L1', 'a1', 'a2'),
      line('L2', 'a3', 'a4'),
      line('L3', 'a5', 'a6'),
      line('M1', 'b1', 'b2'),
      line('M2', 'b3', 'b4'),
      line('M3', 'b5', 'b6'),
    ],
    switches: [
      headBreaker('T.471', 'T.C41', 'a1'),
      headBreaker('T.472', 'T.C42', 'b1'),
      { ...field('471-1', 'a2', 'a3'), kind: options.kindOf471_1 ?? 'loadBreakSwitch' },
      { ...field('471-2', 'a4', 'a5'), kind: options.kindOf471_2 ?? 'loadBreakSwitch' },
      field('472-1', 'b2', 'b3'),
      field('472-2', 'b4', 'b5'),
      {
        ...field('471-472-3', 'a6', 'b6', true),
        parallelAllowed: options.parallelAllowed ?? false,
      },
    ],
    faultIndicators:
      options.indicators === false
        ? []
        : [
            indicator('FI.471-1', 'a3', 'L2'),
            indicator('FI.471-2', 'a5', 'L3'),
            indicator('FI.472-1', 'b3', 'M2'),
            indicator('FI.472-2', 'b5', 'M3'),
          ],
    groundDisconnectors: [
      ...(options.earthed ?? []).map((at) => ({ id: `${at}-76`, node: at, closed: true })),
      ...(options.earthingSwitches ?? []).map(({ node: at }) => ({ id: `${at}-76`, node: at })),
    ],
    generators: (options.generators ?? []).map((unit) => ({
      ...unit,
      id: `PV.${unit.node}`,
      p_kW: 100,
    })),
    loads: [
      load('A1', 'a2', 100),
      load('A2', 'a4', 200),
      load('A3', 'a6', 300),
      load('B1', 'b2', 100),
      load('B2', 'b4', 200),
      load('B3', 'b6', 300),
    ],
    feeders: [
      { id: 'F471', name: 'Lộ 471', head: 'T.471', mode: options.mode471 ?? 'automatic' },
      { id: 'F472', name: 'Lộ 472', head: 'T.472', mode: 'automatic' },
    ],
  };
  const parsed = parseGrid(file);
  assert(parsed.ok, `the test grid is valid: ${JSON.stringify(parsed)}`);
  const pointList = pointListOf(parsed.value.grid);
  const earthing = (options.earthingSwitches ?? []).flatMap(({ node: at, reports }): PointFile[] =>
    reports
      ? [{ id: `${at}-76.position`, rtu: 'RTU.T', equipment: `${at}-76`, signal: 'position' }]
      : [],
  );
  return {
    grid: parsed.value.grid,
    file,
    pointList: { ...pointList, points: [...pointList.points, ...earthing] },
  };
}

const COMMON: readonly Signal[] = ['position', 'localRemote', 'current_A', 'activePower_kW'];
const PROTECTION: readonly Signal[] = [
  'protectionTrip',
  'tripFunction',
  'lockout',
  'reclosing',
  'reclosingInProgress',
  'lockoutRelay86',
  'loadShedding',
  'faultReactance_ohm',
];

/** Station breakers share one RTU; every field switch has its own, with its pole indicator. */
export function pointListOf(grid: Grid): PointListFile {
  const points: PointFile[] = [];
  const rtus = new Set<string>();
  const point = (rtu: string, equipment: string, signal: Signal): void => {
    rtus.add(rtu);
    const command = signal === 'position' || signal === 'reclosing';
    points.push({
      id: `${equipment}.${signal}`,
      rtu,
      equipment,
      signal,
      ...(command ? { command: { arm: 0, operate: 2 } } : {}),
    });
  };
  for (const device of grid.switches) {
    if (!device.remote) continue;
    const rtu = device.protects ? 'RTU.T' : `RTU.${device.id}`;
    for (const signal of COMMON) point(rtu, device.id, signal);
    if (device.protects) for (const signal of PROTECTION) point(rtu, device.id, signal);
    if (device.faultIndicator) point(rtu, device.id, 'faultIndicator');
  }
  for (const indicator of grid.faultIndicators) {
    point(`RTU.${indicator.id.slice(3)}`, indicator.id, 'faultIndicator');
  }
  return {
    format: 'relight-points/1',
    grid: grid.id,
    rtus: [...rtus].sort().map((id) => ({ id, protocol: 'modbus-tcp' as const })),
    points,
  };
}
