import type { AccountStore } from '@relight/accounts';
import { hashPassword, passwordProblem } from '@relight/accounts';
import type { BecomePerson, ChangePassword, LogIn, Unlock } from '@relight/contract';
import type { Door, Tell } from './door.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { RouteId } from './routes.ts';
import { refusal, type Answer, type Call, type Handlers } from './answer.ts';
import type { Moment, Session } from './sessions.ts';

export type SessionRoute = Extract<
  RouteId,
  | 'logIn'
  | 'session'
  | 'logOut'
  | 'lockSession'
  | 'unlockSession'
  | 'activity'
  | 'changePassword'
  | 'becomePerson'
  | 'sessions'
  | 'endSession'
>;

export interface SessionHandlerParts {
  readonly door: Door;
  readonly accounts: AccountStore | null;
  readonly refusals: RefusalLog;
  readonly now: () => Moment;
  readonly tell: Tell;
}

/** What the routes of log-in and session do. */
export function createSessionHandlers(parts: SessionHandlerParts): Pick<Handlers, SessionRoute> {
  const { door, accounts, tell } = parts;
  const { sessions } = door;
  const opened = ({ session, secret }: { session: Session; secret: string }): Answer => ({
    status: 200,
    body: door.view(session),
    cookie: door.setCookie(secret),
  });
  /** A program has no session of its own to speak of. */
  const withSession = (
    call: Call,
    work: (session: Session) => Answer | Promise<Answer>,
  ): Answer | Promise<Answer> =>
    call.caller?.session === null || call.caller === null
      ? refusal(404, 'RL-023', 'a token has no session')
      : work(call.caller.session);
  const done: Answer = { status: 200, body: { ok: true } };

  return {
    logIn: async (call) => {
      const { user, password } = call.body as LogIn;
      const result = await door.logIn(user, password, call.address);
      if ('status' in result) {
        const { monotonic_ms } = parts.now();
        parts.refusals.note(call.address, 'POST /api/v1/session', result.code, monotonic_ms);
        return turnedAway(result);
      }
      // Another person at the same browser: what the cookie opened before is over.
      const before = call.caller?.session ?? null;
      if (before !== null) sessions.end(before.id, 'loggedOut');
      return opened(result);
    },
    session: (call) => withSession(call, (session) => ({ status: 200, body: door.view(session) })),
    logOut: (call) =>
      withSession(call, (session) => {
        sessions.end(session.id, 'loggedOut');
        return { ...done, cookie: door.setCookie(null) };
      }),
    lockSession: (call) =>
      withSession(call, (session) => {
        sessions.lock(session);
        return { status: 200, body: door.view(session) };
      }),
    unlockSession: (call) =>
      withSession(call, async (session) => {
        const refused = await door.unlock(session, (call.body as Unlock).password);
        return refused === null ? { status: 200, body: door.view(session) } : turnedAway(refused);
      }),
    activity: (call) =>
      withSession(call, (session) => {
        if (!session.locked) {
          sessions.touch(session, parts.now());
        }
        return done;
      }),
    changePassword: (call) =>
      withSession(call, async (session) => {
        if (accounts === null) return refusal(404, 'RL-023', 'the demo has no passwords');
        const { current, next } = call.body as ChangePassword;
        const { user } = session.actor;
        const refused = await door.checkPassword(session, current);
        if (refused !== null) return turnedAway(refused);
        const problem = passwordProblem(next, user);
        if (problem !== null) return refusal(422, 'RL-046', problem);
        const author = { by: user, at_ms: parts.now().at_ms };
        const changed = accounts.setPassword(user, await hashPassword(next), author);
        if (!changed.ok) return refusal(422, 'RL-046', changed.error.reason);
        session.accountVersion = changed.value.version;
        door.refresh();
        return done;
      }),
    becomePerson: (call) =>
      withSession(call, (session) => {
        const person = door.openDemo(
          (call.body as BecomePerson).user,
          call.address,
          'becomePerson',
        );
        if (person === null) return refusal(404, 'RL-023', 'the demo knows no such person');
        sessions.end(session.id, 'loggedOut');
        return opened(person);
      }),
    sessions: (call) => ({
      status: 200,
      body: { sessions: sessions.rows(call.caller?.session?.id ?? null) },
    }),
    endSession: (call) => {
      if (!sessions.end(call.id, 'endedByOther')) {
        return refusal(404, 'RL-023', `no session ${call.id}`);
      }
      tell('sessionEnd', call.caller?.actor.user ?? '', call.id, { why: 'endedByOther' });
      return done;
    },
  };
}

function turnedAway({ status, code, message, text, retryAfter_s }: Refusal): Answer {
  const answer = refusal(status, code, message, text);
  return retryAfter_s === undefined ? answer : { ...answer, retryAfter_s };
}
