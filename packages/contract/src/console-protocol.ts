import { z } from 'zod';
import { AlarmLoadView, AlarmView } from './alarms.ts';
import { ControlLockView } from './control-lock.ts';
import { ApprovalView, SheddingListView } from './approvals.ts';
import { EarthFaultView } from './earth-fault.ts';
import { TrialView } from './trial-close.ts';
import { WayBackView } from './way-back.ts';
import { EvidenceSignal } from './evidence.ts';
import { AutomationMode } from './grid-file.ts';
import { AdoptedPosition } from './normal-state.ts';
import { StandingJoint } from './phase-order.ts';
import { Plan } from './plan.ts';
import { RepairView } from './repair.ts';
import { Bilingual, PointValue, Position, Quality, Signal } from './signals.ts';
import { EarthView, EnteredView, LostHoldView, TagView } from './tags.ts';
import { LinkHealth, SwitchOperation } from './telemetry.ts';
import { Heartbeat } from './watchdog.ts';

/**
 * WebSocket `/api/v1/stream`, server → console: one `snapshot`, then `delta`s whose `sequence`
 * counts up by one. Lists in a delta are upserts by `id` (events are appended). A gap in the
 * numbers means: reconnect and take a new snapshot. At most ten deltas a second.
 */
export const PROTOCOL_VERSION = 1;

export const SwitchView = z.object({
  id: z.string(),
  position: Position.nullable(),
  quality: Quality,
  sourceTime_ms: z.number().nullable(),
  /** False where the device is off its normal position. */
  normal: z.boolean(),
  reclosing: z.boolean().nullable(),
  lockout: z.boolean(),
  faultIndicator: z.boolean().nullable(),
  local: z.boolean(),
  /** Command now in flight on this device. */
  commandId: z.string().nullable(),
  /** Why the automation leaves it alone: moved by a person, or its mode; null where it does not. */
  outOfAutomation: Bilingual.nullable().optional(),
  /** Alarm whose acknowledgement gives it back to the automation; null: none does. */
  outOfAutomationAlarm: z.string().nullable().optional(),
  /** Its normal position is not that of the grid file any more; absent: it is. */
  adopted: AdoptedPosition.omit({ switch: true }).optional(),
});
export type SwitchView = z.infer<typeof SwitchView>;

export const MeasurementView = z.object({
  /** Point id. */
  id: z.string(),
  equipment: z.string(),
  signal: Signal,
  value: PointValue.nullable(),
  quality: Quality,
  sourceTime_ms: z.number().nullable(),
});
export type MeasurementView = z.infer<typeof MeasurementView>;

/** A section is what no switch separates; its static part never changes while the grid does not. */
export const SectionView = z.object({
  id: z.string(),
  name: z.string(),
  nodes: z.array(z.string()),
  lines: z.array(z.string()),
  customers: z.int(),
  p_kW: z.number(),
  /** Feeder in the normal state, null for station sections. */
  normalFeeder: z.string().nullable(),
  state: z.enum(['live', 'dead', 'suspected', 'faulted', 'unknown']),
  /** Feeder that supplies it now. */
  feeder: z.string().nullable(),
  /** Share of the fault probability while an incident is open. */
  share: z.number().nullable(),
  deadSince_ms: z.number().nullable(),
  restoredAt_ms: z.number().nullable(),
  inLoop: z.boolean(),
  /** Conductors were joined there and nobody has confirmed the phase order; absent: no doubt. */
  phaseUnconfirmed: StandingJoint.omit({ section: true }).optional(),
});
export type SectionView = z.infer<typeof SectionView>;

export const FeederView = z.object({
  id: z.string(),
  name: z.string(),
  head: z.string(),
  mode: AutomationMode,
  /** Why the feeder is out of automatic although its mode says otherwise; null if it is not. */
  outOfAutomatic: Bilingual.nullable(),
  /** Alarm whose acknowledgement ends that; null: none does. */
  outOfAutomaticAlarm: z.string().nullable().optional(),
  /** Load is being shed on it: no automation, whatever its mode, until the signal ends. */
  shedding: z.boolean().optional(),
  customers: z.int(),
  customersOut: z.int(),
  current_A: z.number().nullable(),
});
export type FeederView = z.infer<typeof FeederView>;

