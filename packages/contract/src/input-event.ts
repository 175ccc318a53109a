import { z } from 'zod';
import { ALARM_REQUESTS, CarriedAlarm } from './alarms.ts';
import {
  ApprovalView,
  Approve,
  ClearUnknown,
  PrepareShedding,
  Refuse,
  SheddingListView,
} from './approvals.ts';
import { CommandView, IncidentDecision, ScopeMode } from './console-protocol.ts';
import { ControlLockView, ReconcileRequest } from './control-lock.ts';
import { EarthFaultAction } from './earth-fault.ts';
import { TrialCloseRequest } from './trial-close.ts';
import { AutomationMode } from './grid-file.ts';
import { Actor } from './people.ts';
import {
  EnterPosition,
  PlaceTag,
  Reason,
  RecordEarth,
  Remove,
  RemovePosition,
  TagView,
} from './tags.ts';
import { Bilingual } from './signals.ts';
import { ControlReport, LinkHealth, PointUpdate, SwitchOperation } from './telemetry.ts';

/**
 * `relight-input/1`: everything the control centre ever reacts to, numbered when dequeued. The
 * fold `step` over this log is the control centre; time comes in with each record and from
 * nowhere else. A log file is one JSON record a line, the first event is `start`.
 */
export const INPUT_FORMAT = 'relight-input/1';

/** Settings the core decides by; everything with a time scales with `relight demo --speed`. */
export const CoreConfiguration = z.strictObject({
  /** Wait for a close after a trip when no lockout signal comes, ms. */
  lockoutWait_ms: z.number().positive(),
  /** Evidence window after lockout, ms; it closes early once every affected RTU has answered. */
  evidenceWindow_ms: z.number().positive(),
  /** After each close of a plan, ms; longer where protection and polls need longer. */
  guardTime_ms: z.number().nonnegative(),
  /**
   * Slowest time from a fault to the opening of the device that clears it, ms: with two polls it is
   * the least guard time. Absent in older logs, which went by the guard time alone.
   */
  slowestProtection_ms: z.number().nonnegative().default(0),
  /**
   * How long a device has to stand open before the next step of a plan, ms: a drive that falls
   * back is seen in that time. Some polls long; absent in older logs, which did not wait.
   */
  standTime_ms: z.number().nonnegative().default(0),
  /** Time from request to the write, ms. */
  requestLife_ms: z.number().positive(),
  /** How long a selection holds, ms. */
  selectHold_ms: z.number().positive(),
  /** Wait for the position after operating, ms: breakers and reclosers, other drives. */
  breakerFeedback_ms: z.number().positive(),
  motorFeedback_ms: z.number().positive(),
  /** An unapproved plan lapses after this, ms. */
  planLife_ms: z.number().positive(),
  /** Oldest reading an interlock may use, ms. */
  oldestReading_ms: z.number().positive(),
  /** Chance that an indicator stays silent, and that it shows what did not pass. */
  indicatorMiss: z.number().min(0).max(1),
  indicatorFalse: z.number().min(0).max(1),
  /** Standard error of a fault reactance: share of the reading, and ohm. */
  reactanceError: z.number().positive(),
  reactanceError_ohm: z.number().positive(),
  /** Probability that the isolated set must hold. */
  isolateProbability: z.number().min(0).max(1),
  /** Largest probability that what a plan energises holds the fault, for automatic mode. */
  automaticRisk: z.number().min(0).max(1),
  /** Search steps of a live plan (the shell's budget, turned into steps). */
  searchSteps: z.int().positive(),
  /** How long a request waits for a second person, ms. */
  approvalLife_ms: z.number().positive().default(300_000),
  /** How long 3U0 is watched after a feeder was opened in the search for an earth fault, ms. */
  earthFaultWatch_ms: z.number().positive().default(5_000),
  /** How long a position that a person entered counts, ms; then it is doubtful until confirmed. */
  enteredPositionLife_ms: z.number().positive().default(86_400_000),
  /** Fencing token of this control centre. */
  token: z.int().nonnegative(),
});
export type CoreConfiguration = z.infer<typeof CoreConfiguration>;

