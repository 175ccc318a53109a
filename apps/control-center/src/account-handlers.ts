import { hashPassword, passwordProblem } from '@relight/accounts';
import type { Account, AccountRefused, AccountStore, Author } from '@relight/accounts';
import type {
  AccountView,
  AreaView,
  NewAccount,
  NewToken,
  SetDisabled,
  SetPassword,
  SetRoles,
} from '@relight/contract';
import type { Result } from '@relight/foundation';
import { refusal, type Answer, type Call, type Handlers } from './answer.ts';
import type { RouteId } from './routes.ts';

const DAY_MS = 86_400_000;

export type AccountRoute = Extract<
  RouteId,
  | 'accounts'
  | 'addAccount'
  | 'setRoles'
  | 'setPassword'
  | 'setDisabled'
  | 'addToken'
  | 'revokeToken'
>;

export interface AccountHandlerParts {
  /** Null in the demo, which has people and no accounts. */
  readonly accounts: AccountStore | null;
  /** Substations of the grid. */
  readonly areas: readonly AreaView[];
  readonly now_ms: () => number;
  /** Told after each change, so that sessions and streams of whoever changed end. */
  readonly changed: () => void;
}

/** What an administrator does about accounts; the command line does the same on the same file. */
export function createAccountHandlers(parts: AccountHandlerParts): Pick<Handlers, AccountRoute> {
  const { accounts, changed } = parts;
  const withStore =
    (work: (store: AccountStore, call: Call, author: Author) => Answer | Promise<Answer>) =>
    (call: Call): Answer | Promise<Answer> =>
      accounts === null || call.caller === null
        ? refusal(404, 'RL-023', 'the demo has no accounts')
        : work(accounts, call, { by: call.caller.actor.user, at_ms: parts.now_ms() });
  /** An area that is none would be a right that is none, which nobody would notice. */
  const noArea = (areas: readonly string[] | null): Answer | null => {
    const known = parts.areas.map(({ id }) => id);
    const unknown = (areas ?? []).filter((id) => !known.includes(id));
    if (unknown.length === 0) return null;
    const words = `no substation ${unknown.join(', ')}; there are ${known.join(', ') || 'none'}`;
    return refusal(422, 'RL-046', words, {
      vi: `không có trạm ${unknown.join(', ')}; lưới có ${known.join(', ') || 'không trạm nào'}`,
      en: words,
    });
  };
  const told = <Value>(
    result: Result<Value, AccountRefused>,
    body: (value: Value) => unknown,
  ): Answer => {
    if (!result.ok) return refusal(422, 'RL-046', result.error.reason);
    changed();
    return { status: 200, body: body(result.value) };
  };

  return {
    accounts: withStore((store) => ({
      status: 200,
      body: { accounts: store.list().map(viewOf), tokens: store.tokens(), areas: parts.areas },
    })),
    addAccount: withStore(async (store, call, author) => {
      const { password, ...account } = call.body as NewAccount;
      const refused = noArea(account.areas);
      if (refused !== null) return refused;
      const problem = password === undefined ? null : passwordProblem(password, account.user);
      if (problem !== null) return refusal(422, 'RL-046', problem);
      const kept = password === undefined ? null : await hashPassword(password);
      return told(store.add({ ...account, password: kept }, author), viewOf);
    }),
    setRoles: withStore((store, call, author) => {
      const { roles, areas } = call.body as SetRoles;
      return noArea(areas) ?? told(store.setRoles(call.id, roles, areas, author), viewOf);
    }),
    setPassword: withStore(async (store, call, author) => {
      const { password } = call.body as SetPassword;
      const problem = passwordProblem(password, call.id);
      if (problem !== null) return refusal(422, 'RL-046', problem);
      return told(store.setPassword(call.id, await hashPassword(password), author), viewOf);
    }),
    setDisabled: withStore((store, call, author) =>
      told(store.setDisabled(call.id, (call.body as SetDisabled).disabled, author), viewOf),
    ),
    addToken: withStore((store, call, author) => {
      const life_ms = (call.body as NewToken).life_days * DAY_MS;
      return told(store.addToken(call.id, life_ms, author), (made) => made);
    }),
    revokeToken: withStore((store, call, author) =>
      told(store.revokeToken(call.id, author), () => ({ ok: true })),
    ),
  };
}

function viewOf({ user, name, roles, areas, disabled, created_ms }: Account): AccountView {
  return {
    user,
    name,
    roles: [...roles],
    areas: areas === null ? null : [...areas],
    disabled,
    created_ms,
  };
}
