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
  /**
   * On a line or node whose neutral is isolated or earthed through a Petersen coil: an earth fault
   * that trips nothing and raises 3U0 (`neutralVoltage_kV` of the busbars) until it is repaired or
   * its part is switched off.
   */
  standing: z.boolean().optional(),
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

/**
 * How one field device, or the RTU behind it, is to misbehave from now on; absent fields stay as
 * they are. `cut`, `halfOpen` and `restart` happen once. Fields of Modbus RTUs alone:
 * `dropReplies`, `exception`, `wrongUnit`, `wrongTransaction`, `events`.
 */
export const Misbehaviour = z.strictObject({
  /** The drive does not move although the RTU acknowledges. */
  stuck: z.boolean().optional(),
  /** `missing`: silent when fault current passes; `false`: shows a passage that was none; `invalid`: reports bad quality. */
  indicator: z.enum(['normal', 'missing', 'false', 'invalid']).optional(),
  /** The RTU behind the device answers nothing. */
  vanish: z.boolean().optional(),
  /** The RTU refuses commands. */
  refuse: z.boolean().optional(),
  /**
   * Where the drive sticks when it is commanded: it does not leave `closed`, or `open`, or stops
   * halfway (`intermediate`). `free`: it moves again, at the next command.
   */
  stick: z.enum(['free', 'closed', 'open', 'intermediate']).optional(),
  /**
   * A commanded drive reaches its end, says so, and so much later falls back to where it came
   * from, ms; 0: it stays.
   */
  fallBackAfter_ms: z.int().min(0).max(60_000).optional(),
  /** The RTU answers, but its values and its clock stand still. */
  freeze: z.boolean().optional(),
  /** Every answer of the RTU comes so much later, ms. */
  delay_ms: z.int().min(0).max(60_000).optional(),
  /** Share of the answers that never leave the RTU. */
  dropReplies: z.number().min(0).max(1).optional(),
  /** The RTU takes connections and bytes and says nothing at all, as a hung process does. */
  silent: z.boolean().optional(),
  /** Share of the answers, or of the pieces of an OPC UA stream, with one damaged byte. */
  corrupt: z.number().min(0).max(1).optional(),
  /** Every request is answered with this Modbus exception; 0: none. */
  exception: z.int().min(0).max(255).optional(),
  /** Answers carry another unit id. */
  wrongUnit: z.boolean().optional(),
  /** Answers carry another transaction number. */
  wrongTransaction: z.boolean().optional(),
  /** The RTU's clock is ahead by so much, ms; its time stamps with it. */
  clockSkew_ms: z.int().min(-86_400_000_000).max(86_400_000_000).optional(),
  /** Time stamps of values and events: 0, or up to two hours off, each by another amount. */
  timeStamps: z.enum(['right', 'none', 'wrong']).optional(),
  /** What the ring of events makes of the next ones. */
  events: z.enum(['normal', 'duplicated', 'reordered', 'lost']).optional(),
  /** Ends every connection now, with a reset or an orderly end. */
  cut: z.enum(['reset', 'end']).optional(),
  /** The RTU forgets its connections without a word; its masters still think they have them. */
  halfOpen: z.literal(true).optional(),
  /** The RTU is off for so long; armed commands and selections are gone, events if it says so. */
  restart: z
    .strictObject({
      down_ms: z.int().min(0).max(600_000),
      losesEvents: z.boolean().optional(),
    })
    .optional(),
  /** The RTU listens at this loopback address from now on, on the same port. */
  host: z
    .string()
    .regex(/^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/)
    .optional(),
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

/** The line of JSON a control centre prints that waits as a standby: another one leads. */
export const ControlCenterWaits = z.object({ standby: z.literal(true) });
export type ControlCenterWaits = z.infer<typeof ControlCenterWaits>;

/** The one line of JSON the control centre prints on standard output once it serves. */
export const ControlCenterReady = z.object({
  ready: z.literal(true),
  /** Address with the per-start token, for a person to open. */
  url: z.string(),
  token: z.string(),
  /** Where this machine itself may ask for health, without the proxy; absent: at `url`. */
  local: z.string().optional(),
  /** Origins its pages have in a browser. */
  pages: z.array(z.string()).optional(),
});
export type ControlCenterReady = z.infer<typeof ControlCenterReady>;
