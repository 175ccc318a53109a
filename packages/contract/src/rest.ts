import { z } from 'zod';
import { AutomationMode } from './grid-file.ts';
import { Bilingual, Position } from './signals.ts';
import { CommandView, Gate, IncidentDecision } from './console-protocol.ts';
import { SwitchOperation } from './telemetry.ts';

/**
 * REST of the control centre under `/api/v1`, strict JSON. Authentication: cookie set by opening
 * the printed URL (`/?token=…`), or `Authorization: Bearer TOKEN`. Host must be loopback, and an
 * Origin, where sent, our own.
 *
 * GET  /health                          HealthView (no token needed)
 * GET  /grid                            the grid file
 * GET  /snapshot                        Snapshot
 * GET  /events?before=SEQ&limit=N       { events: EventView[] } newest first
 * GET  /openapi.json
 * POST /commands/check      CommandCheck     CommandCheckView: the gates, nothing is done
 * POST /commands            CommandRequest   202 CommandView: interlocks, then select at the RTU
 * POST /commands/:id/execute                 202 CommandView
 * POST /commands/:id/cancel                  202 CommandView
 * POST /incidents/:id/decision  DecisionRequest  202 { ok: true }
 * POST /alarms/:id/acknowledge               202 { ok: true }
 * PUT  /feeders/:id/mode    ModeRequest      202 { ok: true }
 * POST /simulation/faults   PlaceFault       only with a simulation: passed on to the simulators
 * DELETE /simulation/faults/:id, GET /simulation/faults, POST /simulation/devices/:id/misbehaviour
 * GET  /simulation/truth
 *
 * Errors: RestError with a code of docs/errors.md; 400 body, 401 token, 403 Host or Origin,
 * 404 unknown id, 409 conflict (in flight, same key other body, plan changed), 503 not ready.
 */
export const CommandCheck = z.strictObject({
  equipment: z.string().min(1),
  operation: SwitchOperation,
});
export type CommandCheck = z.infer<typeof CommandCheck>;

export const CommandCheckView = z.object({
  equipment: z.string(),
  operation: SwitchOperation,
  position: Position.nullable(),
  allowed: z.boolean(),
  gates: z.array(Gate),
});
export type CommandCheckView = z.infer<typeof CommandCheckView>;

export const CommandRequest = z.strictObject({
  idempotencyKey: z.string().min(8).max(100),
  equipment: z.string().min(1),
  operation: SwitchOperation,
});
export type CommandRequest = z.infer<typeof CommandRequest>;

export const DecisionRequest = z.strictObject({
  decision: IncidentDecision,
  planVersion: z.int(),
  planHash: z.string().nullable(),
});
export type DecisionRequest = z.infer<typeof DecisionRequest>;

export const ModeRequest = z.strictObject({ mode: AutomationMode });
export type ModeRequest = z.infer<typeof ModeRequest>;

export const RestError = z.object({
  code: z.string(),
  message: z.string(),
  text: Bilingual.optional(),
  gates: z.array(Gate).optional(),
  command: CommandView.optional(),
});
export type RestError = z.infer<typeof RestError>;

export const HealthView = z.object({
  ok: z.boolean(),
  version: z.string(),
  /** Age in ms of the newest sign of life of each part; null: none yet. */
  parts: z.record(z.string(), z.number().nullable()),
});
export type HealthView = z.infer<typeof HealthView>;
