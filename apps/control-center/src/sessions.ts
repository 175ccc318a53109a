import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '@relight/accounts';
import type { Actor, Configuration, SessionRow } from '@relight/contract';

/** More log-ins of one account than this end its oldest one. */
const MOST_SESSIONS_EACH = 20;
const MINUTE_MS = 60_000;

/** One log-in. The secret of the cookie is not in it, only its hash is in the table. */
export interface Session {
  readonly id: string;
  readonly csrf: string;
  readonly actor: Actor;
  /** Version of the account it was opened on; 0 for the people of the demo. */
  accountVersion: number;
  readonly address: string;
  readonly opened: Moment;
  /** Monotonic: last request or open stream, and last sign of a hand. */
  seen_ms: number;
  active_ms: number;
  /** Wall time of the last sign of a hand, for the list. */
  activeAt_ms: number;
  locked: boolean;
  streams: number;
}

/** Wall time for records, monotonic time for every deadline. */
export interface Moment {
  readonly at_ms: number;
  readonly monotonic_ms: number;
}

/** Why a session ended, as the journal and the close frame say it. */
export type SessionEnd = 'loggedOut' | 'endedByOther' | 'idle' | 'expired' | 'accountChanged';

/**
 * Who is logged in. In memory on purpose: after a restart everybody proves again who they are, and
 * no file holds anything that opens a door. Costs a hash and a lookup a request.
 */
export class Sessions {
  readonly #bySecret = new Map<string, Session>();
  readonly #limits: Configuration['people'];
  readonly #onEnd: (session: Session, why: SessionEnd) => void;
  readonly #onLock: (session: Session) => void;

  constructor(
    limits: Configuration['people'],
    onEnd: (session: Session, why: SessionEnd) => void,
    onLock: (session: Session) => void,
  ) {
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#onLock = onLock;
  }

  get count(): number {
    return this.#bySecret.size;
  }

  get idleLock_ms(): number | null {
    return this.#limits.idleLock_min === 0 ? null : this.#limits.idleLock_min * MINUTE_MS;
  }

  expiresAt_ms(session: Session): number {
    return session.opened.at_ms + this.#limits.sessionLife_h * 60 * MINUTE_MS;
  }

  /** A new log-in; `secret` is for the cookie and kept nowhere. */
  open(
    account: Pick<Account, 'user' | 'name' | 'roles' | 'areas' | 'version'>,
    address: string,
    now: Moment,
  ): { readonly session: Session; readonly secret: string } {
    const { user, name, roles, areas, version } = account;
    const own = [...this.#bySecret.values()].filter((one) => one.actor.user === user);
    const oldest = own.toSorted((a, b) => a.seen_ms - b.seen_ms)[0];
    if (own.length >= MOST_SESSIONS_EACH && oldest !== undefined) this.end(oldest.id, 'idle');
    const secret = randomBytes(32).toString('base64url');
    const id = `S${randomBytes(9).toString('base64url')}`;
    const session: Session = {
      id,
      csrf: randomBytes(24).toString('base64url'),
      actor: {
        user,
        name,
        session: id,
        roles: [...roles],
        areas: areas === null ? null : [...areas],
      },
      accountVersion: version,
      address,
      opened: now,
      seen_ms: now.monotonic_ms,
      active_ms: now.monotonic_ms,
      activeAt_ms: now.at_ms,
      locked: false,
      streams: 0,
    };
    this.#bySecret.set(hashOf(secret), session);
    return { session, secret };
  }

  /** Whose cookie this is; null where nobody's, or where its time is over. */
  find(secret: string, now: Moment): Session | null {
    const session = this.#bySecret.get(hashOf(secret));
    if (session === undefined) return null;
    const over = this.#whyOver(session, now);
    if (over === null) return session;
    this.end(session.id, over);
    return null;
  }

  /** A hand moved. */
  touch(session: Session, now: Moment): void {
    session.active_ms = now.monotonic_ms;
    session.activeAt_ms = now.at_ms;
  }

  /** True if there was such a session. */
  end(id: string, why: SessionEnd): boolean {
    for (const [hash, session] of this.#bySecret) {
      if (session.id !== id) continue;
      this.#bySecret.delete(hash);
      this.#onEnd(session, why);
      return true;
    }
    return false;
  }

  /** Ends every session `isOver` says yes to. */
  endWhere(isOver: (session: Session) => boolean, why: SessionEnd): void {
    for (const session of this.all()) if (isOver(session)) this.end(session.id, why);
  }

  all(): readonly Session[] {
    return [...this.#bySecret.values()];
  }

  lock(session: Session): void {
    if (session.locked) return;
    session.locked = true;
    this.#onLock(session);
  }

  /** Ends and locks what has waited too long; call it a few times a second. */
  tick(now: Moment): void {
    for (const session of this.all()) {
      // A picture on the wall is in use although nobody touches it.
      if (session.streams > 0) session.seen_ms = now.monotonic_ms;
      const over = this.#whyOver(session, now);
      const idle = this.idleLock_ms;
      if (over !== null) this.end(session.id, over);
      else if (idle !== null && now.monotonic_ms - session.active_ms >= idle) this.lock(session);
    }
  }

  rows(own: string | null): SessionRow[] {
    return this.all().map((session) => ({
      session: session.id,
      user: session.actor.user,
      name: session.actor.name,
      roles: session.actor.roles,
      address: session.address,
      since_ms: session.opened.at_ms,
      active_ms: session.activeAt_ms,
      locked: session.locked,
      streams: session.streams,
      own: session.id === own,
    }));
  }

  #whyOver(session: Session, now: Moment): SessionEnd | null {
    const { sessionLife_h, idleEnd_min } = this.#limits;
    const age_ms = now.monotonic_ms - session.opened.monotonic_ms;
    if (age_ms >= sessionLife_h * 60 * MINUTE_MS) return 'expired';
    const silent_ms = now.monotonic_ms - session.seen_ms;
    return session.streams === 0 && silent_ms >= idleEnd_min * MINUTE_MS ? 'idle' : null;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
