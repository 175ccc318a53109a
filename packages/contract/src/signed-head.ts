import { z } from 'zod';

/** A line of `heads.jsonl` beside an audit journal: the journal ended with this record then. */
export const SignedHead = z.strictObject({
  format: z.literal('relight-head/1'),
  sequence: z.int().positive(),
  /** Hash of that record in the chain. */
  hash: z.string(),
  at_ms: z.number(),
  /** Ed25519 over the canonical JSON of the other fields, base64. */
  signature: z.string(),
});
export type SignedHead = z.infer<typeof SignedHead>;
