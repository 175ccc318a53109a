import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Attempts, verifyPassword, type AccountStore } from '@relight/accounts';
import type { Actor, PeopleAction, Right, SessionView } from '@relight/contract';
import { DEMO_PEOPLE } from './demo-people.ts';
import type { Approach, FrontAddress } from './front-address.ts';
import { refuse, type Refusal } from './refusal.ts';
import { isKeptWhileLocked, onlyLooks, rightsOf } from './rights.ts';
import type { Moment, Session, Sessions } from './sessions.ts';

/** Said of a wrong password, of an unknown name and of a closed account alike. */
const WRONG = refuse(401, 'RL-040', {
  vi: 'sai tên hoặc mật khẩu',
  en: 'name or password is wrong',
});

/** Who asks, proved. */
export interface Caller {
  readonly actor: Actor;
  readonly rights: ReadonlySet<Right>;
  /** Null for a program with a token. */
  readonly session: Session | null;
}

/** Tells the journal what happened at the door. */
export type Tell = (
  action: PeopleAction,
  by: string,
  about: string | null,
  body: Readonly<Record<string, unknown>>,
) => void;

export interface DoorParts {
  readonly sessions: Sessions;
  /** Null in the demo profile. */
  readonly accounts: AccountStore | null;
  readonly now: () => Moment;
  readonly tell: Tell;
  readonly onUnlock: (session: Session) => void;
  /** Origin at which a browser reaches the watchdog; null: at none. */
  readonly watchdog: string | null;
}

/**
 * The one door: who is it, may they, is it really them. REST and stream both come through here. A
 * browser shows its cookie, and for a change the CSRF token and the Origin of our page; a program
 * shows a token.
 */