export const DEFAULT_CORE_CONFIGURATION: CoreConfiguration = {
  lockoutWait_ms: 30_000,
  evidenceWindow_ms: 2_000,
  guardTime_ms: 5_000,
  slowestProtection_ms: 3_000,
  standTime_ms: 1_000,
  requestLife_ms: 10_000,
  selectHold_ms: 30_000,
  breakerFeedback_ms: 10_000,
  motorFeedback_ms: 30_000,
  planLife_ms: 60_000,
  oldestReading_ms: 10_000,
  indicatorMiss: 0.05,
  indicatorFalse: 0.01,
  reactanceError: 0.03,
  reactanceError_ohm: 0.03,
  isolateProbability: 0.95,
  automaticRisk: 0.01,
  searchSteps: 10_000,
  approvalLife_ms: 300_000,
  earthFaultWatch_ms: 5_000,
  enteredPositionLife_ms: 86_400_000,
  token: 1,
};

/** What a person asks for; `by` in the event says who. */
export const OperatorRequest = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('command'),
    idempotencyKey: z.string(),
    equipment: z.string(),
    operation: SwitchOperation,
    /** Why interlocks 5 or 9 are to be overridden; a second person must agree. */
    overrideReason: Reason.optional(),
  }),
  /** One person, one dialog: opens a breaker or recloser. */
  z.strictObject({
    type: z.literal('emergencyOpen'),
    idempotencyKey: z.string(),
    equipment: z.string(),
  }),
  z.strictObject({
    type: z.literal('clearUnknown'),
    command: z.string(),
    ...ClearUnknown.shape,
  }),
  z.strictObject({ type: z.literal('placeTag'), ...PlaceTag.shape }),
  z.strictObject({ type: z.literal('removeTag'), tag: z.string(), ...Remove.shape }),
  z.strictObject({ type: z.literal('recordEarth'), ...RecordEarth.shape }),
  z.strictObject({ type: z.literal('removeEarth'), earth: z.string(), ...Remove.shape }),
  z.strictObject({
    type: z.literal('enterPosition'),
    equipment: z.string(),
    ...EnterPosition.shape,
  }),
  z.strictObject({
    type: z.literal('removePosition'),
    equipment: z.string(),
    ...RemovePosition.shape,
  }),
  z.strictObject({ type: z.literal('approve'), approval: z.string(), ...Approve.shape }),
  z.strictObject({ type: z.literal('refuse'), approval: z.string(), ...Refuse.shape }),
  z.strictObject({ type: z.literal('prepareShedding'), ...PrepareShedding.shape }),
  z.strictObject({ type: z.literal('withdrawShedding'), list: z.string() }),
  z.strictObject({
    type: z.literal('setScopeMode'),
    scope: z.enum(['system', 'substation', 'device']),
    /** Id of the substation or device; empty for the system. */
    equipment: z.string(),
    mode: AutomationMode,
  }),
  z.strictObject({ type: z.literal('executeCommand'), command: z.string() }),
  z.strictObject({ type: z.literal('cancelCommand'), command: z.string() }),
  z.strictObject({
    type: z.literal('decide'),
    incident: z.string(),
    decision: IncidentDecision,
    planVersion: z.int(),
    planHash: z.string().nullable(),
    /** `liftBlocks`: the sections declared repaired and clear; absent: all the incident keeps dead. */
    sections: z.array(z.string()).optional(),
  }),
  ...ALARM_REQUESTS,
  z.strictObject({
    type: z.literal('earthFault'),
    earthFault: z.string(),
    wish: EarthFaultAction,
  }),
  z.strictObject({
    type: z.literal('trialClose'),
    incident: z.string(),
    ...TrialCloseRequest.shape,
  }),
  z.strictObject({ type: z.literal('reconcileTags'), ...ReconcileRequest.shape }),
  z.strictObject({ type: z.literal('setMode'), feeder: z.string(), mode: AutomationMode }),
]);
export type OperatorRequest = z.infer<typeof OperatorRequest>;

/** A tag as the journal keeps it. */
export const StandingTag = TagView.omit({ removedAt_ms: true, on: true });
export type StandingTag = z.infer<typeof StandingTag>;

