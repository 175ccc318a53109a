import { pino } from 'pino';
import { ERROR_CODES, type ControlCenterReady, type ControlCenterWaits } from '@relight/contract';
import { leadWhenFree } from './await-leadership.ts';
import { createLog } from './log.ts';
import { readOptions } from './options.ts';
import { StartError } from './start-error.ts';
import {
  prepareControlCenter,
  startControlCenter,
  type Prepared,
  type RunningControlCenter,
} from './start.ts';

/**
 * The control centre's process. Prints one line of JSON (`ControlCenterReady`) once it serves;
 * logs go to standard error. It ends on SIGINT, SIGTERM, and when its standard input closes, so
 * that it never outlives whoever started it.
 */
const log = createLog(process.env['RELIGHT_LOG_LEVEL'] ?? 'info', pino.destination(2));

let running: RunningControlCenter | null = null;
let ending = false;

async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  await running?.stop();
  process.exit(exitCode);
}

/** One line of JSON for whoever started us. */
function say(message: ControlCenterReady | ControlCenterWaits): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function tell(cause: StartError): void {
  for (const { code, message } of [cause, ...cause.also]) {
    process.stderr.write(`${code}: ${message}. ${ERROR_CODES[code].next}\n`);
  }
}

/** A part ended by itself, or another control centre leads: ours is over. */
async function breakOff(cause: unknown): Promise<void> {
  if (ending) return;
  if (cause instanceof StartError) tell(cause);
  await end(1);
}

function fail(cause: unknown): never {
  if (cause instanceof StartError) {
    tell(cause);
    process.exit(cause.exitCode);
  }
  log.fatal({ err: cause }, 'the control centre could not start');
  process.exit(1);
}

process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
process.stdin.on('end', () => void end(0));
process.stdin.on('error', () => void end(0));
process.stdin.resume();
process.on('unhandledRejection', (cause) => {
  log.fatal({ err: cause }, 'unexpected failure');
  void end(1);
});

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const start = (prepared: Prepared): Promise<RunningControlCenter> =>
    startControlCenter(options, log, (cause) => void breakOff(cause), prepared);
  if (options.standby) {
    // Only who has to wait has the time to; one that is free to lead does it at once.
    let prepared: Prepared | null = null;
    running = await leadWhenFree(
      options.journalDirectory,
      log,
      (deposes) => start({ ...prepared, deposes }),
      () => {
        prepared ??= prepareControlCenter(options);
        say({ standby: true });
      },
    );
  } else running = await start({});
  const ready: ControlCenterReady = {
    ready: true,
    url: running.url,
    token: running.token,
    local: running.local,
    pages: [...running.pages],
  };
  say(ready);
} catch (cause) {
  fail(cause);
}
