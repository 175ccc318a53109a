import {
  AccountView,
  AreaView,
  MadeToken,
  SessionRow,
  TokenView,
  type NewAccount,
  type SetRoles,
} from '@relight/contract';
import { request } from './rest.ts';

interface Accounts {
  readonly accounts: readonly AccountView[];
  readonly tokens: readonly TokenView[];
  /** Substations that can be given as areas. */
  readonly areas: readonly AreaView[];
}

const ofAccount = (user: string): string => `/accounts/${encodeURIComponent(user)}`;

/** Everybody who is logged in. */
export async function listSessions(): Promise<readonly SessionRow[]> {
  const json = (await request('GET', '/sessions')) as { sessions?: unknown };
  return SessionRow.array().parse(json.sessions);
}

/** Its windows are shown out within a second. */
export async function endSession(session: string): Promise<void> {
  await request('DELETE', `/sessions/${encodeURIComponent(session)}`);
}

export async function listAccounts(): Promise<Accounts> {
  const json = (await request('GET', '/accounts')) as {
    accounts?: unknown;
    tokens?: unknown;
    areas?: unknown;
  };
  return {
    accounts: AccountView.array().parse(json.accounts),
    tokens: TokenView.array().parse(json.tokens),
    areas: AreaView.array().parse(json.areas),
  };
}

export async function addAccount(account: NewAccount): Promise<void> {
  await request('POST', '/accounts', account);
}

/** The sessions of that account end. */
export async function setRoles(user: string, body: SetRoles): Promise<void> {
  await request('PUT', `${ofAccount(user)}/roles`, body);
}

/** The sessions of that account end. */
export async function setPassword(user: string, password: string): Promise<void> {
  await request('PUT', `${ofAccount(user)}/password`, { password });
}

export async function setDisabled(user: string, disabled: boolean): Promise<void> {
  await request('PUT', `${ofAccount(user)}/disabled`, { disabled });
}

/** The secret is told this once. */
export async function addToken(user: string, life_days: number): Promise<MadeToken> {
  return MadeToken.parse(await request('POST', `${ofAccount(user)}/tokens`, { life_days }));
}

export async function revokeToken(id: string): Promise<void> {
  await request('DELETE', `/tokens/${encodeURIComponent(id)}`);
}

/** One's own; every other session of the person ends. */
export async function changePassword(current: string, next: string): Promise<void> {
  await request('PUT', '/session/password', { current, next });
}
