import { join } from 'node:path';
import { ACCOUNTS_FILE, AccountStore } from '@relight/accounts';
import { CLOSE_LOGGED_OUT, type AreaView, type Configuration } from '@relight/contract';
import type { Clock } from '@relight/foundation';
import { createAccountHandlers, type AccountRoute } from './account-handlers.ts';
import { Door, type Tell } from './door.ts';
import { RefusalLog } from './refusal-log.ts';
import { createSessionHandlers, type SessionRoute } from './session-handlers.ts';
import type { Handlers } from './answer.ts';
import { Sessions, type Moment } from './sessions.ts';
import { StartError } from './start-error.ts';
import type { StreamHub } from './stream-hub.ts';

/** How soon a change of an account, a lock or an end shows: well within a second. */
const LOOK_EVERY_MS = 250;

export interface PeopleParts {
  readonly configuration: Configuration;
  /** Null in the demo profile. */
  readonly accounts: AccountStore | null;
  /** Substations of the grid. */
  readonly areas: readonly AreaView[];
  /** Last change of an account that the journal knows of. */
  readonly toldChange: number;
  readonly clock: Clock;
  readonly hub: StreamHub;
  readonly tell: Tell;
  /** Address of the watchdog on this machine; null: nobody told of one. */
  readonly watchdog: string | null;
}

/** Accounts, sessions and door of a running control centre. */
export interface People {
  readonly door: Door;
  readonly refusals: RefusalLog;
  readonly handlers: Pick<Handlers, SessionRoute | AccountRoute>;
  /** Monotonic time at which accounts and sessions were last looked after, for /health. */
  lookedAt_ms(): number;
  /** Tells what is gathered and stops looking. */
  stop(): void;
  /** Closes the accounts, once nobody asks any more. */
  close(): void;
}

/** Puts the door together, and looks after sessions and accounts from then on. */
export function openPeople(parts: PeopleParts): People {
  const { configuration, accounts, clock, hub, tell } = parts;
  const now = (): Moment => ({ at_ms: clock.now(), monotonic_ms: clock.monotonic() });
  const limits = configuration.people;
  const sessions = new Sessions(
    // Nobody is locked out of a demo without passwords by having read its manual meanwhile.
    accounts === null ? { ...limits, idleLock_min: 0 } : limits,
    (session, why) => {
      hub.end(session.id, CLOSE_LOGGED_OUT, why);
      if (why === 'endedByOther') return; // The one who did it is told by.
      const action = why === 'loggedOut' ? 'logOut' : 'sessionEnd';
      tell(action, session.actor.user, session.id, { why });
    },
    (session) => {
      hub.notify(session.id, { type: 'session', locked: true });
      tell('lock', session.actor.user, session.id, {});
    },
  );
  const door = new Door({
    sessions,
    accounts,
    now,
    tell,
    onUnlock: (session) => {
      hub.notify(session.id, { type: 'session', locked: false });
    },
    // The browsers of a production are on other machines: they come by the proxy.
    watchdog: accounts === null ? parts.watchdog : configuration.watchdog.origin,
  });
  const refusals = new RefusalLog(tell);

  let toldChange = parts.toldChange;
  let dataVersion = -1;
  let lookedAt_ms: number = clock.monotonic();
  /** A program's stream ends with its token: revoked, over, or its account closed. */
  const endTokens = (): void => {
    for (const { actor, session } of hub.callers()) {
      if (session !== null || accounts === null) continue;
      if (!accounts.isTokenGood(actor.session, clock.now())) {
        hub.end(actor.session, CLOSE_LOGGED_OUT, 'token no longer good');
      }
    }
  };
  const changed = (): void => {
    door.refresh();
    endTokens();
  };
  const look = (): void => {
    const moment = now();
    lookedAt_ms = moment.monotonic_ms;
    sessions.tick(moment);
    refusals.tick(moment.monotonic_ms);
    if (accounts === null) return;
    endTokens();
    for (const change of accounts.changesAfter(toldChange)) {
      toldChange = change.sequence;
      const { sequence, at_ms, by, action, about, body } = change;
      tell('account', by, about, { ...body, change: sequence, what: action, doneAt_ms: at_ms });
    }
    const version = accounts.dataVersion();
    if (version !== dataVersion) door.refresh();
    dataVersion = version;
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    door,
    refusals,
    handlers: {
      ...createSessionHandlers({ door, accounts, refusals, now, tell }),
      ...createAccountHandlers({
        accounts,
        areas: parts.areas,
        now_ms: () => clock.now(),
        changed,
      }),
    },
    lookedAt_ms: () => lookedAt_ms,
    stop: () => {
      clearInterval(timer);
      refusals.tick(clock.monotonic(), true);
    },
    close: () => accounts?.close(),
  };
}

/** @throws StartError RL-047 where the file cannot be used. */
export function openAccounts(journalDirectory: string): AccountStore {
  const path = join(journalDirectory, ACCOUNTS_FILE);
  try {
    return new AccountStore(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError('RL-047', `${path}: ${reason}`);
  }
}
