import { z } from 'zod';
import {
  AccountView,
  AreaView,
  MadeToken,
  NewAccount,
  NewToken,
  SetDisabled,
  SetPassword,
  SetRoles,
  TokenView,
} from '@relight/contract';
import { Done, type Route } from './route.ts';

/** Accounts and tokens of the production profile. */
export const ACCOUNT_ROUTES = {
  accounts: {
    id: 'accounts',
    method: 'GET',
    path: '/accounts',
    right: 'accounts',
    summary: 'Accounts and tokens, and the areas there are',
    answer: {
      status: 200,
      schema: z.object({
        accounts: z.array(AccountView),
        tokens: z.array(TokenView),
        areas: z.array(AreaView),
      }),
    },
  },
  addAccount: {
    id: 'addAccount',
    method: 'POST',
    path: '/accounts',
    right: 'accounts',
    body: NewAccount,
    summary: 'Makes an account',
    answer: { status: 200, schema: AccountView },
  },
  setRoles: {
    id: 'setRoles',
    method: 'PUT',
    path: '/accounts/:id/roles',
    right: 'accounts',
    body: SetRoles,
    summary: 'Replaces roles and areas; the sessions of the account end',
    answer: { status: 200, schema: AccountView },
  },
  setPassword: {
    id: 'setPassword',
    method: 'PUT',
    path: '/accounts/:id/password',
    right: 'accounts',
    body: SetPassword,
    summary: 'Sets a new password; the sessions of the account end',
    answer: { status: 200, schema: AccountView },
  },
  setDisabled: {
    id: 'setDisabled',
    method: 'PUT',
    path: '/accounts/:id/disabled',
    right: 'accounts',
    body: SetDisabled,
    summary: 'Closes an account, or opens it again',
    answer: { status: 200, schema: AccountView },
  },
  addToken: {
    id: 'addToken',
    method: 'POST',
    path: '/accounts/:id/tokens',
    right: 'accounts',
    body: NewToken,
    summary: 'Makes a token for a program; its secret is told this once',
    answer: { status: 200, schema: MadeToken },
  },
  revokeToken: {
    id: 'revokeToken',
    method: 'DELETE',
    path: '/tokens/:id',
    right: 'accounts',
    summary: 'Makes a token worthless',
    answer: { status: 200, schema: Done },
  },
} as const satisfies Readonly<Record<string, Route>>;
