import { z } from 'zod';
import { CarriedOver } from './carried-over.ts';
import { CoreConfiguration } from './core-configuration.ts';
import { OperatorRequest } from './operator-request.ts';
import { Actor } from './people.ts';
import { ForecastInForce } from './repair.ts';
import { Bilingual } from './signals.ts';
import { ControlReport, LinkHealth, PointUpdate } from './telemetry.ts';

/**
 * `relight-input/1`: everything the control centre ever reacts to, numbered when dequeued. The
 * fold `step` over this log is the control centre; time comes in with each record and from
 * nowhere else. A log file is one JSON record a line, the first event is `start`.
 */
export const INPUT_FORMAT = 'relight-input/1';

/** What happens at the door and is no request to the grid; `logIn` and so on say what. */
export const PeopleAction = z.enum([
  'logIn',
  'logInRefused',
  'logOut',
  /** Ended by somebody else, by time, or because the account changed. */
  'sessionEnd',
  'lock',
  'unlock',
  'unlockRefused',
  /** Turned away: no right, locked, wrong Host or Origin; equal ones are counted, not repeated. */
  'refused',
  /** The demo's change of chairs. */
  'becomePerson',
  /** Account, role, password or token. */
  'account',
  /** What is in force differs from the last start. */
  'configuration',
]);
export type PeopleAction = z.infer<typeof PeopleAction>;

export const InputEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    format: z.literal(INPUT_FORMAT),
    grid: z.string(),
    /** SHA-256 of the canonical grid file and point list the log belongs to. */
    gridHash: z.string(),
    pointsHash: z.string(),
    configuration: CoreConfiguration,
    /** Last sequence the journal already holds; the next record follows it. Absent: 0. */
    journalSequence: z.int().nonnegative().optional(),
    /** Absent: nothing is. */
    carriedOver: CarriedOver.optional(),
    /** The journal was restored from a backup made at this wall time: control stays locked. */
    restoredFrom_ms: z.number().optional(),
    /** What is wrong with the journal that was read at the start: control stays locked. */
    journalDamage: Bilingual.optional(),
  }),
  /**
   * What a next run would carry over from the journal up to and with record `upTo`: it then need
   * not read what stands before. Decides nothing.
   */
  z.object({ kind: z.literal('checkpoint'), upTo: z.int(), carriedOver: CarriedOver }),
  /**
   * Sections that the independent monitor holds for faulted now though no incident keeps them dead,
   * all of them, whenever that changes. Decides nothing in this run: it is kept for the next.
   */
  z.object({ kind: z.literal('monitorHolds'), sections: z.array(z.string()) }),
  z.object({ kind: z.literal('telemetry'), updates: z.array(PointUpdate) }),
  z.object({ kind: z.literal('links'), links: z.array(LinkHealth) }),
  z.object({ kind: z.literal('controlReport'), report: ControlReport }),
  z.object({
    kind: z.literal('integrityDone'),
    requestId: z.string(),
    rtu: z.string(),
    ok: z.boolean(),
  }),
  /** Every journal record up to this sequence is on disk. */
  z.object({ kind: z.literal('journalDurable'), upTo: z.int() }),
  z.object({ kind: z.literal('journalFailed'), reason: z.string() }),
  /** The deadline that `step` asked for has come. */
  z.object({ kind: z.literal('deadline') }),
  z.object({
    kind: z.literal('request'),
    requestId: z.string(),
    by: z.string(),
    /** Absent in logs from before there were accounts: everything may be asked. */
    actor: Actor.optional(),
    body: OperatorRequest,
  }),
  /** A part of the control centre itself works badly, or well again: an alarm while it does not. */
  z.object({
    kind: z.literal('supervision'),
    part: z.enum(['loop', 'watchdog']),
    ok: z.boolean(),
    text: Bilingual,
  }),
  /**
   * A forecast to plan with from now on, `taken`; and what is wrong with the one that was offered
   * last, null where nothing is: then `taken`, where it is absent, stays the one before.
   */
  z.object({
    kind: z.literal('forecast'),
    taken: ForecastInForce.optional(),
    refused: Bilingual.nullable(),
  }),
  /** For the record; only a session that lost its right takes back what its person asked for. */
  z.object({
    kind: z.literal('people'),
    action: PeopleAction,
    /** Account, or the address where nobody is logged in. */
    by: z.string(),
    /** Session or account it is about. */
    about: z.string().nullable(),
    body: z.record(z.string(), z.unknown()),
  }),
]);
export type InputEvent = z.infer<typeof InputEvent>;

export const InputRecord = z.object({
  sequence: z.int().nonnegative(),
  /** Wall time, for records and the screen only, ms since 1970 UTC. */
  at_ms: z.number(),
  /** Monotonic time: every deadline counts on this. */
  monotonic_ms: z.number(),
  event: InputEvent,
});
export type InputRecord = z.infer<typeof InputRecord>;
