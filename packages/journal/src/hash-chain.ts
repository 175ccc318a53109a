import { createHash } from 'node:crypto';

/** What the first record is chained to. */
export const CHAIN_START = '0'.repeat(64);

/** Hash of a record: SHA-256 over the previous record's hash (hex) and the record's canonical JSON. */
export function chainHash(previous: string, body: string): string {
  return createHash('sha256').update(previous).update(body).digest('hex');
}
