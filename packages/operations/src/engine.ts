import type { PointListFile, Signal } from '@relight/contract';
import type { Grid } from '@relight/grid';
import {
  compileNetwork,
  energise,
  normalPositions,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import { describeSections, type SectionInfo } from './section-info.ts';

/** A point of the list with its references resolved to indices. */
export interface CompiledPoint {
  readonly id: string;
  /** Index into `Engine.rtus`. */
  readonly rtu: number;
  readonly equipment: string;
  readonly signal: Signal;
  /** Terminal of the switch it is about; null: not told. */
  readonly side: 'from' | 'to' | null;
  /** Switch index where the equipment is a switch, else −1. */
  readonly switchIndex: number;
  readonly commandable: boolean;
  /** Index of the earthing switch whose position it is, else −1. */
  readonly earthing: number;
}

export interface CompiledRtu {
  readonly id: string;
  /** Point indices, ascending. */
  readonly points: readonly number[];
}

/** Point index of each signal a switch reports. */
export type SwitchPoints = Readonly<Partial<Record<Signal, number>>>;

/**
 * Everything about one grid and its point list that never changes while the control centre
 * runs: compiled once, shared by every state and fork.
 */
export interface Engine {
  readonly grid: Grid;
  readonly network: Network;
  /** Sorted by id. */
  readonly points: readonly CompiledPoint[];
  readonly pointIndex: ReadonlyMap<string, number>;
  /** Sorted by id. */
  readonly rtus: readonly CompiledRtu[];
  readonly rtuIndex: ReadonlyMap<string, number>;
  /** By switch index. */
  readonly switchPoints: readonly SwitchPoints[];
  /** Points of indicators on poles (equipment is no switch), by indicator id. */
  readonly indicatorPoints: ReadonlyMap<string, SwitchPoints>;
  /** Points of meters, transformers and nodes that tell whether there is supply, ascending. */
  readonly supplyPoints: readonly number[];
  readonly sections: readonly SectionInfo[];
  readonly sectionIndex: ReadonlyMap<string, number>;
  readonly feederIndex: ReadonlyMap<string, number>;
  readonly normalPositions: Positions;
  readonly normalEnergisation: Energisation;
  readonly customers: number;
  /** Position point of each earthing switch, −1 where it reports none. */
  readonly earthingPoints: readonly number[];
  /** By switch index: the longest time between two polls of what it reports, ms. */
  readonly poll_ms: readonly number[];
}

/**
 * Compiles a grid and its point list. Points of equipment the grid does not know are kept as
 * plain measurements; the shell refuses a point list with gaps before it comes here.
 */
export function createOperations(options: {
  readonly grid: Grid;
  readonly pointList: PointListFile;
}): Engine {
  const { grid, pointList } = options;
  const network = compileNetwork(grid);
  const rtuIds = pointList.rtus.map((rtu) => rtu.id).toSorted();
  const rtuIndex = new Map(rtuIds.map((id, index) => [id, index]));
  const earthingIndex = new Map(grid.groundDisconnectors.map((each, index) => [each.id, index]));
  const points: CompiledPoint[] = pointList.points
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((point) => ({
      id: point.id,
      rtu: rtuIndex.get(point.rtu) ?? -1,
      equipment: point.equipment,
      signal: point.signal,
      side: point.side ?? null,
      switchIndex: network.index.switch.get(point.equipment) ?? -1,
      commandable: point.command !== undefined,
      earthing: point.signal === 'position' ? (earthingIndex.get(point.equipment) ?? -1) : -1,
    }));
  const switchPoints: Partial<Record<Signal, number>>[] = grid.switches.map(() => ({}));
  const indicatorIds = new Set(grid.faultIndicators.map((indicator) => indicator.id));
  const indicatorPoints = new Map<string, Partial<Record<Signal, number>>>();
  const rtuPoints: number[][] = rtuIds.map(() => []);
  const earthingPoints = grid.groundDisconnectors.map(() => -1);
  points.forEach((point, index) => {
    rtuPoints[point.rtu]?.push(index);
    if (point.earthing !== -1) earthingPoints[point.earthing] = index;
    const ofSwitch = switchPoints[point.switchIndex];
    if (ofSwitch !== undefined) ofSwitch[point.signal] = index;
    else if (indicatorIds.has(point.equipment)) {
      const known = indicatorPoints.get(point.equipment) ?? {};
      known[point.signal] = index;
      indicatorPoints.set(point.equipment, known);
    }
  });
  const poll_ms = grid.switches.map(() => 0);
  const rtus = new Map(pointList.rtus.map((rtu) => [rtu.id, rtu]));
  for (const { rtu, equipment, signal, pollClass } of pointList.points) {
    const at = network.index.switch.get(equipment);
    if (at === undefined || !TELLS_A_TRIP.has(signal)) continue;
    // A class without a period is polled faster than the guard time ever was.
    const period_ms = rtus.get(rtu)?.pollClasses?.[pollClass ?? 'default']?.period_ms ?? 0;
    poll_ms[at] = Math.max(poll_ms[at] ?? 0, period_ms);
  }
  const positions = normalPositions(network);
  const normalEnergisation = energise(network, positions);
  const sections = describeSections(network, normalEnergisation);
  return {
    grid,
    network,
    points,
    pointIndex: new Map(points.map((point, index) => [point.id, index])),
    rtus: rtuIds.map((id, index) => ({ id, points: rtuPoints[index] ?? [] })),
    rtuIndex,
    switchPoints,
    indicatorPoints,
    supplyPoints: points.flatMap(({ signal, switchIndex }, index) =>
      switchIndex === -1 && (signal === 'lossOfSupply' || signal === 'voltagePresent')
        ? [index]
        : [],
    ),
    sections,
    sectionIndex: new Map(sections.map((section, index) => [section.id, index])),
    feederIndex: new Map(grid.feeders.map((feeder, index) => [feeder.id, index])),
    normalPositions: positions,
    normalEnergisation,
    customers: grid.loads.reduce((sum, load) => sum + load.customers, 0),
    earthingPoints,
    poll_ms,
  };
}

/** Signals by which a trip shows. */
const TELLS_A_TRIP: ReadonlySet<Signal> = new Set<Signal>([
  'position',
  'protectionTrip',
  'lockout',
]);

/** What people call a switch: its name, or its id where the file gives none. */
export function switchName(engine: Engine, switchIndex: number): string {
  const device = engine.grid.switches[switchIndex];
  if (device === undefined) return '?';
  return device.name === '' ? device.id : device.name;
}

/** Point index of a signal of a switch, −1 where it reports none. */
export function pointOf(engine: Engine, switchIndex: number, signal: Signal): number {
  return engine.switchPoints[switchIndex]?.[signal] ?? -1;
}

/** Breakers and reclosers move by spring, the others by motor. */
export function isSpringDriven(engine: Engine, switchIndex: number): boolean {
  const kind = engine.grid.switches[switchIndex]?.kind;
  return kind === 'breaker' || kind === 'recloser';
}

const IN_SWITCH_VIEW: ReadonlySet<Signal> = new Set<Signal>([
  'position',
  'reclosing',
  'lockout',
  'faultIndicator',
  'localRemote',
]);

/** Signals a switch's own view carries; every other point is a measurement of its own. */
export function isInSwitchView(signal: Signal): boolean {
  return IN_SWITCH_VIEW.has(signal);
}
