import {
  NORMAL_STATE_FORMAT,
  type AdoptNormal,
  type NormalState,
  isLoopback,
  type Actor,
  type Approve,
  type ClearUnknown,
  type AcknowledgeRequest,
  type CommandCheck,
  type CommandRequest,
  type DecisionRequest,
  type EarthFaultAction,
  type TrialCloseRequest,
  type WayBackRequest,
  type EmergencyOpen,
  type EnterPosition,
  type EventView,
  type GridFile,
  type HealthView,
  type ModeRequest,
  type OperatorRequest,
  type PhaseOrderReport,
  type PlaceTag,
  type PrepareShedding,
  type RecordEarth,
  type Refuse,
  type Remove,
  type RepairTimeRequest,
  type RemovePosition,
  type ScopeModeRequest,
  type OutOfServiceRequest,
  type ReconcileRequest,
  type ShelveRequest,
  type Snapshot,
} from '@relight/contract';
import { assert } from '@relight/foundation';
import type { RequestReply } from '@relight/operations';
import { metricsText, type Figures } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { ROUTES } from './routes.ts';
import { HealthQuery } from './routes/watch-routes.ts';
import { refusal, type Answer, type Call, type Handlers } from './answer.ts';
import type { AccountRoute } from './account-handlers.ts';
import type { HistoryRoute } from './history-keeping.ts';
import type { SessionRoute } from './session-handlers.ts';
import type { SimulationClient } from './simulation-client.ts';

export interface HandlerParts {
  readonly version: string;
  readonly grid: GridFile;
  readonly health: () => HealthView;
  /** The watchdog of this machine has asked for a sign of life. */
  readonly watchdogAsked?: () => void;
  readonly figures: () => Omit<Figures, 'snapshot' | 'health'>;
  /** The picture, as it is shown to somebody of this name. */
  readonly snapshot: (user: string) => Snapshot;
  readonly checkCommand: (check: CommandCheck) => unknown;
  readonly request: (actor: Actor, body: OperatorRequest) => Promise<RequestReply>;
  readonly simulation: SimulationClient | null;
}

