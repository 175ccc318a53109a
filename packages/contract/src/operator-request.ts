import { z } from 'zod';
import { ALARM_REQUESTS } from './alarms.ts';
import { Approve, ClearUnknown, PrepareShedding, Refuse } from './approvals.ts';
import { IncidentDecision } from './console-protocol.ts';
import { ReconcileRequest } from './control-lock.ts';
import { EarthFaultAction } from './earth-fault.ts';
import { AutomationMode } from './grid-file.ts';
import { RepairTimeRequest } from './repair.ts';
import { AdoptNormal } from './normal-state.ts';
import { PhaseOrderReport, RepairReport } from './phase-order.ts';
import { EnterPosition, PlaceTag, Reason, RecordEarth, Remove, RemovePosition } from './tags.ts';
import { SwitchOperation } from './telemetry.ts';
import { TrialCloseRequest } from './trial-close.ts';
import { WayBackRequest } from './way-back.ts';

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
    /** `liftBlocks`: whether conductors were joined there. Absent in logs from before it was asked. */
    repair: RepairReport.optional(),
  }),
  z.strictObject({
    type: z.literal('reportPhaseOrder'),
    section: z.string(),
    report: PhaseOrderReport,
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
  z.strictObject({ type: z.literal('wayBack'), incident: z.string(), ...WayBackRequest.shape }),
  z.strictObject({
    type: z.literal('setRepairTime'),
    incident: z.string(),
    ...RepairTimeRequest.shape,
  }),
  z.strictObject({ type: z.literal('adoptNormal'), ...AdoptNormal.shape }),
  z.strictObject({ type: z.literal('reconcileTags'), ...ReconcileRequest.shape }),
  z.strictObject({ type: z.literal('setMode'), feeder: z.string(), mode: AutomationMode }),
]);
export type OperatorRequest = z.infer<typeof OperatorRequest>;
