import type { ErrorCode } from '@relight/contract';

/** Exit codes: the answer is no; the command was used wrongly or names something unknown. */
export const EXIT_NO = 1;
export const EXIT_USAGE = 2;

/** Stops a verb with one clear line; the code says what to do next (docs/errors.md). */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: ErrorCode;
  readonly exitCode: number;
  /** Problems that belong to it, one a line. */
  readonly details: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    exitCode: number = EXIT_USAGE,
    details: readonly string[] = [],
  ) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.details = details;
  }
}
