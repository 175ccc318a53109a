import { z } from 'zod';
import { AutomationMode } from './grid-file.ts';
import { Bilingual, Position } from './signals.ts';
import { ApprovalView, SheddingListView } from './approvals.ts';
import { CommandView, Gate, IncidentDecision } from './console-protocol.ts';
import { RepairReport } from './phase-order.ts';
import { EarthView, Reason, TagView } from './tags.ts';
import { SwitchOperation } from './telemetry.ts';

/**
 * REST of the control centre under `/api/v1`, strict JSON.
 *
 * Who asks: a browser by its session cookie (HttpOnly, SameSite=Strict), which the log-in leaves,
 * or in the demo opening the printed address (`/?token=…`); every POST, PUT and DELETE with it also
 * needs the header `x-relight-csrf` (value of SessionView.csrf) and the Origin of our own page. A
 * program by `Authorization: Bearer TOKEN` (integration token; in the demo the printed token).
 * What is allowed: each route declares a right, the roles of the person give it or do not.
 *
 * POST /session             LogIn            SessionView; 401 RL-040 wrong, 429 RL-041 wait (Retry-After)
 * GET  /session                              SessionView; 401 RL-020 nobody is logged in
 * DELETE /session                            { ok: true }: log out, every stream of it closes (4401)
 * POST /session/lock                         SessionView with `locked`
 * POST /session/unlock      Unlock           SessionView; 401 RL-040, 429 RL-041
 * POST /session/activity                     { ok: true }: somebody is there; at most every 30 s
 * PUT  /session/password    ChangePassword   { ok: true }; every other session of the person ends
 * POST /session/person      BecomePerson     demo only: SessionView and a cookie of that person; 404 else
 * GET  /sessions                             { sessions: SessionRow[] }
 * DELETE /sessions/:id                       { ok: true }: ends it, its streams close within 1 s (4401)
 * GET  /accounts                             { accounts: AccountView[], tokens: TokenView[] }; 404 in the demo
 * POST /accounts            NewAccount       AccountView; 422 RL-046 with the reason, as below
 * PUT  /accounts/:id/roles  SetRoles         AccountView; the sessions of that account end
 * PUT  /accounts/:id/password  SetPassword   AccountView
 * PUT  /accounts/:id/disabled  SetDisabled   AccountView
 * POST /accounts/:id/tokens NewToken         MadeToken: the secret is told this once
 * DELETE /tokens/:id                         { ok: true }
 *
 * GET  /health                          HealthView (no token needed)
 * GET  /grid                            the grid file
 * GET  /snapshot                        Snapshot
 * GET  /events?before=SEQ&limit=N       { events: EventView[] } newest first
 * GET  /history/events     EventHistoryQuery  EventHistory: over restarts, newest first
 * GET  /history/events.csv EventExportQuery   text/csv, oldest first; 422 RL-082 too many rows
 * GET  /history/values     ValueHistoryQuery  ValueHistory; 503 RL-081 where the history is broken
 * GET  /openapi.json
 * POST /commands/check      CommandCheck     CommandCheckView: the gates, nothing is done
 * POST /commands            CommandRequest   202 CommandView: interlocks, then select at the RTU
 * POST /commands/:id/execute                 202 CommandView
 * POST /commands/:id/cancel                  202 CommandView
 * POST /commands/emergency-open EmergencyOpen   202 CommandView
 * POST /commands/:id/clear  ClearUnknown     202 Accepted with the approval it waits for
 * POST /tags                PlaceTag         202 Accepted with the tag, once it is on disk
 * POST /tags/:id/remove     Remove           202 Accepted; with an approval unless asked by the owner
 * POST /earths, POST /earths/:id/remove      RecordEarth, Remove: as for tags
 * PUT  /equipment/:id/position  EnterPosition   202 Accepted
 * POST /equipment/:id/position/remove  RemovePosition   202 Accepted
 * POST /approvals/:id/approve   Approve      202 Accepted: another user, another session
 * POST /approvals/:id/refuse    Refuse       202 Accepted
 * POST /shedding-lists      PrepareShedding  202 Accepted with list and approval
 * POST /shedding-lists/:id/withdraw          202 Accepted
 * PUT  /automation          ScopeModeRequest 202 Accepted
 * PUT  /incidents/:id/repair-time  RepairTimeRequest  202 { ok: true }: planned again with it
 * POST /incidents/:id/decision  DecisionRequest  202 { ok: true }; `liftBlocks` without `repair` 422 RL-075
 * POST /incidents/:id/way-back  WayBackRequest  202 { ok: true }; 409 RL-076 as long as something is missing
 * POST /normal-state/adopt   AdoptNormal      202 Accepted with the approval it waits for; 409 RL-077
 * GET  /normal-state                         NormalState: what differs from the grid file
 * POST /sections/:id/phase-order  PhaseOrderReport  202 { ok: true }
 * POST /alarms/:id/acknowledge               202 { ok: true }
 * POST /alarms/acknowledge  AcknowledgeRequest  202 { ok: true }: all named, or none
 * POST /alarms/group/:id/acknowledge         202 { ok: true }: an incident's, or those one alarm speaks for
 * POST /alarms/:id/shelve   ShelveRequest    202 { ok: true }; 422 RL-060 priority 1
 * POST /alarms/:id/unshelve                  202 { ok: true }
 * POST /alarms/:id/out-of-service  OutOfServiceRequest  202 { ok: true }; 422 RL-060 priority 1
 * POST /alarms/:id/in-service                202 { ok: true }
 * POST /control-lock/reconcile  ReconcileRequest  202 { ok: true }: after a restore, by two people
 * PUT  /feeders/:id/mode    ModeRequest      202 { ok: true }
 * POST /simulation/faults   PlaceFault       only with a simulation: passed on to the simulators
 * DELETE /simulation/faults/:id, GET /simulation/faults, POST /simulation/devices/:id/misbehaviour
 * GET  /simulation/truth
 *
 * Errors: RestError with a code of docs/errors.md; 400 body, 401 nobody logged in, 403 Host or
 * Origin (RL-021), right (RL-042) or CSRF token (RL-044), 404 unknown id, 409 conflict (in flight,
 * same key other body, plan changed), 423 locked session (RL-043), 429 too many (RL-045),
 * 503 not ready.
 */
