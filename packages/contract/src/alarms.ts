import { z } from 'zod';
import { Bilingual } from './signals.ts';

/**
 * Alarms by ISA-18.2 / IEC 62682. Four states follow cause and acknowledgement; three take an alarm
 * out of the list that rings, each for a reason that is shown. What is shelved, suppressed or out
 * of service goes on being followed: taken back, it stands in the state its cause gives it then.
 */
export const AlarmState = z.enum([
  /** Neither cause nor anything to see: the row goes. */
  'normal',
  'unacknowledged',
  'acknowledged',
  /** The cause has gone before anybody saw it. */
  'returnedUnacknowledged',
  /** Put aside by a person, with a reason and an end. */
  'shelved',
  /** By design: it only follows from something another alarm or incident tells already. */
  'suppressed',
  /** Taken out for work on the equipment, with a reason, until put back. */
  'outOfService',
]);
export type AlarmState = z.infer<typeof AlarmState>;

export const AlarmView = z.object({
  id: z.string(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  state: AlarmState,
  raisedAt_ms: z.number(),
  equipment: z.string(),
  place: Bilingual,
  text: Bilingual,
  incident: z.string().nullable(),
  count: z.int(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt_ms: z.number().nullable(),
  /** False once the cause has gone; also while shelved, suppressed or out of service. */
  stands: z.boolean().optional(),
  /** Incident id, or id of the alarm that speaks for a whole group; rows of one group belong together. */
  group: z.string().nullable().optional(),
  /** Why it is suppressed; null: it is not. */
  suppressedBecause: Bilingual.nullable().optional(),
  /** Present while shelved. */
  shelved: z
    .object({ by: z.string(), reason: z.string(), at_ms: z.number(), until_ms: z.number() })
    .nullable()
    .optional(),
  /** Present while out of service. */
  outOfService: z
    .object({ by: z.string(), reason: z.string(), at_ms: z.number() })
    .nullable()
    .optional(),
  /** May be shelved or taken out of service: never those of priority 1. */
  maySilence: z.boolean().optional(),
});
export type AlarmView = z.infer<typeof AlarmView>;

/**
 * Load on the person at the desk. A flood begins with more than ten new alarms within ten minutes
 * and ends below five (ISA-18.2, EEMUA 191); suppressed, shelved and out-of-service ones do not count.
 */
export const AlarmLoadView = z.object({
  /** New alarms of the last ten minutes. */
  perTenMinutes: z.int(),
  /** Wall time since which it is a flood; null: it is none. */
  floodSince_ms: z.number().nullable(),
  /** Rows that want to be acknowledged, by priority 1 to 4. */
  unacknowledged: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  shelved: z.int(),
  suppressed: z.int(),
  outOfService: z.int(),
});
export type AlarmLoadView = z.infer<typeof AlarmLoadView>;

const Reason = z.string().trim().min(3).max(500);
/** Shortest and longest time an alarm can be shelved for: one minute, one shift of twelve hours. */
const ShelfTime_ms = z.int().min(60_000).max(43_200_000);
const ALARMS_AT_ONCE = 1_000;

/** Body of POST /alarms/:id/shelve. It ends by itself; the alarm then rings anew if its cause stands. */
export const ShelveRequest = z.strictObject({ reason: Reason, for_ms: ShelfTime_ms });
export type ShelveRequest = z.infer<typeof ShelveRequest>;

/** Body of POST /alarms/:id/out-of-service. */
export const OutOfServiceRequest = z.strictObject({ reason: Reason });
export type OutOfServiceRequest = z.infer<typeof OutOfServiceRequest>;

/** Body of POST /alarms/acknowledge: all of them or, if one id is unknown, none. */
export const AcknowledgeRequest = z.strictObject({
  alarms: z.array(z.string().min(1)).min(1).max(ALARMS_AT_ONCE),
});
export type AcknowledgeRequest = z.infer<typeof AcknowledgeRequest>;

/**
 * What a person does with alarms. Acknowledging counts for every desk and names who did it.
 * Silencing the sound does not belong here: each console silences itself.
 */
export const ALARM_REQUESTS = [
  z.strictObject({ type: z.literal('acknowledgeAlarm'), alarm: z.string() }),
  z.strictObject({ type: z.literal('acknowledgeAlarms'), ...AcknowledgeRequest.shape }),
  /** Every alarm of the group: an incident's, or those one alarm speaks for. */
  z.strictObject({ type: z.literal('acknowledgeGroup'), group: z.string() }),
  z.strictObject({
    type: z.literal('shelveAlarm'),
    alarm: z.string(),
    ...ShelveRequest.shape,
  }),
  z.strictObject({ type: z.literal('unshelveAlarm'), alarm: z.string() }),
  z.strictObject({
    type: z.literal('takeAlarmOutOfService'),
    alarm: z.string(),
    ...OutOfServiceRequest.shape,
  }),
  z.strictObject({ type: z.literal('returnAlarmToService'), alarm: z.string() }),
] as const;

/**
 * An alarm as the journal keeps it at every change, so that the next run of the control centre
 * knows which stand, which are put aside, and who has seen what.
 */
export const CarriedAlarm = z.object({
  key: z.string(),
  priority: AlarmView.shape.priority,
  /** By cause and acknowledgement alone. */
  state: z.enum(['normal', 'unacknowledged', 'acknowledged', 'returnedUnacknowledged']),
  raisedAt_ms: z.number(),
  equipment: z.string(),
  text: Bilingual,
  incident: z.string().nullable(),
  count: z.int(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt_ms: z.number().nullable(),
  shelved: AlarmView.shape.shelved.unwrap(),
  outOfService: AlarmView.shape.outOfService.unwrap(),
});
export type CarriedAlarm = z.infer<typeof CarriedAlarm>;
