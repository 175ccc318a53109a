import type { Bilingual, ErrorCode, RestError } from '@relight/contract';
import type { Caller } from './door.ts';
import type { RouteId } from './routes.ts';

/** A request whose shape and right have been checked already. */
export interface Call {
  readonly id: string;
  readonly body: unknown;
  readonly query: unknown;
  /** Null only on routes that answer everybody. */
  readonly caller: Caller | null;
  /** Address of the client. */
  readonly address: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Session cookie to leave or take away. */
  readonly cookie?: string;
  readonly retryAfter_s?: number;
  /** Where the answer is no JSON. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handlers = Readonly<Record<RouteId, (call: Call) => Promise<Answer> | Answer>>;

/** An answer that says no. */
export function refusal(
  status: number,
  code: ErrorCode,
  message: string,
  text?: Bilingual,
): Answer {
  const body: RestError = { code, message, ...(text === undefined ? {} : { text }) };
  return { status, body };
}
