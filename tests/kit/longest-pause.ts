import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Watches how long this process got no time at a stretch; gives the longest pause since, ms. After a
 * pause as long as a time-out, links may break that nobody disturbed.
 */
export function watchPauses(): () => number {
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  return () => {
    delays.disable();
    return delays.max / 1e6;
  };
}
