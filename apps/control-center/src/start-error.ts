import type { ErrorCode } from '@relight/contract';

/** A start that cannot be: printed as one line each, with the exit code to end with. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: ErrorCode;
  readonly exitCode: 1 | 2;
  /** Further reasons found at the same time. */
  readonly also: readonly StartError[];

  constructor(
    code: ErrorCode,
    message: string,
    exitCode: 1 | 2 = 1,
    also: readonly StartError[] = [],
  ) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.also = also;
  }
}
