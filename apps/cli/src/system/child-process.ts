import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ERROR_CODES } from '@relight/contract';
import type { ErrorCode } from '@relight/contract';
import type { z } from 'zod';
import { CliError, EXIT_NO } from '../cli-error.ts';

/** How long a process may take to end by itself before it is killed. */
const STOP_GRACE_MS = 4_000;
const LAST_LINES = 20;

/** A process of the system that has said it is ready. */
export interface ChildProcess<Ready> {
  readonly name: string;
  readonly ready: Ready;
  readonly pid: number;
  /** Writes one line of JSON to its standard input. */
  readonly tell: (message: unknown) => void;
  /** Resolves when it ended without being asked to. */
  readonly died: Promise<CliError>;
  /** Closes its standard input, then asks, then kills. Never fails. */
  readonly stop: () => Promise<void>;
}

export interface ChildProcessOptions<Ready> {
  readonly name: string;
  /** TypeScript file to run with this very Node.js. */
  readonly main: string;
  readonly args: readonly string[];
  /** Shape of the one line of JSON it prints once it serves. */
  readonly ready: z.ZodType<Ready>;
  readonly readyWithin_ms: number;
  /** A line by which it says that it waits for something: from then on however long it takes. */
  readonly waits?: { readonly line: z.ZodType; readonly told: () => void };
  /** Its standard error goes here. */
  readonly logFile: string;
  /** Stops waiting for readiness and ends the process. */
  readonly signal: AbortSignal;
}

/**
 * Starts a process and waits for its ready line. It stands in a process group of its own, so
 * that a Ctrl-C reaches it through us, in order; it ends by itself when our pipe closes.
 * @throws CliError RL-013 with its last messages, when it ends or stays silent instead; where the
 *   last of them is an error of the table, that error alone.
 */
export async function startChildProcess<Ready>(
  options: ChildProcessOptions<Ready>,
): Promise<ChildProcess<Ready>> {
  const { name } = options;
  const child = spawn(process.execPath, [options.main, ...options.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.write(`${line}\n`);
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
  });
  child.stdin.on('error', () => {}); // It may be gone before us.

  let asked = false;
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    // `close` comes after the last of its output, so that the messages below are complete.
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  void ended.then(() => log.end());
  const death = (how: string): CliError =>
    new CliError('RL-013', `the ${name} ended unexpectedly (${how})`, EXIT_NO, lastLines);

  const stop = async (): Promise<void> => {
    asked = true;
    const kill = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    child.stdin.end();
    kill('SIGTERM');
    const timer = setTimeout(() => kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(timer);
  };

  const ready = await new Promise<Ready>((resolve, reject) => {
    const { readyWithin_ms, waits } = options;
    const timer = setTimeout(
      () => reject(death(`not ready within ${readyWithin_ms / 1_000} s`)),
      readyWithin_ms,
    );
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      action();
    };
    options.signal.addEventListener('abort', () => settle(() => reject(new Stopped())));
    if (options.signal.aborted) settle(() => reject(new Stopped()));
    void ended.then((how) => settle(() => reject(refusal(lastLines) ?? death(how))));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = options.ready.safeParse(parseLine(line));
      if (parsed.success) settle(() => resolve(parsed.data));
      else if (waits?.line.safeParse(parseLine(line)).success === true) settle(waits.told);
      else log.write(`${line}\n`);
    });
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  const died = new Promise<CliError>((resolve) => {
    void ended.then((how) => {
      if (!asked) resolve(death(how));
    });
  });
  const tell = (message: unknown): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  // It has said that it is ready, so it has been started.
  return { name, ready, pid: child.pid ?? 0, tell, died, stop };
}

/**
 * What a process said last, where that is `RL-nnn: what happened`; without the advice after it.
 * Where the lines before are of the same kind, they come along.
 */
function refusal(lastLines: readonly string[]): CliError | null {
  const [, code = '', said = ''] = CODED_LINE.exec(lastLines.at(-1) ?? '') ?? [];
  if (!Object.hasOwn(ERROR_CODES, code)) return null;
  const { next } = ERROR_CODES[code as ErrorCode];
  const message = said.endsWith(next) ? said.slice(0, -next.length).trimEnd() : said;
  const before = lastLines.slice(0, -1);
  const also = before.slice(before.findLastIndex((line) => !CODED_LINE.test(line)) + 1);
  return new CliError(code as ErrorCode, message, EXIT_NO, also);
}

const CODED_LINE = /^(RL-\d{3}):? (.+)$/;

/** Thrown when a start is broken off because the person asked to stop. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
