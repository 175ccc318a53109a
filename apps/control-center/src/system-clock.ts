import type { Clock, Instant } from '@relight/foundation';

/** The real clock, made once per process and handed to everything else. */
export class SystemClock implements Clock {
  now = (): Instant => Date.now() as Instant;
  monotonic = (): Instant => performance.now() as Instant;
  at = (due: Instant, task: () => void): (() => void) => {
    const timer = setTimeout(task, Math.max(0, due - performance.now()));
    return () => clearTimeout(timer);
  };
}
