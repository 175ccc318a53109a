import { z } from 'zod';
import {
  Accepted,
  Approve,
  ClearUnknown,
  AcknowledgeRequest,
  CommandCheck,
  CommandCheckView,
  CommandRequest,
  CommandView,
  DecisionRequest,
  EmergencyOpen,
  EnterPosition,
  EventView,
  GridFile,
  HealthView,
  Misbehaviour,
  ModeRequest,
  OutOfServiceRequest,
  PlacedFault,
  PlaceFault,
  PlaceTag,
  PlantTruth,
  PrepareShedding,
  RecordEarth,
  Refuse,
  Remove,
  ScopeModeRequest,
  ReconcileRequest,
  ShelveRequest,
  Snapshot,
} from '@relight/contract';

/**
 * One route of the interface: the server registers from this table and OpenAPI is printed from it.
 * Log-in, session and rights: `/session` in packages/contract/src/rest.ts says which routes there
 * are and how a request shows who asks.
 */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under /api/v1, parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly answer: { readonly status: 200 | 202; readonly schema: z.ZodType };
  /** Answers without a token: nothing that tells about the grid. */
  readonly open?: true;
}

const Done = z.object({ ok: z.literal(true) });

export const EventsQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

export const ROUTES = {
  health: {
    id: 'health',
    method: 'GET',
    path: '/health',
    open: true,
    summary: 'Whether the control centre works, and how old the last sign of life of each part is',
    answer: { status: 200, schema: HealthView },
  },
  openapi: {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    open: true,
    summary: 'This document',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()) },
  },
  metrics: {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    summary: 'Links and parts in the text format of Prometheus',
    answer: { status: 200, schema: z.string() },
  },
  grid: {
    id: 'grid',
    method: 'GET',
    path: '/grid',
    summary: 'The grid file in use',
    answer: { status: 200, schema: GridFile },
  },
  snapshot: {
    id: 'snapshot',
    method: 'GET',
    path: '/snapshot',
    summary: 'The whole present picture, as the stream begins with',
    answer: { status: 200, schema: Snapshot },
  },
  events: {
    id: 'events',
    method: 'GET',
    path: '/events',
    query: EventsQuery,
    summary: 'Sequence of events, newest first',
    answer: { status: 200, schema: z.object({ events: z.array(EventView) }) },
  },
  checkCommand: {
    id: 'checkCommand',
    method: 'POST',
    path: '/commands/check',
    body: CommandCheck,
    summary: 'Every gate a command must pass now; nothing is done',
    answer: { status: 200, schema: CommandCheckView },
  },
  requestCommand: {
    id: 'requestCommand',
    method: 'POST',
    path: '/commands',
    body: CommandRequest,
    summary: 'Requests a command: interlocks, then selection at the RTU',
    answer: { status: 202, schema: CommandView },
  },
  executeCommand: {
    id: 'executeCommand',
    method: 'POST',
    path: '/commands/:id/execute',
    summary: 'Executes a selected command',
    answer: { status: 202, schema: CommandView },
  },
  cancelCommand: {
    id: 'cancelCommand',
    method: 'POST',
    path: '/commands/:id/cancel',
    summary: 'Gives a command up before it is executed',
    answer: { status: 202, schema: CommandView },
  },
  decide: {
    id: 'decide',
    method: 'POST',
    path: '/incidents/:id/decision',
    body: DecisionRequest,
    summary: 'Approves, steps, holds or aborts the plan of an incident',
    answer: { status: 202, schema: Done },
  },
  acknowledgeAlarm: {
    id: 'acknowledgeAlarm',
    method: 'POST',
    path: '/alarms/:id/acknowledge',
    summary: 'Acknowledges an alarm',
    answer: { status: 202, schema: Done },
  },
  acknowledgeAlarms: {
    id: 'acknowledgeAlarms',
    method: 'POST',
    path: '/alarms/acknowledge',
    body: AcknowledgeRequest,
    summary: 'Acknowledges all the alarms named, or none',
    answer: { status: 202, schema: Done },
  },
  acknowledgeGroup: {
    id: 'acknowledgeGroup',
    method: 'POST',
    path: '/alarms/group/:id/acknowledge',
    summary: 'Acknowledges every alarm of an incident, or of the alarm that speaks for a group',
    answer: { status: 202, schema: Done },
  },
  shelveAlarm: {
    id: 'shelveAlarm',
    method: 'POST',
    path: '/alarms/:id/shelve',
    body: ShelveRequest,
    summary: 'Puts an alarm aside for a time, with a reason',
    answer: { status: 202, schema: Done },
  },
  unshelveAlarm: {
    id: 'unshelveAlarm',
    method: 'POST',
    path: '/alarms/:id/unshelve',
    summary: 'Takes a shelved alarm back',
    answer: { status: 202, schema: Done },
  },
  takeAlarmOutOfService: {
    id: 'takeAlarmOutOfService',
    method: 'POST',
    path: '/alarms/:id/out-of-service',
    body: OutOfServiceRequest,
    summary: 'Takes an alarm out of service for work on its equipment, with a reason',
    answer: { status: 202, schema: Done },
  },
  returnAlarmToService: {
    id: 'returnAlarmToService',
    method: 'POST',
    path: '/alarms/:id/in-service',
    summary: 'Puts an alarm back into service',
    answer: { status: 202, schema: Done },
  },
  reconcileTags: {
    id: 'reconcileTags',
    method: 'POST',
    path: '/control-lock/reconcile',
    body: ReconcileRequest,
    summary:
      'Declares tags and earths reconciled after a restore; the second person lifts the lock',
    answer: { status: 202, schema: Done },
  },
  setMode: {
    id: 'setMode',
    method: 'PUT',
    path: '/feeders/:id/mode',
    body: ModeRequest,
    summary: 'Sets how far the engine may act by itself on a feeder',
    answer: { status: 202, schema: Done },
  },
  emergencyOpen: {
    id: 'emergencyOpen',
    method: 'POST',
    path: '/commands/emergency-open',
    body: EmergencyOpen,
    summary: 'Opens a breaker or recloser at once: one person, one dialog',
    answer: { status: 202, schema: CommandView },
  },
  clearUnknown: {
    id: 'clearUnknown',
    method: 'POST',
    path: '/commands/:id/clear',
    body: ClearUnknown,
    summary: 'Asks a second person to clear an outcome that nobody knows',
    answer: { status: 202, schema: Accepted },
  },
  placeTag: {
    id: 'placeTag',
    method: 'POST',
    path: '/tags',
    body: PlaceTag,
    summary: 'Places a tag; answers once it is on disk',
    answer: { status: 202, schema: Accepted },
  },
  removeTag: {
    id: 'removeTag',
    method: 'POST',
    path: '/tags/:id/remove',
    body: Remove,
    summary: 'Takes a tag away: its owner at once, anybody else with a second person',
    answer: { status: 202, schema: Accepted },
  },
  recordEarth: {
    id: 'recordEarth',
    method: 'POST',
    path: '/earths',
    body: RecordEarth,
    summary: 'Records a portable earth; answers once it is on disk',
    answer: { status: 202, schema: Accepted },
  },
  removeEarth: {
    id: 'removeEarth',
    method: 'POST',
    path: '/earths/:id/remove',
    body: Remove,
    summary: 'Takes a portable earth off the record: as for tags',
    answer: { status: 202, schema: Accepted },
  },
  enterPosition: {
    id: 'enterPosition',
    method: 'PUT',
    path: '/equipment/:id/position',
    body: EnterPosition,
    summary: 'Enters where a device stands that sends no position of its own',
    answer: { status: 202, schema: Accepted },
  },
  approve: {
    id: 'approve',
    method: 'POST',
    path: '/approvals/:id/approve',
    body: Approve,
    summary: 'A second person agrees to exactly what was shown',
    answer: { status: 202, schema: Accepted },
  },
  refuse: {
    id: 'refuse',
    method: 'POST',
    path: '/approvals/:id/refuse',
    body: Refuse,
    summary: 'A second person says no, or the first one withdraws',
    answer: { status: 202, schema: Accepted },
  },
  prepareShedding: {
    id: 'prepareShedding',
    method: 'POST',
    path: '/shedding-lists',
    body: PrepareShedding,
    summary: 'Lays a list of opens before a second person, exempt from the bulk guard once agreed',
    answer: { status: 202, schema: Accepted },
  },
  withdrawShedding: {
    id: 'withdrawShedding',
    method: 'POST',
    path: '/shedding-lists/:id/withdraw',
    summary: 'Withdraws a shedding list',
    answer: { status: 202, schema: Accepted },
  },
  setScopeMode: {
    id: 'setScopeMode',
    method: 'PUT',
    path: '/automation',
    body: ScopeModeRequest,
    summary: 'Sets how far the engine may act: everywhere, in a substation, with a device',
    answer: { status: 202, schema: Accepted },
  },
  faults: {
    id: 'faults',
    method: 'GET',
    path: '/simulation/faults',
    summary: 'Faults placed in the simulation',
    answer: { status: 200, schema: z.object({ faults: z.array(PlacedFault) }) },
  },
  placeFault: {
    id: 'placeFault',
    method: 'POST',
    path: '/simulation/faults',
    body: PlaceFault,
    summary: 'Places a fault in the simulation',
    answer: { status: 200, schema: PlacedFault },
  },
  repairFault: {
    id: 'repairFault',
    method: 'DELETE',
    path: '/simulation/faults/:id',
    summary: 'Repairs a fault of the simulation',
    answer: { status: 200, schema: Done },
  },
  misbehave: {
    id: 'misbehave',
    method: 'POST',
    path: '/simulation/devices/:id/misbehaviour',
    body: Misbehaviour,
    summary: 'Makes a simulated device misbehave',
    answer: { status: 200, schema: Done },
  },
  truth: {
    id: 'truth',
    method: 'GET',
    path: '/simulation/truth',
    summary: 'What is really so in the simulated plant, judged by the plant',
    answer: { status: 200, schema: PlantTruth },
  },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteId = keyof typeof ROUTES;
