/** How often a test looks, ms, and the most that one look counts. */
const LOOK_ms = 5;
const COUNTED_ms = 50;

/**
 * Waits for a condition that sockets bring about, and tells how long it took, ms. What counts is
 * time in which this process could run: of a pause in which the machine gave it none, only a moment
 * does, since what is tested could not act in it either.
 */
export async function until(
  what: string,
  limit_ms: number,
  condition: () => boolean,
): Promise<number> {
  let waited_ms = 0;
  let last = performance.now();
  while (!condition()) {
    if (waited_ms > limit_ms) throw new Error(`${what}: not within ${limit_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_ms));
    const now = performance.now();
    waited_ms += Math.min(now - last, COUNTED_ms);
    last = now;
  }
  return waited_ms;
}