export const StepState = z.enum([
  'waiting',
  'next',
  'selecting',
  'executing',
  'verified',
  'failed',
  'unknown',
  'cancelled',
]);
export type StepState = z.infer<typeof StepState>;

export const EvidenceView = z.object({
  at_ms: z.number(),
  equipment: z.string(),
  signal: EvidenceSignal.or(Signal),
  value: PointValue,
  quality: Quality,
  text: Bilingual,
});
export type EvidenceView = z.infer<typeof EvidenceView>;

export const SuspectView = z.object({
  section: z.string(),
  name: z.string(),
  probability: z.number(),
  because: z.array(z.object({ supports: z.boolean(), text: Bilingual })),
});
export type SuspectView = z.infer<typeof SuspectView>;

export const IncidentState = z.enum([
  'reclosing',
  'evidence',
  'approval',
  'executing',
  'held',
  'halted',
  'restored',
  'aborted',
  'noPlan',
  'momentary',
  /** Everything is back in the normal state. */
  'returned',
]);
export type IncidentState = z.infer<typeof IncidentState>;

/**
 * `liftBlocks`: a person declares the faulted part repaired and clear; only then may it be
 * energised again (the blocks on its border go).
 */
export const IncidentDecision = z.enum([
  'approveAll',
  'approveStep',
  'hold',
  'abort',
  'liftBlocks',
]);
export type IncidentDecision = z.infer<typeof IncidentDecision>;

export const IncidentView = z.object({
  id: z.string(),
  title: Bilingual,
  state: IncidentState,
  feeders: z.array(z.string()),
  tripped: z.array(z.string()),
  openedAt_ms: z.number(),
  closedAt_ms: z.number().nullable(),
  /** Out after the trip; back since; still dark. */
  customersOut: z.int(),
  customersRestored: z.int(),
  customersDark: z.int(),
  automatic: z.boolean(),
  /** Why a person must release it, or why it stopped. */
  reasons: z.array(Bilingual),
  evidence: z.array(EvidenceView),
  suspects: z.array(SuspectView),
  plan: Plan.nullable(),
  planVersion: z.int(),
  /** SHA-256 of the canonical plan; a decision must name it. */
  planHash: z.string().nullable(),
  steps: z.array(
    z.object({
      n: z.int(),
      state: StepState,
      at_ms: z.number().nullable(),
      reason: Bilingual.nullable(),
    }),
  ),
  staysDark: z.array(
    z.object({ section: z.string(), name: z.string(), customers: z.int(), why: Bilingual }),
  ),
  decisions: z.array(IncidentDecision),
  /** Section ids this incident keeps dead until a person lifts them; absent: not told. */
  keptDead: z.array(z.string()).optional(),
  /**
   * Section ids that lost supply by it. The independent monitor may hold one of them for faulted
   * by its own account: `liftBlocks` may name them too.
   */
  lostSupply: z.array(z.string()).optional(),
  /** When the repair is expected to be done; absent: there is nothing to repair any more. */
  repair: RepairView.optional(),
  /** Trial closes that could be declared, and the last that was; absent: none. */
  trial: TrialView.optional(),
  /** The way back to the normal state; absent: nothing is to be moved back, or not yet. */
  wayBack: WayBackView.optional(),
});
export type IncidentView = z.infer<typeof IncidentView>;

export const EventView = z.object({
  id: z.string(),
  sequence: z.int(),
  sourceTime_ms: z.number().nullable(),
  receiveTime_ms: z.number(),
  equipment: z.string(),
  text: Bilingual,
  quality: Quality,
});
export type EventView = z.infer<typeof EventView>;

/** Every condition a command must meet, met or not, in fixed order. */
export const Gate = z.object({
  name: z.string(),
  ok: z.boolean(),
  label: Bilingual,
  text: Bilingual,
  /** Shut, but a typed reason and a second person open it. */
  overridable: z.boolean().optional(),
  /** Not shut, but a second person must agree (tie between two areas, many opens at once). */
  needsSecondPerson: z.boolean().optional(),
});
export type Gate = z.infer<typeof Gate>;

