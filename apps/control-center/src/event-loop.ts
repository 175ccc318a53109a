import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 10_000;
const RESOLUTION_MS = 10;

/** Delays of the event loop over the last full window of ten seconds, ms. */
export interface LoopDelay {
  readonly p99_ms: number;
  readonly max_ms: number;
}

/**
 * Measures how late the main thread is: it holds image, decisions and commands, so what delays it
 * delays everything.
 * @param onWindow - Told the figures of each window.
 */
export function watchEventLoop(onWindow: (delay: LoopDelay) => void): {
  readonly delay: () => LoopDelay;
  readonly stop: () => void;
} {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // What the histogram holds includes the sampling interval itself.
  const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  const read = (): LoopDelay => ({
    p99_ms: late(histogram.percentile(99)),
    max_ms: late(histogram.max),
  });
  let last: LoopDelay | null = null;
  const timer = setInterval(() => {
    last = read();
    histogram.reset();
    onWindow(last);
  }, WINDOW_MS);
  return {
    delay: () => last ?? read(),
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