/** What each route does. */
export function createHandlers(
  parts: HandlerParts,
): Omit<Handlers, SessionRoute | AccountRoute | HistoryRoute> {
  const { simulation } = parts;

  const ask = async (call: Call, body: OperatorRequest): Promise<Answer> => {
    assert(call.caller !== null, 'the server lets nobody pass here who has not said who they are');
    const reply = await parts.request(call.caller.actor, body);
    if (reply.error !== undefined) {
      const extra = {
        ...(reply.gates && { gates: reply.gates }),
        ...(reply.command && { command: reply.command }),
      };
      return { status: reply.status, body: { ...reply.error, ...extra } };
    }
    return { status: reply.status, body: reply.accepted ?? reply.command ?? { ok: true } };
  };

  const pass = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    simulation === null
      ? refusal(404, 'RL-023', 'this control centre runs a real grid: there is no simulation')
      : simulation.send(method, path, body);

  return {
    health: ({ query, address }) => {
      const by = HealthQuery.safeParse(query).data?.by;
      if (by === 'watchdog' && isLoopback(address)) parts.watchdogAsked?.();
      const health = parts.health();
      return { status: health.ok ? 200 : 503, body: health };
    },
    openapi: () => ({ status: 200, body: openApiDocument(Object.values(ROUTES), parts.version) }),
    metrics: () => ({
      status: 200,
      body: metricsText({
        snapshot: parts.snapshot(''),
        health: parts.health(),
        ...parts.figures(),
      }),
    }),
    grid: () => ({ status: 200, body: parts.grid }),
    snapshot: (call) => ({ status: 200, body: parts.snapshot(call.caller?.actor.name ?? '') }),
    events: ({ query }) => {
      const { before, limit } = query as { before?: number; limit?: number };
      const events: EventView[] = parts
        .snapshot('')
        .events.filter((event) => before === undefined || event.sequence < before)
        .toSorted((a, b) => b.sequence - a.sequence)
        .slice(0, limit ?? 200);
      return { status: 200, body: { events } };
    },
    checkCommand: ({ body }) => {
      const view = parts.checkCommand(body as CommandCheck);
      return view === null
        ? refusal(404, 'RL-023', `no switch ${(body as CommandCheck).equipment}`)
        : { status: 200, body: view };
    },
    requestCommand: (call) => ask(call, { type: 'command', ...(call.body as CommandRequest) }),
    executeCommand: (call) => ask(call, { type: 'executeCommand', command: call.id }),
    cancelCommand: (call) => ask(call, { type: 'cancelCommand', command: call.id }),
    setRepairTime: (call) =>
      ask(call, { type: 'setRepairTime', incident: call.id, ...(call.body as RepairTimeRequest) }),
    decide: (call) => {
      const decision = call.body as DecisionRequest;
      if (decision.decision === 'liftBlocks' && decision.repair === undefined) {
        return refusal(422, 'RL-075', `${call.id}: were conductors joined in the repair?`);
      }
      return ask(call, { type: 'decide', incident: call.id, ...decision });
    },
    adoptNormal: (call) => ask(call, { type: 'adoptNormal', ...(call.body as AdoptNormal) }),
    normalState: () => {
      const { grid, switches } = parts.snapshot('');
      const adopted = switches.flatMap((each) =>
        each.adopted === undefined ? [] : [{ switch: each.id, ...each.adopted }],
      );
      const body: NormalState = { format: NORMAL_STATE_FORMAT, grid, adopted };
      return { status: 200, body };
    },
    reportPhaseOrder: (call) =>
      ask(call, {
        type: 'reportPhaseOrder',
        section: call.id,
        report: call.body as PhaseOrderReport,
      }),
    trialClose: (call) =>
      ask(call, {
        type: 'trialClose',
        incident: call.id,
        ...(call.body as TrialCloseRequest),
      }),
    wayBack: (call) =>
      ask(call, { type: 'wayBack', incident: call.id, ...(call.body as WayBackRequest) }),
    earthFault: (call) =>
      ask(call, { type: 'earthFault', earthFault: call.id, wish: call.body as EarthFaultAction }),
    acknowledgeAlarm: (call) => ask(call, { type: 'acknowledgeAlarm', alarm: call.id }),
    acknowledgeAlarms: (call) =>
      ask(call, { type: 'acknowledgeAlarms', ...(call.body as AcknowledgeRequest) }),
    acknowledgeGroup: (call) => ask(call, { type: 'acknowledgeGroup', group: call.id }),
    shelveAlarm: (call) =>
      ask(call, { type: 'shelveAlarm', alarm: call.id, ...(call.body as ShelveRequest) }),
    unshelveAlarm: (call) => ask(call, { type: 'unshelveAlarm', alarm: call.id }),
    takeAlarmOutOfService: (call) =>
      ask(call, {
        type: 'takeAlarmOutOfService',
        alarm: call.id,
        ...(call.body as OutOfServiceRequest),
      }),
    returnAlarmToService: (call) => ask(call, { type: 'returnAlarmToService', alarm: call.id }),
    reconcileTags: (call) =>
      ask(call, { type: 'reconcileTags', ...(call.body as ReconcileRequest) }),
    setMode: (call) =>
      ask(call, { type: 'setMode', feeder: call.id, mode: (call.body as ModeRequest).mode }),
    emergencyOpen: (call) => ask(call, { type: 'emergencyOpen', ...(call.body as EmergencyOpen) }),
    clearUnknown: (call) =>
      ask(call, { type: 'clearUnknown', command: call.id, ...(call.body as ClearUnknown) }),
    placeTag: (call) => ask(call, { type: 'placeTag', ...(call.body as PlaceTag) }),
    removeTag: (call) => ask(call, { type: 'removeTag', tag: call.id, ...(call.body as Remove) }),
    recordEarth: (call) => ask(call, { type: 'recordEarth', ...(call.body as RecordEarth) }),
    removeEarth: (call) =>
      ask(call, { type: 'removeEarth', earth: call.id, ...(call.body as Remove) }),
    removePosition: (call) =>
      ask(call, { type: 'removePosition', equipment: call.id, ...(call.body as RemovePosition) }),
    enterPosition: (call) =>
      ask(call, { type: 'enterPosition', equipment: call.id, ...(call.body as EnterPosition) }),
    approve: (call) => ask(call, { type: 'approve', approval: call.id, ...(call.body as Approve) }),
    refuse: (call) => ask(call, { type: 'refuse', approval: call.id, ...(call.body as Refuse) }),
    prepareShedding: (call) =>
      ask(call, { type: 'prepareShedding', ...(call.body as PrepareShedding) }),
    withdrawShedding: (call) => ask(call, { type: 'withdrawShedding', list: call.id }),
    setScopeMode: (call) => ask(call, { type: 'setScopeMode', ...(call.body as ScopeModeRequest) }),
    faults: () => pass('GET', '/faults'),
    placeFault: ({ body }) => pass('POST', '/faults', body),
    repairFault: ({ id }) => pass('DELETE', `/faults/${encodeURIComponent(id)}`),
    misbehave: ({ id, body }) =>
      pass('POST', `/devices/${encodeURIComponent(id)}/misbehaviour`, body),
    truth: () => pass('GET', '/truth'),
  };
}
