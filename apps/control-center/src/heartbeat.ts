import type { Heartbeat } from '@relight/contract';
import type { Clock } from '@relight/foundation';

const BEAT_EVERY_MS = 1_000;
/** A turn is asked for at every beat; without one for this long nothing is decided any more. */
const MOST_TURN_AGE_MS = 2_500;

export interface HeartbeatParts {
  readonly clock: Clock;
  /** Asks the fold for a turn, so that its age means something on a quiet grid too. */
  readonly askForTurn: () => void;
  /** Monotonic time of the last finished turn. */
  readonly lastTurn_ms: () => number;
  readonly send: (beat: Heartbeat) => void;
}

/**
 * Tells every console once a second whether the part that makes the alarms works. Where this
 * process hangs or dies nothing comes at all, and the console's own timer says so.
 * @returns Stops it.
 */
export function startHeartbeat(parts: HeartbeatParts): () => void {
  const { clock, askForTurn, lastTurn_ms, send } = parts;
  const timer = setInterval(() => {
    const turnAge_ms = clock.monotonic() - lastTurn_ms();
    const alarmsWork = turnAge_ms < MOST_TURN_AGE_MS;
    send({ type: 'heartbeat', serverTime_ms: clock.now(), alarmsWork, turnAge_ms });
    askForTurn();
  }, BEAT_EVERY_MS);
  return () => clearInterval(timer);
}