/** A portable earth as the journal keeps it; `equipment` is a node or a section. */
export const StandingEarth = z.strictObject({
  id: z.string(),
  equipment: z.string(),
  label: z.string(),
  text: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  placedAt_ms: z.number(),
});
export type StandingEarth = z.infer<typeof StandingEarth>;

/** A person's word on where a device stands that sends no position. */
export const EnteredPosition = z.strictObject({
  equipment: z.string(),
  position: z.enum(['open', 'closed']),
  text: z.string(),
  by: z.string(),
  byName: z.string(),
  at_ms: z.number(),
});
export type EnteredPosition = z.infer<typeof EnteredPosition>;

/** What happens at the door and is no request to the grid; `logIn` and so on say what. */
export const PeopleAction = z.enum([
  'logIn',
  'logInRefused',
  'logOut',
  /** Ended by somebody else, by time, or because the account changed. */
  'sessionEnd',
  'lock',
  'unlock',
  'unlockRefused',
  /** Turned away: no right, locked, wrong Host or Origin; equal ones are counted, not repeated. */
  'refused',
  /** The demo's change of chairs. */
  'becomePerson',
  /** Account, role, password or token. */
  'account',
  /** What is in force differs from the last start. */
  'configuration',
]);
export type PeopleAction = z.infer<typeof PeopleAction>;

/** A request whose idempotency key is on record: asked again, it gets the fate of what it made. */
export const CarriedRequest = z.strictObject({
  key: z.string(),
  /** SHA-256 of who asked for what. */
  wish: z.string(),
  /** Id of the command, tag, earth or list it made. */
  made: z.string(),
  /** The command it made, as its last record left it; null where it made something else. */
  command: CommandView.nullable(),
});
export type CarriedRequest = z.infer<typeof CarriedRequest>;

/** What earlier runs leave behind, read from their journal at the start. */
export const CarriedOver = z.strictObject({
  /** Number of the last incident; the next one follows it. */
  lastIncident: z.int().nonnegative(),
  /** Sections that still have to stay dead, by incident. */
  keptDead: z.array(
    z.strictObject({
      incident: z.string(),
      openedAt_ms: z.number(),
      sections: z.array(z.string()),
    }),
  ),
  /**
   * Sections that the independent monitor held for faulted though no incident kept them dead.
   * Absent: none.
   */
  monitorHolds: z.array(z.string()).optional(),
  /** Commands whose operate order may have gone out and whose outcome nobody recorded. */
  openCommands: z.array(
    z.strictObject({ id: z.string(), equipment: z.string(), operation: SwitchOperation }),
  ),
  /** Commands whose operate order cannot have gone out: they expire with their run. */
  unsentCommands: z
    .array(z.strictObject({ id: z.string(), equipment: z.string(), operation: SwitchOperation }))
    .optional(),
  /** The newest requests with an idempotency key, oldest first. Absent: none. */
  requests: z.array(CarriedRequest).optional(),
  /** What waited for a second person when the run ended: void, and said to be so. */
  approvals: z.array(ApprovalView).optional(),
  /** Tags that stand; absent in logs from before there were tags. */
  tags: z.array(StandingTag).optional(),
  /** Portable earths that are on the grid. */
  earths: z.array(StandingEarth).optional(),
  /** Positions that people entered, newest word on each device. */
  positions: z.array(EnteredPosition).optional(),
  /** Modes set for the system, a substation or a device. */
  modes: z.array(ScopeMode).optional(),
  sheddingLists: z.array(SheddingListView).optional(),
  /** Alarms that stood or were put aside, in the order of their raising. Absent: none. */
  alarms: z.array(CarriedAlarm).optional(),
  /** The last mode a person gave each feeder, by feeder id. Absent: none. */
  feederModes: z.record(z.string(), AutomationMode).optional(),
  /** Feeders out of automatic until an alarm is acknowledged. Absent: none. */
  feedersOut: z
    .array(z.strictObject({ feeder: z.string(), reason: Bilingual, alarmKey: z.string() }))
    .optional(),
  /** Control was locked and nobody has lifted that. Absent: it was not. */
  controlLock: ControlLockView.optional(),
  /** Last change of an account that is on record; absent: none. */
  accountChange: z.int().positive().optional(),
  /** SHA-256 of the configuration last put on record. */
  configurationHash: z.string().optional(),
  /** SHA-256 of the grid file of the last run. */
  gridHash: z.string().optional(),
});
export type CarriedOver = z.infer<typeof CarriedOver>;

