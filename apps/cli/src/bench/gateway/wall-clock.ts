import type { Clock, Instant } from '@relight/foundation';

/** The machine's own time, for benches over real sockets. */
export const wallClock: Clock = {
  now: () => Date.now() as Instant,
  monotonic: () => performance.now() as Instant,
  at: (due, task) => {
    const timer = setTimeout(task, Math.max(0, due - performance.now()));
    return () => clearTimeout(timer);
  },
};

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
