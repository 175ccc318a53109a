import { WatchdogReady, type ControlCenterReady, type WatchdogTarget } from '@relight/contract';
import { WATCHDOG_MAIN } from '../places.ts';
import type { CliError } from '../cli-error.ts';
import { startChildProcess, type ChildProcess } from './child-process.ts';

/** More deaths than this within the time are no accident: somebody has to look. */
const MOST_RESTARTS = 5;
const WITHIN_MS = 600_000;

export interface SuperviseOptions {
  /**
   * Starts the control centre.
   * @param watchdog - Address of the watchdog on this machine.
   * @param before - What the one said that died; it comes back on the port it had. Null: the first.
   */
  readonly start: (
    watchdog: string,
    before: ControlCenterReady | null,
  ) => Promise<ChildProcess<ControlCenterReady>>;
  readonly watchdog: WatchdogPlace;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Where the watchdog listens. */
export interface WatchdogPlace {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
}

/** A control centre that is started anew when it dies, and the watchdog that ends one that hangs. */
export interface Supervised {
  /** Address of the watchdog. */
  readonly watchdog: string;
  /** The control centre as it was started first. */
  readonly first: ChildProcess<ControlCenterReady>;
  /** Resolves when it could not be kept alive. */
  readonly died: Promise<CliError>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the watchdog and the control centre, and keeps both alive. What died is said, with the new
 * address.
 * @throws CliError where the first start comes to nothing; then nothing is left behind.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  const { progress, signal, logFile } = options;
  const startWatchdog = (port: number): Promise<ChildProcess<WatchdogReady>> =>
    startChildProcess({
      name: 'watchdog',
      main: WATCHDOG_MAIN,
      args: [String(port), options.watchdog.host],
      ready: WatchdogReady,
      readyWithin_ms: 30_000,
      logFile,
      signal,
    });
  let watchdog = await startWatchdog(options.watchdog.port);
  const { url } = watchdog.ready;
  const first = await options.start(url, null).catch(async (error: unknown) => {
    await watchdog.stop();
    throw error;
  });
  let current = first;
  let stopping = false;
  const deaths: number[] = [];
  const point = (): void => {
    const { ready, pid } = current;
    const own = new URL(ready.url).origin;
    const { local: origin = own, pages = [own] } = ready;
    watchdog.tell({ origin, pid, pages } satisfies WatchdogTarget);
  };
  const keepAlive = async (): Promise<CliError> => {
    for (;;) {
      const death = await current.died;
      const now = Date.now();
      deaths.push(now);
      const recent = deaths.filter((at_ms) => now - at_ms < WITHIN_MS);
      if (stopping || recent.length > MOST_RESTARTS) return death;
      progress(`${death.message}; it is started again.`);
      try {
        current = await options.start(url, current.ready);
      } catch {
        return death;
      }
      // Stopped while it was starting: it must not be left behind.
      if (stopping) await current.stop();
      progress(`Control centre: serving again. Console: ${current.ready.url}`);
      point();
    }
  };
  /** The watchdog itself is started again, on the port it had, for as long as that helps. */
  const keepWatching = async (): Promise<void> => {
    for (let restarts = 0; restarts < MOST_RESTARTS; restarts++) {
      const death = await watchdog.died;
      if (stopping) return;
      progress(`${death.message}; it is started again.`);
      try {
        watchdog = await startWatchdog(Number(new URL(url).port));
      } catch {
        return; // The control centre notices its silence and says so.
      }
      if (stopping) await watchdog.stop();
      point();
    }
  };
  point();
  void keepWatching();
  return {
    watchdog: url,
    first,
    died: keepAlive(),
    stop: async () => {
      stopping = true;
      await watchdog.stop();
      await current.stop();
    },
  };
}
