import type { PointListFile } from '@relight/contract';
import type { Grid } from '@relight/grid';

/** Flags of one RTU, each on a line of its own, so that an event names its point. */
export const FLAGS = 16;
/** Measurements of one RTU, every one of them new at each read. */
export const ANALOGS = 40;
export const RING_CAPACITY = 128;
export const UNITS_PER_PORT = 250;

/** Input registers of a device of the farm: clock, newest event, switches, flags, measurements. */
export const INPUT = { clock: 0, newestEvent: 4, firstSwitch: 7 } as const;
/** Holding registers: three for each switch, two to arm and one to operate; the ring of events. */
export const HOLDING = { perSwitch: 3, ring: 200 } as const;
/** Event codes: flags from 0, switches from here. */
export const FIRST_SWITCH_CODE = 100;

const STATUS_PERIOD_ms = 500;
const ANALOG_PERIOD_ms = 1_000;
const ANALOG_SIGNALS = ['current_A', 'activePower_kW', 'reactivePower_kvar', 'voltage_kV'] as const;

/** The switches of one RTU, with the position each is to start in. */
export type FarmRtu = readonly { readonly id: string; readonly closed: boolean }[];

/** First register of the flags and of the measurements, for a device with so many switches. */
export function flagAddress(switches: number): number {
  return INPUT.firstSwitch + 2 * switches;
}

export function analogAddress(switches: number): number {
  return flagAddress(switches) + FLAGS;
}

/** Every remote switch of the grid, dealt out evenly to so many RTUs. */
export function layOutFarm(grid: Grid, wanted: number): readonly FarmRtu[] {
  const rtus = Math.max(1, Math.min(wanted, Math.floor(grid.lines.length / FLAGS)));
  const remote = grid.switches.filter((one) => one.remote);
  return Array.from({ length: rtus }, (_, order) =>
    remote.flatMap(({ id, normallyOpen }, index) =>
      index % rtus === order ? [{ id, closed: !normallyOpen }] : [],
    ),
  );
}

export function farmPointList(
  grid: Grid,
  rtus: readonly FarmRtu[],
  ports: readonly number[],
): PointListFile {
  const lines = grid.lines.map(({ id }) => id);
  const points = rtus.flatMap((switches, order): PointListFile['points'] => {
    const rtu = rtuName(order);
    const at = { rtu, table: 'inputRegister' } as const;
    const controlled = switches.flatMap(({ id }, i): PointListFile['points'] => {
      const address = INPUT.firstSwitch + 2 * i;
      return [
        {
          ...at,
          id: `${id}.position`,
          equipment: id,
          signal: 'position',
          address,
          eventCode: FIRST_SWITCH_CODE + i,
          command: { arm: HOLDING.perSwitch * i, operate: HOLDING.perSwitch * i + 2 },
        },
        {
          ...at,
          id: `${id}.localRemote`,
          equipment: id,
          signal: 'localRemote',
          address: address + 1,
        },
      ];
    });
    const flags = Array.from({ length: FLAGS }, (_, k): PointListFile['points'][number] => {
      const equipment = flagLine(lines, order, k);
      const address = flagAddress(switches.length) + k;
      return {
        ...at,
        id: `${equipment}.doorOpen`,
        equipment,
        signal: 'doorOpen',
        address,
        eventCode: k,
      };
    });
    const analogs = Array.from({ length: ANALOGS }, (_, k): PointListFile['points'][number] => {
      const place = order * ANALOGS + k;
      const equipment = lines[Math.floor(place / ANALOG_SIGNALS.length) % lines.length] ?? '';
      const signal = ANALOG_SIGNALS[place % ANALOG_SIGNALS.length] ?? 'current_A';
      const address = analogAddress(switches.length) + k;
      const id = `${equipment}.${signal}`;
      return {
        ...at,
        id,
        equipment,
        signal,
        address,
        scale: 0.1,
        pollClass: 'slow',
        maxAge_ms: 4_000,
      };
    });
    return [...controlled, ...flags, ...analogs];
  });
  return {
    format: 'relight-points/1',
    grid: grid.id,
    rtus: rtus.map((_, order) => ({
      id: rtuName(order),
      protocol: 'modbus-tcp',
      host: '127.0.0.1',
      port: ports[Math.floor(order / UNITS_PER_PORT)] ?? 0,
      unitId: 1 + (order % UNITS_PER_PORT),
      pollClasses: {
        fast: { period_ms: STATUS_PERIOD_ms },
        slow: { period_ms: ANALOG_PERIOD_ms },
      },
      clock: { table: 'inputRegister', address: INPUT.clock },
      events: {
        address: HOLDING.ring,
        capacity: RING_CAPACITY,
        newest: { table: 'inputRegister', address: INPUT.newestEvent },
      },
    })),
    points,
  };
}

/** The line whose cabinet door flag `k` of an RTU reports. */
export function flagLine(lines: readonly string[], rtu: number, k: number): string {
  return lines[rtu * FLAGS + k] ?? '';
}

function rtuName(order: number): string {
  return `RTU-${order}`;
}
