import type { Arguments, ArgumentSpec } from './parse-arguments.ts';

/** Where a verb reads and writes; tests hand in their own. */
export interface CliIo {
  /** Standard output: the result alone. */
  readonly out: (text: string) => void;
  /** Standard error: progress and errors. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One verb of `relight`. `run` returns the exit code and throws CliError for what it refuses. */
export interface Verb {
  readonly arguments: ArgumentSpec;
  /** Shown by `relight VERB --help` under the usage line. */
  readonly description: string;
  readonly run: (args: Arguments, io: CliIo) => Promise<number>;
}
