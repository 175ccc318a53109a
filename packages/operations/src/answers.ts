import type { Bilingual, ErrorCode } from '@relight/contract';
import type { RequestReply } from './step-result.ts';

export type Answer = Omit<RequestReply, 'requestId'>;

/** An answer that says no, with the code of docs/errors.md. */
export function refused(
  status: 403 | 404 | 409 | 422 | 503,
  code: ErrorCode,
  message: string,
  text?: Bilingual,
): Answer {
  return { status, error: { code, message, ...(text === undefined ? {} : { text }) } };
}
