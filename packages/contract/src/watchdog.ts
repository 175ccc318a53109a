import { z } from 'zod';
import { Bilingual } from './signals.ts';

/**
 * Once a second on the stream, outside the numbers of the deltas. A console that hears nothing for
 * three seconds, or hears `alarmsWork: false`, says that alarms do not work: its own timer is the
 * first watchdog, and it needs nothing of the server.
 */
export const Heartbeat = z.object({
  type: z.literal('heartbeat'),
  serverTime_ms: z.number(),
  /** False where the fold that makes the alarms has stopped or has not finished a turn for too long. */
  alarmsWork: z.boolean(),
  /** Age of the last finished turn, ms. */
  turnAge_ms: z.number(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** How a process stands that the watchdog looks after. */
export const WatchedProcess = z.object({
  /** `stalled`: it runs and does not work; it is ended and started anew. */
  state: z.enum(['starting', 'working', 'stalled', 'down']),
  since_ms: z.number(),
  restarts: z.int(),
  /** What was seen, in words; null while all is well. */
  because: Bilingual.nullable(),
});
export type WatchedProcess = z.infer<typeof WatchedProcess>;

/**
 * `GET /watchdog` of the watchdog's own port, and the data of each event of `GET /watchdog/events`
 * (server-sent events: one at once, one a second, one at every change). It is a process of its own:
 * it answers when the control centre does not. A console finds its address in `SessionView.watchdog`.
 */
export const WatchdogView = z.object({
  format: z.literal('relight-watchdog/1'),
  at_ms: z.number(),
  controlCenter: WatchedProcess,
});
export type WatchdogView = z.infer<typeof WatchdogView>;

/** The one line of JSON the watchdog prints once it listens. */
export const WatchdogReady = z.object({ ready: z.literal(true), url: z.string() });
export type WatchdogReady = z.infer<typeof WatchdogReady>;

/** A line of its standard input: the control centre to look after from now on. */
export const WatchdogTarget = z.object({
  origin: z.string(),
  pid: z.int().positive(),
  /** Origins of its pages, the only ones a browser may show the answers to; absent: none. */
  pages: z.array(z.string()).optional(),
});
export type WatchdogTarget = z.infer<typeof WatchdogTarget>;
