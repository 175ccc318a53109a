import { CliError } from '../cli-error.ts';
import {
  accepted,
  author,
  JOURNAL_OPTION,
  newPassword,
  readAreas,
  readRoles,
  ROLE_OPTIONS,
  show,
  withAccounts,
} from '../people/open-accounts.ts';
import type { Verb } from '../verb.ts';

const SOON = 'A control centre that runs closes the sessions of that account within a second.';
const MOST_DAYS = 3_650;
const DAY_MS = 86_400_000;

export const userAdd: Verb = {
  arguments: {
    positionals: ['USER'],
    options: {
      journal: JOURNAL_OPTION,
      name: { kind: 'one', value: 'NAME', help: 'as it is shown and printed (default USER)' },
      ...ROLE_OPTIONS,
    },
  },
  description: [
    'Makes an account. The password is asked for, or read from the first line of standard input;',
    'a program (role integration) has none: give it a token with `relight user token`.',
    'An account is never removed, so that a name in the journal never means somebody else.',
  ].join('\n'),
  run: (args, io) =>
    withAccounts(args, 'may make the file', async (store) => {
      const [user = ''] = args.positionals;
      const roles = readRoles(args);
      const password = roles.includes('integration') ? null : await newPassword(user);
      const name = args.one('name') ?? user;
      const account = { user, name, roles, areas: readAreas(args), password };
      return show(accepted(store.add(account, author())), args, io);
    }),
};

export const userDisable: Verb = {
  arguments: { positionals: ['USER'], options: { journal: JOURNAL_OPTION } },
  description: `Nobody comes in with this account any more. ${SOON}`,
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) =>
      show(accepted(store.setDisabled(args.positionals[0] ?? '', true, author())), args, io),
    ),
};

export const userEnable: Verb = {
  arguments: { positionals: ['USER'], options: { journal: JOURNAL_OPTION } },
  description: 'Opens a disabled account again, with its old password and roles.',
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) =>
      show(accepted(store.setDisabled(args.positionals[0] ?? '', false, author())), args, io),
    ),
};

export const userPassword: Verb = {
  arguments: { positionals: ['USER'], options: { journal: JOURNAL_OPTION } },
  description: [
    'Sets a new password: asked for, or read from the first line of standard input.',
    SOON,
  ].join('\n'),
  run: (args, io) =>
    withAccounts(args, 'must be there', async (store) => {
      const [user = ''] = args.positionals;
      if (store.find(user) === null) throw new CliError('RL-046', `there is no account "${user}"`);
      const password = await newPassword(user);
      return show(accepted(store.setPassword(user, password, author())), args, io);
    }),
};

export const userRoles: Verb = {
  arguments: { positionals: ['USER'], options: { journal: JOURNAL_OPTION, ...ROLE_OPTIONS } },
  description: `Replaces the roles and areas of an account. ${SOON}`,
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) => {
      const [user = ''] = args.positionals;
      const done = store.setRoles(user, readRoles(args), readAreas(args), author());
      return show(accepted(done), args, io);
    }),
};

export const userToken: Verb = {
  arguments: {
    positionals: ['USER'],
    options: {
      journal: JOURNAL_OPTION,
      days: { kind: 'one', value: 'N', help: 'how long it is good (default 365)' },
    },
  },
  description: [
    'Makes a token for a program (role integration), to be sent as `Authorization: Bearer …`.',
    'It is printed once and kept only as a hash.',
  ].join('\n'),
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) => {
      const days = args.number('days', { min: 1, max: MOST_DAYS, whole: true }) ?? 365;
      const [user = ''] = args.positionals;
      const token = accepted(store.addToken(user, days * DAY_MS, author()));
      io.out(args.has('json') ? JSON.stringify(token) : `${token.id} ${token.secret}`);
      return 0;
    }),
};

export const userRevoke: Verb = {
  arguments: { positionals: ['TOKEN'], options: { journal: JOURNAL_OPTION } },
  description: 'Makes a token of a program worthless at once; `relight user list` names them.',
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) =>
      show(accepted(store.revokeToken(args.positionals[0] ?? '', author())), args, io),
    ),
};
