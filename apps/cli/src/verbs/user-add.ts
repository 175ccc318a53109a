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