export const InputEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    format: z.literal(INPUT_FORMAT),
    grid: z.string(),
    /** SHA-256 of the canonical grid file and point list the log belongs to. */
    gridHash: z.string(),
    pointsHash: z.string(),
    configuration: CoreConfiguration,
    /** Last sequence the journal already holds; the next record follows it. Absent: 0. */
    journalSequence: z.int().nonnegative().optional(),
    /** Absent: nothing is. */
    carriedOver: CarriedOver.optional(),
    /** The journal was restored from a backup made at this wall time: control stays locked. */
    restoredFrom_ms: z.number().optional(),
    /** What is wrong with the journal that was read at the start: control stays locked. */
    journalDamage: Bilingual.optional(),
  }),
  /**
   * What a next run would carry over from the journal up to and with record `upTo`: it then need
   * not read what stands before. Decides nothing.
   */
  z.object({ kind: z.literal('checkpoint'), upTo: z.int(), carriedOver: CarriedOver }),
  /**
   * Sections that the independent monitor holds for faulted now though no incident keeps them dead,
   * all of them, whenever that changes. Decides nothing in this run: it is kept for the next.
   */
  z.object({ kind: z.literal('monitorHolds'), sections: z.array(z.string()) }),
  z.object({ kind: z.literal('telemetry'), updates: z.array(PointUpdate) }),
  z.object({ kind: z.literal('links'), links: z.array(LinkHealth) }),
  z.object({ kind: z.literal('controlReport'), report: ControlReport }),
  z.object({
    kind: z.literal('integrityDone'),
    requestId: z.string(),
    rtu: z.string(),
    ok: z.boolean(),
  }),
  /** Every journal record up to this sequence is on disk. */
  z.object({ kind: z.literal('journalDurable'), upTo: z.int() }),
  z.object({ kind: z.literal('journalFailed'), reason: z.string() }),
  /** The deadline that `step` asked for has come. */
  z.object({ kind: z.literal('deadline') }),
  z.object({
    kind: z.literal('request'),
    requestId: z.string(),
    by: z.string(),
    /** Absent in logs from before there were accounts: everything may be asked. */
    actor: Actor.optional(),
    body: OperatorRequest,
  }),
  /** A part of the control centre itself works badly, or well again: an alarm while it does not. */
  z.object({
    kind: z.literal('supervision'),
    part: z.enum(['loop', 'watchdog']),
    ok: z.boolean(),
    text: Bilingual,
  }),
  /** For the record; only a session that lost its right takes back what its person asked for. */
  z.object({
    kind: z.literal('people'),
    action: PeopleAction,
    /** Account, or the address where nobody is logged in. */
    by: z.string(),
    /** Session or account it is about. */
    about: z.string().nullable(),
    body: z.record(z.string(), z.unknown()),
  }),
]);
export type InputEvent = z.infer<typeof InputEvent>;

export const InputRecord = z.object({
  sequence: z.int().nonnegative(),
  /** Wall time, for records and the screen only, ms since 1970 UTC. */
  at_ms: z.number(),
  /** Monotonic time: every deadline counts on this. */
  monotonic_ms: z.number(),
  event: InputEvent,
});
export type InputRecord = z.infer<typeof InputRecord>;

/** One decision worth keeping; `sequence` counts up by one over the whole journal. */
export const JournalRecord = z.object({
  sequence: z.int().positive(),
  at_ms: z.number(),
  /** Input record that led to it. */
  input: z.int(),
  kind: z.enum([
    'start',
    'incident',
    'location',
    'plan',
    'approval',
    'mode',
    'command',
    'alarm',
    'request',
    'refusal',
    'tag',
    'earth',
    'position',
    'shedding',
    'checkpoint',
    'controlLock',
    'people',
    'monitor',
  ]),
  by: z.string(),
  /** Incident, command, session or account the record belongs to. */
  about: z.string().nullable(),
  body: z.record(z.string(), z.unknown()),
});
export type JournalRecord = z.infer<typeof JournalRecord>;
