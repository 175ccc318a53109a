import { z } from 'zod';
import { Bilingual, PointValue, Quality } from './signals.ts';

/** One report of one point. A value without a source time is dated by its receipt and marked so. */
export const PointUpdate = z.object({
  point: z.string(),
  /** null only while the point was never read. */
  value: PointValue.nullable(),
  quality: Quality,
  /** The device's own time, ms since 1970 UTC; null where the protocol carries none. */
  sourceTime_ms: z.number().nullable(),
  /** Gateway wall time of receipt. */
  receiveTime_ms: z.number(),
  /** Counts up per RTU; order is by this number, never by clocks. */
  sequence: z.int(),
});
export type PointUpdate = z.infer<typeof PointUpdate>;

export const LinkState = z.enum(['connecting', 'up', 'down']);

/** Health of the connection to one RTU. */
export const LinkHealth = z.object({
  rtu: z.string(),
  state: LinkState,
  since_ms: z.number(),
  roundTrip_ms: z.number().nullable(),
  lastSuccess_ms: z.number().nullable(),
  errors: z.int(),
  reconnects: z.int(),
  /** Answers nobody waited for. */
  strays: z.int().optional(),
  /** Reads that began more than one period late. */
  latePolls: z.int().optional(),
  /** Values, events and answers that made no sense. */
  malformed: z.int().optional(),
  /** Events that the RTU overwrote before they could be read. */
  lostEvents: z.int().optional(),
  /** The RTU's clock minus the gateway's, ms; null where the protocol shows none. */
  skew_ms: z.number().nullable().optional(),
  /** The newest of what was malformed or refused: point, address and why. */
  problem: z.string().optional(),
  /** Why the link is as it is, in the words of the protocol; absent if there is nothing to say. */
  reason: z.string().optional(),
});
export type LinkHealth = z.infer<typeof LinkHealth>;

export const SwitchOperation = z.enum(['open', 'close', 'disableReclosing', 'enableReclosing']);
export type SwitchOperation = z.infer<typeof SwitchOperation>;

/**
 * What the control centre hands the gateway. `select` reserves (and, on Modbus, reads the
 * position back); `operate` is the one write; `cancel` gives the reservation up.
 */
export const ControlOrder = z.object({
  commandId: z.string(),
  phase: z.enum(['select', 'operate', 'cancel']),
  equipment: z.string(),
  operation: SwitchOperation,
  /** Fencing token of the issuer; an older one than the gateway has seen is refused. */
  token: z.int().nonnegative(),
  /** Wall time after which nothing may be written any more, ms since 1970 UTC. */
  expiresAt_ms: z.number(),
  /** Sequence of the position reading the decision was made on; null if there was none. */
  seenSequence: z.int().nullable(),
  seenPosition: z.string().nullable(),
  /** A close of two live sides that the loop interlock has permitted; absent: it joins nothing. */
  parallel: z.boolean().optional(),
  /** An emergency open: a tag on the device and a stale position are no reason to refuse it. */
  emergency: z.boolean().optional(),
});
export type ControlOrder = z.infer<typeof ControlOrder>;

/**
 * What became of an order. `unknown` is an outcome: the write may or may not have arrived, and
 * nobody sends it again. `refused`: nothing was written.
 */
export const ControlReport = z.object({
  commandId: z.string(),
  phase: z.enum(['select', 'operate', 'cancel']),
  outcome: z.enum([
    'selected',
    'acknowledged',
    'cancelled',
    'refused',
    'failed',
    'unknown',
    'expired',
  ]),
  /** Who refused; a refusal by the monitor is a disagreement with the engine and halts the plan. */
  refusedBy: z.enum(['gateway', 'monitor', 'rtu']).optional(),
  /** The reason for people, where whoever refused words it in both languages. */
  text: Bilingual.optional(),
  reason: z.string().optional(),
  at_ms: z.number(),
});
export type ControlReport = z.infer<typeof ControlReport>;

/** Control centre → gateway, over the bus. */
export const GatewayRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('control'), order: ControlOrder }),
  z.object({ type: z.literal('integrityPoll'), requestId: z.string(), rtus: z.array(z.string()) }),
  z.object({ type: z.literal('stop') }),
]);
export type GatewayRequest = z.infer<typeof GatewayRequest>;

/** What waits in the gateway, and what it has had to do without since its start. */
export const GatewayFigures = z.object({
  /** Updates on their way to the control centre. */
  waiting: z.int(),
  /** Measurements replaced by newer ones of their point before they left: what gives way first. */
  mergedRefreshes: z.int(),
  /** Events replaced by a newer state of their point; not before 100,000 were waiting. */
  lostEvents: z.int(),
  /** Readings of points that are not in the list. */
  unknownPoints: z.int(),
});
export type GatewayFigures = z.infer<typeof GatewayFigures>;

/** Gateway → control centre, over the bus; telemetry comes as one batch per gateway tick. */
export const GatewayMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('telemetry'), updates: z.array(PointUpdate) }),
  z.object({ type: z.literal('links'), links: z.array(LinkHealth) }),
  z.object({ type: z.literal('figures'), figures: GatewayFigures }),
  z.object({ type: z.literal('controlReport'), report: ControlReport }),
  z.object({
    type: z.literal('integrityDone'),
    requestId: z.string(),
    rtu: z.string(),
    ok: z.boolean(),
  }),
  z.object({ type: z.literal('stopped') }),
]);
export type GatewayMessage = z.infer<typeof GatewayMessage>;
