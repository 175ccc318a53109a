import { CliError } from '../cli-error.ts';
import { Stopped } from './child-process.ts';

/**
 * Turns Ctrl-C and SIGTERM into an abort. Further signals change nothing: npm sends a second
 * SIGINT right after the terminal's, and stopping has its own time limit.
 */
export function stopOnSignals(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a verb has started and keeps running. */
interface Running {
  readonly died: Promise<CliError>;
  stop(): Promise<void>;
}

/**
 * Starts something and lets it run until somebody stops it; also a start that is broken off is done.
 * @param stopping - Called before it is stopped.
 * @throws CliError what it died of.
 */
export async function runUntilStopped(
  start: (signal: AbortSignal) => Promise<Running>,
  stopping: () => void = () => {},
): Promise<void> {
  const { signal, release } = stopOnSignals();
  try {
    const running = await start(signal);
    const death = await Promise.race([running.died, aborted(signal)]);
    stopping();
    await running.stop();
    if (death instanceof CliError) throw death;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    release();
  }
}
