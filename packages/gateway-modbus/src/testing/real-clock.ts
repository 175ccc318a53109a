import type { Clock, Instant } from '@relight/foundation';

/** The machine's clocks, for tests over real sockets. */
export const realClock: Clock = {
  now: () => Date.now() as Instant,
  monotonic: () => performance.now() as Instant,
  at: (due, task) => {
    const timer = setTimeout(task, Math.max(0, due - performance.now()));
    return () => clearTimeout(timer);
  },
};
