import { z } from 'zod';
import { Signal } from './signals.ts';

export const POINTS_FORMAT = 'relight-points/1';

export const ModbusTable = z.enum(['coil', 'discreteInput', 'holdingRegister', 'inputRegister']);
export type ModbusTable = z.infer<typeof ModbusTable>;

/** How a value lies in its registers. `bit` is for coils and discrete inputs. */
export const PointType = z.enum(['bit', 'uint16', 'int16', 'uint32', 'int32', 'float32']);
export type PointType = z.infer<typeof PointType>;

/** Bits of a quality register (IEC 60870-5-104 quality descriptor); no bit set is good. */
export const MODBUS_QUALITY_BITS = {
  overflow: 0x01,
  blocked: 0x10,
  substituted: 0x20,
  notTopical: 0x40,
  invalid: 0x80,
} as const;

/**
 * How a command reaches the RTU.
 *
 * Modbus: write `arm` (two holding registers, FC 16, the fencing token as uint32, high word
 * first; it holds for a few seconds), then `operate` (one holding register, FC 6): 1 open,
 * 2 close, 3 reclosing off, 4 reclosing on. OPC UA: `select`, `operate` and `cancel` are the
 * node ids of methods on `object`.
 */
export const CommandAddress = z.union([
  z.strictObject({ arm: z.int().nonnegative(), operate: z.int().nonnegative() }),
  z.strictObject({
    object: z.string(),
    select: z.string(),
    operate: z.string(),
    cancel: z.string(),
  }),
]);
export type CommandAddress = z.infer<typeof CommandAddress>;

/**
 * Layout of a ring of events in holding registers (sequence of events). It begins with a header:
 * `newest` number of the newest event (uint32, high word first; counts up from 1, 0 = none yet),
 * `incarnation` (changes whenever the numbers begin anew), `oldest` number of the oldest event
 * still held (uint32), `acknowledged` (uint32, written by the master with FC 16: events up to this
 * number are read and may be overwritten), `capacity` (slots). Event n lies in slot
 * (n − 1) mod capacity: its number (uint32), the event code of its point, quality bits, value (two
 * registers: float32 for a float32 point, else a whole number), time (unsigned 64 bit, ms since
 * 1970 UTC by the RTU's clock).
 */
export const EVENT_RING = {
  newest: 0,
  incarnation: 2,
  oldest: 3,
  acknowledged: 5,
  capacity: 7,
  header: 8,
  slot: 10,
  number: 0,
  code: 2,
  quality: 3,
  value: 4,
  time: 6,
} as const;

export const EventRing = z.strictObject({
  /** First holding register of the header (`EVENT_RING`). */
  address: z.int().min(0).max(65_535),
  /** Slots of the ring. */
  capacity: z.int().min(1).max(6_000),
  /**
   * Where `newest` and `incarnation` can be read as well, three registers; beside fast values they
   * cost no request of their own. Absent: the header itself.
   */
  newest: z.strictObject({ table: ModbusTable, address: z.int().min(0).max(65_533) }).optional(),
});
export type EventRing = z.infer<typeof EventRing>;

export const RtuFile = z.strictObject({
  id: z.string().min(1),
  substation: z.string().optional(),
  protocol: z.enum(['modbus-tcp', 'opcua']),
  host: z.string().optional(),
  port: z.int().min(1).max(65_535).optional(),
  unitId: z.int().min(0).max(255).optional(),
  endpoint: z.string().optional(),
  security: z.string().optional(),
  /** OPC UA: user to log in as; the password never stands in a point list. Absent: anonymous. */
  user: z.string().min(1).optional(),
  pollClasses: z.record(z.string(), z.strictObject({ period_ms: z.int().positive() })).optional(),
  timeout_ms: z.int().positive().optional(),
  /**
   * Modbus: the device's own clock, four registers from `address` (unsigned 64 bit, highest word
   * first), ms since 1970 UTC. It runs on at every reading, so a frozen device shows.
   */
  clock: z.strictObject({ table: ModbusTable, address: z.int().min(0).max(65_532) }).optional(),
  /** Modbus: ring of events, so that no change between two polls is lost. */
  events: EventRing.optional(),
});
export type RtuFile = z.infer<typeof RtuFile>;

export const PointFile = z.strictObject({
  id: z.string().min(1),
  rtu: z.string().min(1),
  equipment: z.string().min(1),
  signal: Signal,
  /** Terminal of a switch that `voltagePresent` is about; without it the report locates nothing. */
  side: z.enum(['from', 'to']).optional(),
  table: ModbusTable.optional(),
  address: z.int().min(0).max(65_535).optional(),
  nodeId: z.string().optional(),
  type: PointType.optional(),
  wordOrder: z.enum(['ABCD', 'CDAB']).optional(),
  scale: z.number().optional(),
  offset: z.number().optional(),
  deadband: z.number().nonnegative().optional(),
  invert: z.boolean().optional(),
  pollClass: z.string().optional(),
  maxAge_ms: z.int().positive().optional(),
  frozen_ms: z.int().nonnegative().optional(),
  /**
   * Modbus: register of the same table with the quality in the bits of IEC 60870-5-104
   * (`MODBUS_QUALITY_BITS`), 0 = good. Absent: the device tells nothing.
   */
  qualityAddress: z.int().min(0).max(65_535).optional(),
  /**
   * Modbus: first of four registers of the same table (unsigned 64 bit, highest word first):
   * source time of the value, ms since 1970 UTC, 0 = none.
   */
  timeAddress: z.int().min(0).max(65_532).optional(),
  /** Modbus: by which code the ring of events of the RTU names this point. */
  eventCode: z.int().min(0).max(65_535).optional(),
  command: CommandAddress.optional(),
});
export type PointFile = z.infer<typeof PointFile>;

export const PointListFile = z.strictObject({
  format: z.literal(POINTS_FORMAT),
  grid: z.string(),
  rtus: z.array(RtuFile),
  points: z.array(PointFile),
});
export type PointListFile = z.infer<typeof PointListFile>;
