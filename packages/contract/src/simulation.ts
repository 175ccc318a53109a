import { z } from 'zod';

/**
 * The control API of the simulators (HTTP + JSON on loopback, `Authorization: Bearer TOKEN`):
 *
 * GET  /health                       200 { ok: true }
 * GET  /truth                        PlantTruth: what is really so, judged by the plant alone
 * GET  /wire?since=N                 { records: WireRecord[] } writes as they arrived
 * GET  /faults                       { faults: PlacedFault[] }
 * POST /faults         PlaceFault    PlacedFault
 * DELETE /faults/:id                 repairs it: { ok: true }
 * POST /devices/:id/misbehaviour     Misbehaviour → { ok: true }
 * Errors: 400/404 { code, message }.
 */
export const PlaceFault = z.strictObject({
  /** Line, transformer or node id. */
  equipment: z.string().min(1),
  kind: z.enum(['permanent', 'transient']).optional(),
});
export type PlaceFault = z.infer<typeof PlaceFault>;

export const PlacedFault = z.object({
  id: z.string(),
  equipment: z.string(),
  kind: z.enum(['permanent', 'transient']),
  at_ms: z.number(),
  cleared: z.boolean(),
});
export type PlacedFault = z.infer<typeof PlacedFault>;

/** How one field device is to misbehave from now on; absent fields stay as they are. */
export const Misbehaviour = z.strictObject({
  /** The drive does not move although the RTU acknowledges. */
  stuck: z.boolean().optional(),
  /** `missing`: silent when fault current passes; `false`: shows a passage that was none; `invalid`: reports bad quality. */
  indicator: z.enum(['normal', 'missing', 'false', 'invalid']).optional(),
  /** The RTU behind the device answers nothing. */
  vanish: z.boolean().optional(),
  /** The RTU refuses commands. */
  refuse: z.boolean().optional(),
});
export type Misbehaviour = z.infer<typeof Misbehaviour>;

/** One write as it arrived at an RTU: the evidence that safety tests judge by. */
export const WireRecord = z.object({
  at_ms: z.number(),
  rtu: z.string(),
  protocol: z.enum(['modbus-tcp', 'opcua']),
  connection: z.string(),
  /** Register address, or node id of the method. */
  address: z.string(),
  value: z.number(),
  switch: z.string(),
  token: z.number().optional(),
  kind: z.enum(['arm', 'select', 'operate', 'cancel', 'write']),
});
export type WireRecord = z.infer<typeof WireRecord>;

/** What is really so, by the plant's own search over its own model. Never computed by the engine. */
export const PlantTruth = z.object({
  at_ms: z.number(),
  /** True if a faulted section was energised after its protection locked out. */
  faultedEnergisedAfterTrip: z.boolean(),
  /** Most independent loops that were ever closed at once since the start. */
  loops: z.int(),
  customersOut: z.int(),
  insideFaultCustomers: z.int(),
  /** Dark although a legal supply with the same remote switches exists. */
  restorableDarkCustomers: z.int(),
  /** Dark, outside the faulted sections, and no legal supply exists. */
  unrestorableCustomers: z.int(),
  switches: z.record(z.string(), z.enum(['open', 'closed', 'intermediate'])),
  /** Every protection event so far, in order. */
  protection: z.array(z.object({ at_ms: z.number(), equipment: z.string(), event: z.string() })),
});
export type PlantTruth = z.infer<typeof PlantTruth>;

/** The one line of JSON the simulator process prints on standard output once everything listens. */
export const SimulatorReady = z.object({
  ready: z.literal(true),
  control: z.string(),
  token: z.string(),
  points: z.string(),
  rtus: z.int(),
});
export type SimulatorReady = z.infer<typeof SimulatorReady>;

/** The one line of JSON the control centre prints on standard output once it serves. */
export const ControlCenterReady = z.object({
  ready: z.literal(true),
  /** Address with the per-start token, for a person to open. */
  url: z.string(),
  token: z.string(),
});
export type ControlCenterReady = z.infer<typeof ControlCenterReady>;
