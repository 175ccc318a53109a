import type { CommandAddress, EventRing, ModbusTable, PointType, Signal } from '@relight/contract';
import type { OpcUaSecurity } from './opcua-security.ts';
import type { SignalKind } from './signal-kind.ts';

/** Class of points that name none. */
export const DEFAULT_POLL_CLASS = 'fast';

/** Registers (or bits) a value of each type takes. */
export const WIDTH: Readonly<Record<PointType, number>> = {
  bit: 1,
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
};

/** Type of a value whose file names none. */
export function defaultType(table: ModbusTable): PointType {
  return table === 'coil' || table === 'discreteInput' ? 'bit' : 'uint16';
}

export interface ModbusTcpRtu {
  readonly protocol: 'modbus-tcp';
  readonly id: string;
  readonly substation: string | null;
  readonly host: string;
  readonly port: number;
  readonly unitId: number;
  /** Poll period of each class, ms. */
  readonly periods_ms: Readonly<Record<string, number>>;
  /** One request, ms. */
  readonly timeout_ms: number;
  /** The device's own clock: four registers, ms since 1970 UTC; it shows whether the device runs. */
  readonly clock: { readonly table: ModbusTable; readonly address: number } | null;
  /** Ring of events; null where changes between two polls are lost. */
  readonly events: EventRing | null;
}

export interface OpcUaRtu {
  readonly protocol: 'opcua';
  readonly id: string;
  readonly substation: string | null;
  readonly endpoint: string;
  readonly security: OpcUaSecurity;
  /** Null: anonymous. */
  readonly user: string | null;
  readonly timeout_ms: number;
}

export type Rtu = ModbusTcpRtu | OpcUaRtu;

/** Where a Modbus value lies; addresses count from 0. */
export interface ModbusAddress {
  readonly table: ModbusTable;
  readonly address: number;
  readonly type: PointType;
  readonly wordOrder: 'ABCD' | 'CDAB';
  /** Register of the same table with the quality bits of the value. */
  readonly qualityAddress: number | null;
  /** First of four registers of the same table with the source time, ms since 1970 UTC. */
  readonly timeAddress: number | null;
  /** How the ring of events names this point; null if its changes are not in the ring. */
  readonly eventCode: number | null;
}

/** One value of one signal of one piece of equipment, every default filled in. */
export interface Point {
  readonly id: string;
  readonly rtu: string;
  readonly equipment: string;
  readonly signal: Signal;
  readonly kind: SignalKind;
  /** Present on points of a Modbus RTU. */
  readonly modbus: ModbusAddress | null;
  /** Present on points of an OPC UA server. */
  readonly nodeId: string | null;
  /** Value = raw × scale + offset, for analogs. */
  readonly scale: number;
  readonly offset: number;
  /** An analog is reported when it has moved by more than this, in its own unit. */
  readonly deadband: number;
  /** Flags: 0 means true. Positions: open and closed change places. */
  readonly invert: boolean;
  readonly pollClass: string;
  /** Good only if confirmed by the device within this time, ms. */
  readonly maxAge_ms: number;
  /** A value that has not moved for this long is questionable, ms; 0 = never. */
  readonly frozen_ms: number;
  readonly command: CommandAddress | null;
}

/** A point list past its only door: consistent, and plain data that can cross to a worker. */
export interface PointList {
  readonly grid: string;
  readonly rtus: readonly Rtu[];
  readonly points: readonly Point[];
}

/** One clash, gap or mistake of a point list. */
export interface PointListProblem {
  /** JSON path in the file. */
  readonly path: string;
  readonly rtu: string | null;
  readonly point: string | null;
  /** Table and address, or node id. */
  readonly address: string | null;
  readonly message: string;
}
