import { z } from 'zod';
import { Role } from './people.ts';

/**
 * What a session may do. The table role → right stands in one file of the control centre; every
 * route declares one. Control is limited further by the areas of the person (interlock of the
 * core); looking is not: who closes a tie must see the neighbour.
 */
export const Right = z.enum([
  /** Picture, stream, grid, events, gates of a command that is not sent. */
  'watch',
  /** Figures about the control centre itself and its links. */
  'supervise',
  /** Request, execute, cancel a command. */
  'command',
  /** Decide on the plan of an incident. */
  'decide',
  'acknowledge',
  /** How far the engine may act by itself. */
  'mode',
  'tag',
  /** Approve as second person. */
  'approve',
  /** Faults and misbehaviour in a simulation. */
  'simulate',
  /** See and end the sessions of others. */
  'sessions',
  /** Accounts, roles, tokens. */
  'accounts',
  /** Read the audit journal. */
  'audit',
  /** One's own session: who am I, lock, unlock, password, log out. Everybody logged in. */
  'own',
]);
export type Right = z.infer<typeof Right>;

/** A login name: lower case, so that nobody is two people. */
export const UserName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,39}$/, 'expected a–z, 0–9, dot, dash; a letter first; at most 40');

/** Longest password taken; longer ones only cost time. */
const LONGEST_PASSWORD = 200;
/** As typed; whether it is taken is judged where it is set. */
export const Password = z.string().min(1).max(LONGEST_PASSWORD);

/** One of the people the demo offers; no password stands before them. */
export const DemoPerson = z.object({
  user: UserName,
  name: z.string(),
  roles: z.array(Role),
});
export type DemoPerson = z.infer<typeof DemoPerson>;

/** Answer of GET and POST /session: who sits here and what may be shown to them. */
export const SessionView = z.object({
  profile: z.enum(['demo', 'production']),
  /** Public id of this log-in; the secret is in the cookie alone. */
  session: z.string(),
  user: z.string(),
  name: z.string(),
  roles: z.array(Role),
  /** Substations the person may operate; null: all. */
  areas: z.array(z.string()).nullable(),
  rights: z.array(Right),
  /** Send it as header `x-relight-csrf` with every POST, PUT and DELETE. */
  csrf: z.string(),
  /** Idle: picture and alarms go on, everything else answers 423 RL-043 until unlocked. */
  locked: z.boolean(),
  /** Idle time after which the session locks; null: never by itself. */
  idleLock_ms: z.number().nullable(),
  /** Wall time at which a new log-in is needed. */
  expiresAt_ms: z.number(),
  /**
   * Origin of the watchdog, for `GET /watchdog` and `/watchdog/events` without a cookie; absent
   * where a browser cannot reach one.
   */
  watchdog: z.string().optional(),
  /** Only in the demo: whom this browser may become with POST /session/person. */
  people: z.array(DemoPerson).optional(),
});
export type SessionView = z.infer<typeof SessionView>;

export const LogIn = z.strictObject({ user: UserName, password: Password });
export type LogIn = z.infer<typeof LogIn>;

/** In the demo, where nobody has a password, without one. */
export const Unlock = z.strictObject({ password: Password.optional() });
export type Unlock = z.infer<typeof Unlock>;

export const BecomePerson = z.strictObject({ user: UserName });
export type BecomePerson = z.infer<typeof BecomePerson>;

export const ChangePassword = z.strictObject({ current: Password, next: Password });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** One row of GET /sessions. */
export const SessionRow = z.object({
  session: z.string(),
  user: z.string(),
  name: z.string(),
  roles: z.array(Role),
  /** From where it was opened. */
  address: z.string(),
  since_ms: z.number(),
  active_ms: z.number(),
  locked: z.boolean(),
  /** Open streams. */
  streams: z.int(),
  /** The one that asks. */
  own: z.boolean(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** Close codes of the stream that say why a person sees no more; no new attempt helps. */
export const CLOSE_LOGGED_OUT = 4401;
export const CLOSE_NOT_ALLOWED = 4403;
