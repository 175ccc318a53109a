import { z } from 'zod';
import { PointValue } from './signals.ts';

export const EVIDENCE_FORMAT = 'relight-evidence/1';

/** Quality of one piece of fault evidence; anything but good is no evidence, never "not passed". */
export const EvidenceQuality = z.enum(['good', 'stale', 'invalid']);

export const EvidenceSignal = z.enum([
  'position',
  'protectionTrip',
  'lockout',
  'faultIndicator',
  'tripFunction',
  'faultReactance_ohm',
  'faultDirection',
  'earthFault',
  'voltagePresent',
  'lossOfSupply',
  'neutralVoltage_kV',
]);
export type EvidenceSignal = z.infer<typeof EvidenceSignal>;

/** One report from the field, with the time its source gave it (ISO 8601, UTC). */
export const EvidenceEvent = z.object({
  at: z.iso.datetime({ offset: true }).optional(),
  equipment: z.string().min(1),
  signal: EvidenceSignal,
  value: PointValue,
  quality: EvidenceQuality.optional(),
  /** Terminal of a switch that `voltagePresent` is about; without it the report says nothing. */
  side: z.enum(['from', 'to']).optional(),
});
export type EvidenceEvent = z.infer<typeof EvidenceEvent>;

export const EvidenceFile = z.object({
  format: z.literal(EVIDENCE_FORMAT),
  events: z.array(EvidenceEvent),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;
