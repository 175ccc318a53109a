import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ErrorCode } from '@relight/contract';
import { JOURNAL_FILE, LeaseWatch, type LeaseSeen } from '@relight/journal';
import { StartError } from './start-error.ts';

const LOOK_EVERY_MS = 100;
const TRY_AGAIN_MS = 1_000;
/** Another one was faster, or holds the file in the middle of a commit. */
const NOT_YET: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['RL-031', 'RL-083']);

/**
 * Waits as a standby and starts to lead once nobody else does. Where another one was faster, or the
 * leader was stopped in the middle of a commit and holds the file until it is ended, it waits on.
 * @param start - Takes the lease over as it was seen to stand still, and serves.
 * @param onWait - Told where somebody else leads.
 * @throws StartError where the journal cannot be followed, or what `start` throws besides.
 */
export async function leadWhenFree<Running>(
  directory: string,
  log: Logger,
  start: (deposes: LeaseSeen) => Promise<Running>,
  onWait: () => void = () => {},
): Promise<Running> {
  for (;;) {
    const free = await awaitLeadership(directory, log, onWait);
    try {
      return await start(free);
    } catch (cause) {
      if (!(cause instanceof StartError) || !NOT_YET.has(cause.code)) throw cause;
      log.warn({ reason: cause.message }, 'standby: cannot take over yet');
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/**
 * Waits as a standby until nobody leads on this journal any more: the leader's process has ended,
 * or its lease has not been renewed for longer than it lives.
 * @returns the lease as it was seen to stand still.
 * @throws StartError where the journal cannot be followed.
 */
async function awaitLeadership(
  directory: string,
  log: Logger,
  onWait: () => void,
): Promise<LeaseSeen> {
  mkdirSync(directory, { recursive: true });
  const watch = new LeaseWatch(directory, join(directory, JOURNAL_FILE), () => performance.now());
  for (let looks = 0; ; looks++) {
    let free: LeaseSeen | null;
    try {
      free = watch.look();
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new StartError('RL-031', `${directory}: ${what}`);
    }
    if (free !== null) {
      log.warn({ token: free.token }, 'standby: the leader is gone, taking over');
      return free;
    }
    if (looks === 0) {
      onWait();
      log.info({ directory }, 'standby: waits until nobody leads');
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
