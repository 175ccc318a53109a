import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { JOURNAL_FILE, LeaseWatch, type LeaseSeen } from '@relight/journal';
import { StartError } from './start-error.ts';

const LOOK_EVERY_MS = 100;
const TRY_AGAIN_MS = 1_000;

/**
 * Waits as a standby and starts to lead once nobody else does. Where another one was faster, or the
 * leader was stopped in the middle of a commit and holds the file until it is ended, it waits on.
 * @param start - Takes the lease over as it was seen to stand still, and serves.
 * @throws StartError where the journal cannot be followed, or what `start` throws besides.
 */
export async function leadWhenFree<Running>(
  directory: string,
  log: Logger,
  start: (deposes: LeaseSeen) => Promise<Running>,
): Promise<Running> {
  for (;;) {
    const free = await awaitLeadership(directory, log);
    try {
      return await start(free);
    } catch (cause) {
      if (!(cause instanceof StartError) || cause.code !== 'RL-031') throw cause;
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
async function awaitLeadership(directory: string, log: Logger): Promise<LeaseSeen> {
  mkdirSync(directory, { recursive: true });
  const watch = new LeaseWatch(directory, join(directory, JOURNAL_FILE), () => performance.now());
  log.info({ directory }, 'standby: waits until nobody leads');
  for (;;) {
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
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