export const CommandView = z.object({
  id: z.string(),
  equipment: z.string(),
  operation: SwitchOperation,
  state: z.enum([
    'requested',
    'approved',
    'selected',
    'executing',
    'acknowledged',
    'verified',
    'rejected',
    'expired',
    'cancelled',
    'failed',
    'unknown',
  ]),
  by: z.string(),
  incident: z.string().nullable(),
  requestedAt_ms: z.number(),
  changedAt_ms: z.number(),
  /** Wall time at which the present state lapses; null at an end. */
  until_ms: z.number().nullable(),
  reason: Bilingual.nullable(),
  /** Approval it waits for, or was made with. */
  approval: z.string().nullable().optional(),
  /** Name of the second person. */
  secondPerson: z.string().nullable().optional(),
  /** An emergency open: one person, one dialog. */
  emergency: z.boolean().optional(),
});
export type CommandView = z.infer<typeof CommandView>;

/**
 * A mode set wider or narrower than a feeder; the strictest of system, substation, feeder and
 * device wins. What is not listed is `automatic`.
 */
export const ScopeMode = z.object({
  /** `system`, `substation/ID` or `device/ID`. */
  id: z.string(),
  scope: z.enum(['system', 'substation', 'device']),
  /** Id of the substation or device; empty for the system. */
  equipment: z.string(),
  mode: AutomationMode,
  byName: z.string(),
  at_ms: z.number(),
});
export type ScopeMode = z.infer<typeof ScopeMode>;

export const SummaryView = z.object({
  customers: z.int(),
  customersOut: z.int(),
  incidentsOpen: z.int(),
  rtus: z.int(),
  rtusUp: z.int(),
  automation: AutomationMode,
  alarms: AlarmLoadView.optional(),
  /** Present while nothing can be commanded, whoever asks. */
  controlLock: ControlLockView.nullable().optional(),
  /** Holds of an earlier run that have lost their place; absent: none. */
  lostHolds: z.array(LostHoldView).optional(),
});
export type SummaryView = z.infer<typeof SummaryView>;

const state = {
  switches: z.array(SwitchView),
  measurements: z.array(MeasurementView),
  sections: z.array(SectionView),
  feeders: z.array(FeederView),
  incidents: z.array(IncidentView),
  alarms: z.array(AlarmView),
  events: z.array(EventView),
  commands: z.array(CommandView),
  links: z.array(LinkHealth),
  tags: z.array(TagView),
  earths: z.array(EarthView),
  approvals: z.array(ApprovalView),
  sheddingLists: z.array(SheddingListView),
  modes: z.array(ScopeMode),
  summary: SummaryView,
};

export const Snapshot = z.object({
  type: z.literal('snapshot'),
  protocol: z.literal(PROTOCOL_VERSION),
  sequence: z.int(),
  serverTime_ms: z.number(),
  grid: z.string(),
  user: z.string(),
  /** True where faults can be placed in a simulation. */
  simulation: z.boolean(),
  /** Earth faults of networks without an earthed neutral; absent: none. */
  earthFaults: z.array(EarthFaultView).optional(),
  /** Positions that people entered; absent: none. */
  entered: z.array(EnteredView).optional(),
  ...state,
});
export type Snapshot = z.infer<typeof Snapshot>;

export const Delta = z.object({
  type: z.literal('delta'),
  sequence: z.int(),
  serverTime_ms: z.number(),
  switches: state.switches.optional(),
  measurements: state.measurements.optional(),
  sections: state.sections.optional(),
  feeders: state.feeders.optional(),
  incidents: state.incidents.optional(),
  earthFaults: z.array(EarthFaultView).optional(),
  alarms: state.alarms.optional(),
  events: state.events.optional(),
  commands: state.commands.optional(),
  links: state.links.optional(),
  tags: state.tags.optional(),
  earths: state.earths.optional(),
  entered: z.array(EnteredView).optional(),
  approvals: state.approvals.optional(),
  sheddingLists: state.sheddingLists.optional(),
  modes: state.modes.optional(),
  summary: state.summary.optional(),
});
export type Delta = z.infer<typeof Delta>;

/**
 * This session was locked, by idling or on purpose, or unlocked. It stands outside the numbers of
 * the deltas: picture and alarms go on.
 */
export const SessionNotice = z.object({ type: z.literal('session'), locked: z.boolean() });
export type SessionNotice = z.infer<typeof SessionNotice>;

/** Everything the server says on the stream. */
export const DownMessage = z.discriminatedUnion('type', [
  Snapshot,
  Delta,
  SessionNotice,
  Heartbeat,
]);
export type DownMessage = z.infer<typeof DownMessage>;
