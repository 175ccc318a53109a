import { POINTS_FORMAT } from '@relight/contract';
import type { PointFile, PointListFile, RtuFile, Signal } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { signalsOfBusbar, signalsOfSwitch } from '@relight/plant';
import { poleIndicatorSlot, REGISTERS, STATUS_SLOTS } from './register-map.ts';
import { layOutRtus, type RtuLayout } from './rtu-layout.ts';

/** Where an RTU listens: the port of a Modbus device or the endpoint of a station. */
export type Endpoint =
  | { readonly host: string; readonly port: number }
  | { readonly endpoint: string };

const FAST_PERIOD_MS = 250;
const SLOW_PERIOD_MS = 1_000;
const TIMEOUT_MS = 1_000;
const MAX_AGE_MS = 3_000;
/** Changes smaller than this are not worth a message. */
const DEADBANDS: Partial<Record<Signal, number>> = {
  current_A: 0.5,
  activePower_kW: 5,
  voltage_kV: 0.005,
  neutralVoltage_kV: 0.05,
};

/**
 * The point list a gateway needs to read and command these simulators, made from the grid and
 * the same register map and node ids that the simulators serve.
 * @param endpoints - Of every RTU of `layOutRtus(grid)`, by its id; an RTU without one is left out.
 * @param stationUser - User of the stations; their channels are encrypted then.
 */
export function generatePointList(
  grid: Grid,
  endpoints: ReadonlyMap<string, Endpoint>,
  stationUser: string | null = null,
): PointListFile {
  const served = layOutRtus(grid).filter((rtu) => endpoints.has(rtu.id));
  return {
    format: POINTS_FORMAT,
    grid: grid.id,
    rtus: served.map((rtu) => describeRtu(rtu, endpoints.get(rtu.id)!, stationUser)),
    points: served.flatMap((rtu) =>
      rtu.protocol === 'opcua' ? stationPoints(grid, rtu) : fieldPoints(grid, rtu),
    ),
  };
}

function describeRtu(rtu: RtuLayout, where: Endpoint, stationUser: string | null): RtuFile {
  const common = {
    id: rtu.id,
    ...(rtu.substation === null ? {} : { substation: rtu.substation }),
    protocol: rtu.protocol,
    timeout_ms: TIMEOUT_MS,
    pollClasses: { fast: { period_ms: FAST_PERIOD_MS }, slow: { period_ms: SLOW_PERIOD_MS } },
  };
  return 'endpoint' in where
    ? {
        ...common,
        endpoint: where.endpoint,
        ...(stationUser === null
          ? { security: 'None' }
          : { security: 'SignAndEncrypt', user: stationUser }),
      }
    : {
        ...common,
        host: where.host,
        port: where.port,
        unitId: 1,
        clock: { table: 'inputRegister', address: REGISTERS.clock },
        events: {
          address: REGISTERS.ring,
          capacity: REGISTERS.ringCapacity,
          newest: { table: 'inputRegister', address: REGISTERS.newestEvent },
        },
      };
}

/** Every signal of the RTU's equipment, in order. */
export function signalsOfRtu(
  grid: Grid,
  rtu: RtuLayout,
): readonly { readonly equipment: string; readonly signal: Signal }[] {
  const ofSwitch = (id: string): readonly Signal[] =>
    signalsOfSwitch(
      grid,
      grid.switches.findIndex((each) => each.id === id),
    );
  return [
    ...rtu.switches.flatMap((equipment) =>
      ofSwitch(equipment).map((signal) => ({ equipment, signal })),
    ),
    ...rtu.poleIndicators.map((equipment) => ({ equipment, signal: 'faultIndicator' as const })),
    ...rtu.busbars.flatMap((equipment) => {
      const index = grid.connectivityNodes.findIndex((each) => each.id === equipment);
      return signalsOfBusbar(grid, index).map((signal) => ({ equipment, signal }));
    }),
    ...rtu.transformers.map((equipment) => ({ equipment, signal: 'activePower_kW' as const })),
  ];
}

function commonOf(rtu: RtuLayout, equipment: string, signal: Signal) {
  const deadband = DEADBANDS[signal];
  return {
    id: `${equipment}.${signal}`,
    rtu: rtu.id,
    equipment,
    signal,
    maxAge_ms: MAX_AGE_MS,
    ...(deadband === undefined ? {} : { deadband }),
  };
}

function isCommanded(signal: Signal): boolean {
  return signal === 'position' || signal === 'reclosing';
}

function stationPoints(grid: Grid, rtu: RtuLayout): PointFile[] {
  return signalsOfRtu(grid, rtu).map(({ equipment, signal }) => ({
    ...commonOf(rtu, equipment, signal),
    nodeId: nodeIds.variable(equipment, signal),
    pollClass: signal in DEADBANDS ? 'slow' : 'fast',
    ...(isCommanded(signal) ? { command: nodeIds.command(equipment) } : {}),
  }));
}

/** Node ids of a station's address space. */
export const nodeIds = {
  object: (equipment: string) => `ns=1;s=${equipment}`,
  variable: (equipment: string, signal: Signal) => `ns=1;s=${equipment}.${signal}`,
  command: (equipment: string) => ({
    object: `ns=1;s=${equipment}`,
    select: `ns=1;s=${equipment}.Select`,
    operate: `ns=1;s=${equipment}.Operate`,
    cancel: `ns=1;s=${equipment}.Cancel`,
  }),
};

function fieldPoints(grid: Grid, rtu: RtuLayout): PointFile[] {
  return signalsOfRtu(grid, rtu).map(({ equipment, signal }) => ({
    ...commonOf(rtu, equipment, signal),
    table: 'inputRegister',
    ...registersOf(rtu, equipment, signal),
    ...(isCommanded(signal) ? { command: { arm: REGISTERS.arm, operate: REGISTERS.operate } } : {}),
  }));
}

function registersOf(rtu: RtuLayout, equipment: string, signal: Signal): Partial<PointFile> {
  const float = { type: 'float32', wordOrder: 'ABCD' } as const;
  switch (signal) {
    case 'current_A':
      return {
        ...float,
        address: REGISTERS.current,
        qualityAddress: REGISTERS.currentQuality,
        timeAddress: REGISTERS.measurementTime,
        pollClass: 'slow',
      };
    case 'activePower_kW':
      return {
        ...float,
        address: REGISTERS.power,
        qualityAddress: REGISTERS.powerQuality,
        timeAddress: REGISTERS.measurementTime,
        pollClass: 'slow',
      };
    case 'faultReactance_ohm':
      return {
        ...float,
        address: REGISTERS.reactance,
        qualityAddress: REGISTERS.reactanceQuality,
        timeAddress: REGISTERS.reactanceTime,
        eventCode: REGISTERS.reactanceCode,
        pollClass: 'fast',
      };
    default: {
      const pole = rtu.poleIndicators.indexOf(equipment);
      const own = STATUS_SLOTS.findIndex((each) => each === signal);
      const slot = pole === -1 ? own : poleIndicatorSlot(pole);
      return {
        type: 'uint16',
        address: REGISTERS.statusValue + slot,
        qualityAddress: REGISTERS.statusQuality + slot,
        timeAddress: REGISTERS.statusTime + 4 * slot,
        eventCode: slot,
        pollClass: 'fast',
      };
    }
  }
}
