import { createHash } from 'node:crypto';
import { canonicalJson } from '@relight/contract';

/** SHA-256 of a value's canonical JSON, in hex. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
