import type { Bilingual, ErrorCode } from '@relight/contract';

/** Why a request is turned away: HTTP status, code of docs/errors.md, and words. */
export interface Refusal {
  readonly status: 401 | 403 | 423 | 429;
  readonly code: ErrorCode;
  readonly message: string;
  /** The same for people. */
  readonly text: Bilingual;
  /** Seconds to wait, where waiting helps. */
  readonly retryAfter_s?: number;
}

export function refuse(
  status: Refusal['status'],
  code: ErrorCode,
  text: Bilingual,
  retryAfter_s?: number,
): Refusal {
  return {
    status,
    code,
    message: text.en,
    text,
    ...(retryAfter_s === undefined ? {} : { retryAfter_s }),
  };
}