export class Door {
  /** Token of this start, in the demo only. */
  readonly demoToken: string | null;
  readonly sessions: Sessions;
  readonly #parts: DoorParts;
  readonly #attempts = new Attempts();
  #front: FrontAddress | null = null;
  /** Addresses whose password is being looked at: one at a time each, so that nobody holds up the room. */
  readonly #checking = new Set<string>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.sessions = parts.sessions;
    this.demoToken = parts.accounts === null ? randomBytes(24).toString('base64url') : null;
  }

  get watchdog(): string | null {
    return this.#parts.watchdog;
  }

  get profile(): 'demo' | 'production' {
    return this.demoToken === null ? 'production' : 'demo';
  }

  /** The address is known once the server listens. */
  opensAt(front: FrontAddress): void {
    this.#front = front;
  }

  /** @throws Error before `opensAt`: nothing can have come in by then. */
  get front(): FrontAddress {
    if (this.#front === null) throw new Error('the door has no address yet');
    return this.#front;
  }

  /** Who asks; null: nobody says who they are; a refusal where what they show is worth nothing. */
  identify({ headers }: Approach): Caller | Refusal | null {
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.#program(bearer);
    const secret = readCookie(headers.cookie, this.front.cookieName);
    if (secret === null) return null;
    const now = this.#parts.now();
    const session = this.sessions.find(secret, now);
    if (session === null)
      return refuse(401, 'RL-020', {
        vi: 'phiên đã hết: đăng nhập lại',
        en: 'the session has ended: log in again',
      });
    session.seen_ms = now.monotonic_ms;
    return { actor: session.actor, rights: rightsOf(session.actor.roles), session };
  }

  /**
   * Whether a caller may use a right now.
   * @param changes - The request changes something: a cookie alone does not prove that our page
   *   sent it.
   */
  admit(
    caller: Caller | null,
    right: Right,
    changes: boolean,
    headers: IncomingHttpHeaders,
  ): Refusal | null {
    if (caller === null) {
      const how =
        this.demoToken === null
          ? { vi: 'hãy đăng nhập trước', en: 'log in first' }
          : {
              vi: 'thiếu mã: mở địa chỉ in ra khi khởi động',
              en: 'no token: open the address printed at the start',
            };
      return refuse(401, 'RL-020', how);
    }
    const { actor, rights, session } = caller;
    if (session !== null && changes) {
      if (headers.origin === undefined) {
        return refuse(403, 'RL-021', {
          vi: 'thay đổi bằng cookie phải đến từ trang của hệ thống',
          en: 'a change by cookie needs the Origin of our own page',
        });
      }
      const given = headers['x-relight-csrf'];
      if (typeof given !== 'string' || !same(given, session.csrf)) {
        return refuse(403, 'RL-044', {
          vi: 'x-relight-csrf không thuộc phiên này',
          en: 'x-relight-csrf does not belong to this session',
        });
      }
    }
    if (!rights.has(right)) {
      return refuse(403, 'RL-042', {
        vi: `vai trò ${actor.roles.join(' + ')} không được làm việc này (quyền ${right})`,
        en: `${actor.roles.join(' + ')} may not do this (right ${right})`,
      });
    }
    if (session?.locked === true && !isKeptWhileLocked(right)) {
      return refuse(423, 'RL-043', {
        vi: 'phiên đang khóa: nhập mật khẩu trước',
        en: 'the session is locked: type the password first',
      });
    }
    if (session !== null && changes && right !== 'own' && !onlyLooks(right)) {
      this.sessions.touch(session, this.#parts.now());
    }
    return null;
  }

  /** Opens a session for a name and a password. */
  async logIn(
    user: string,
    password: string,
    address: string,
  ): Promise<{ readonly session: Session; readonly secret: string } | Refusal> {
    const { accounts, tell } = this.#parts;
    if (accounts === null)
      return refuse(401, 'RL-040', {
        vi: 'bản trình diễn không có mật khẩu',
        en: 'the demo has no passwords',
      });
    const refused = await this.#check(user, password, address);
    const account = accounts.find(user);
    if (refused !== null || account === null || account.disabled) {
      const told = refused ?? WRONG;
      // Names that nobody has are not worth a record each: they can be made up without end.
      if (told.status === 401 && account !== null) {
        tell('logInRefused', user, null, { address, code: told.code });
      }
      return told;
    }
    return this.#open(account, address, 'logIn');
  }

  /** Unlocks a session by its own password; the demo has none. */
  async unlock(session: Session, password: string | undefined): Promise<Refusal | null> {
    const { accounts, now, tell } = this.#parts;
    const { user } = session.actor;
    if (accounts !== null) {
      const refused = await this.#check(user, password ?? '', session.address);
      if (refused !== null) {
        tell('unlockRefused', user, session.id, { address: session.address, code: refused.code });
        return refused;
      }
    }
    session.locked = false;
    this.sessions.touch(session, now());
    this.#parts.onUnlock(session);
    tell('unlock', user, session.id, {});
    return null;
  }

  /** Whether this is the password of an account that may come in; counts wrong tries. */
  async checkPassword(session: Session, password: string): Promise<Refusal | null> {
    return this.#check(session.actor.user, password, session.address);
  }

  /** The printed address was opened, or the demo changes chairs. Null: there is no such person. */
  openDemo(
    user: string,
    address: string,
    action: 'logIn' | 'becomePerson',
  ): { readonly session: Session; readonly secret: string } | null {
    const person = DEMO_PEOPLE.find((one) => one.user === user);
    if (this.demoToken === null || person === undefined) return null;
    return this.#open({ ...person, areas: null, version: 0 }, address, action);
  }

  /** The printed address: a session of the first person. */
  openPrinted(
    token: string,
    address: string,
  ): { readonly session: Session; readonly secret: string } | Refusal {
    const [first] = DEMO_PEOPLE;
    const opened = this.#isDemoToken(token) ? this.openDemo(first.user, address, 'logIn') : null;
    return (
      opened ??
      refuse(401, 'RL-020', {
        vi: 'mã trong địa chỉ không phải của lần khởi động này',
        en: 'the token is not that of this start',
      })
    );
  }

  /** Who may have a stream: whoever may look, from our own page or with a token. */
  admitStream(approach: Approach): Caller | Refusal {
    const caller =
      this.identify(approach) ??
      refuse(401, 'RL-020', { vi: 'hãy đăng nhập trước', en: 'log in first' });
    if ('status' in caller) return caller;
    if (caller.session !== null && approach.headers.origin === undefined) {
      return refuse(403, 'RL-021', {
        vi: 'luồng dữ liệu bằng cookie phải đến từ trang của hệ thống',
        en: 'a stream by cookie needs the Origin of our own page',
      });
    }
    const { rights, actor } = caller;
    if (rights.has('watch') || rights.has('supervise')) return caller;
    return refuse(403, 'RL-042', {
      vi: `vai trò ${actor.roles.join(' + ')} không được xem`,
      en: `${actor.roles.join(' + ')} may not look`,
    });
  }

  #isDemoToken(text: string): boolean {
    return this.demoToken !== null && same(text, this.demoToken);
  }

  /** Ends every session whose account is no longer what it was when the session was opened. */
  refresh(): void {
    const { accounts } = this.#parts;
    if (accounts === null) return;
    this.sessions.endWhere(({ actor, accountVersion }) => {
      const account = accounts.find(actor.user);
      return account === null || account.disabled || account.version !== accountVersion;
    }, 'accountChanged');
  }

  view(session: Session): SessionView {
    const { actor, csrf, locked } = session;
    return {
      profile: this.profile,
      session: session.id,
      user: actor.user,
      name: actor.name,
      roles: actor.roles,
      areas: actor.areas,
      rights: [...rightsOf(actor.roles)],
      csrf,
      locked,
      idleLock_ms: this.sessions.idleLock_ms,
      expiresAt_ms: this.sessions.expiresAt_ms(session),
      ...(this.watchdog === null ? {} : { watchdog: this.watchdog }),
      ...(this.demoToken === null ? {} : { people: [...DEMO_PEOPLE] }),
    };
  }

  /** What leaves the secret in the browser, or takes it away. */
  setCookie(secret: string | null): string {
    const { cookieName, cookieAttributes } = this.front;
    return secret === null
      ? `${cookieName}=; ${cookieAttributes}; Max-Age=0`
      : `${cookieName}=${secret}; ${cookieAttributes}`;
  }

  #open(
    account: Parameters<Sessions['open']>[0],
    address: string,
    action: 'logIn' | 'becomePerson',
  ): { readonly session: Session; readonly secret: string } {
    const opened = this.sessions.open(account, address, this.#parts.now());
    this.#parts.tell(action, account.user, opened.session.id, { address, roles: account.roles });
    return opened;
  }

  #program(bearer: string): Caller | Refusal {
    if (this.#isDemoToken(bearer)) {
      const [{ user, name, roles }] = DEMO_PEOPLE;
      const actor = { user, name, roles: [...roles], session: 'token', areas: null };
      return { actor, rights: rightsOf(roles), session: null };
    }
    const found = this.#parts.accounts?.ofToken(bearer, this.#parts.now().at_ms) ?? null;
    if (found === null)
      return refuse(401, 'RL-020', {
        vi: 'mã truy cập không được biết hoặc đã hết hiệu lực',
        en: 'the token is not known, or no longer good',
      });
    const { user, name, roles, areas } = found.account;
    const actor = {
      user,
      name,
      roles: [...roles],
      session: found.token,
      areas: areas === null ? null : [...areas],
    };
    return { actor, rights: rightsOf(roles), session: null };
  }

  async #check(user: string, password: string, address: string): Promise<Refusal | null> {
    const { accounts, now } = this.#parts;
    const wait_ms = this.#attempts.wait_ms(user, address, now().monotonic_ms);
    if (wait_ms > 0) {
      const seconds = Math.ceil(wait_ms / 1_000);
      return refuse(
        429,
        'RL-041',
        { vi: `chờ ${seconds} s rồi thử lại`, en: `wait ${seconds} s before the next try` },
        seconds,
      );
    }
    if (this.#checking.has(address)) {
      return refuse(
        429,
        'RL-045',
        {
          vi: 'đang kiểm tra một lần đăng nhập khác từ địa chỉ này',
          en: 'another log-in from this address is being looked at',
        },
        1,
      );
    }
    this.#checking.add(address);
    try {
      // Counted before the answer is known: tries sent together must not be one try.
      this.#attempts.wrong(user, address, now().monotonic_ms);
      const right = await verifyPassword(password, accounts?.passwordOf(user) ?? null);
      if (!right) return WRONG;
      this.#attempts.right(user, address);
      return null;
    } finally {
      this.#checking.delete(address);
    }
  }
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
