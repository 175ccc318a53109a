import { z } from 'zod';

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
    'forecast',
    'phaseOrder',
    'normalState',
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