export const CommandCheck = z.strictObject({
  equipment: z.string().min(1),
  operation: SwitchOperation,
  /** Incident of which this close would be the declared trial: judged as such. */
  trialOf: z.string().min(1).optional(),
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
  /** Why interlocks 5 or 9 are to be overridden; the command then waits for a second person. */
  overrideReason: Reason.optional(),
});
export type CommandRequest = z.infer<typeof CommandRequest>;

export const DecisionRequest = z.strictObject({
  decision: IncidentDecision,
  planVersion: z.int(),
  planHash: z.string().nullable(),
  /** `liftBlocks`: the sections declared repaired and clear; absent: all the incident keeps dead. */
  sections: z.array(z.string()).optional(),
  /** `liftBlocks`, then never absent: whether conductors were joined in these sections. */
  repair: RepairReport.optional(),
});
export type DecisionRequest = z.infer<typeof DecisionRequest>;

export const ModeRequest = z.strictObject({ mode: AutomationMode });
export type ModeRequest = z.infer<typeof ModeRequest>;

/** Opens a breaker or recloser at once; refused only for area, forbidden breaking or no link. */
export const EmergencyOpen = z.strictObject({
  idempotencyKey: z.string().min(8).max(100),
  equipment: z.string().min(1),
});
export type EmergencyOpen = z.infer<typeof EmergencyOpen>;

/** How far the engine may act by itself: everywhere, in a substation's area, with one device. */
export const ScopeModeRequest = z.strictObject({
  scope: z.enum(['system', 'substation', 'device']),
  /** Id of the substation or device; empty for the system. */
  equipment: z.string(),
  mode: AutomationMode,
});
export type ScopeModeRequest = z.infer<typeof ScopeModeRequest>;

/** What a request made, and the approval it waits for where it takes a second person. */
export const Accepted = z.object({
  ok: z.literal(true),
  tag: TagView.optional(),
  earth: EarthView.optional(),
  command: CommandView.optional(),
  sheddingList: SheddingListView.optional(),
  approval: ApprovalView.optional(),
});
export type Accepted = z.infer<typeof Accepted>;

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
  /** How late the main thread was over the last ten seconds; `late`: an alarm stands for it. */
  loop: z.object({ p99_ms: z.number(), max_ms: z.number(), late: z.boolean() }).optional(),
});
export type HealthView = z.infer<typeof HealthView>;
