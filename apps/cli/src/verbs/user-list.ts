import { accountLine, JOURNAL_OPTION, withAccounts } from '../people/open-accounts.ts';
import type { Verb } from '../verb.ts';

export const userList: Verb = {
  arguments: { positionals: [], options: { journal: JOURNAL_OPTION } },
  description: 'Lists every account, its roles and areas, and the tokens of programs.',
  run: (args, io) =>
    withAccounts(args, 'must be there', (store) => {
      const [accounts, tokens] = [store.list(), store.tokens()];
      if (args.has('json')) {
        io.out(JSON.stringify({ accounts, tokens }));
        return 0;
      }
      for (const account of accounts) {
        io.out(accountLine(account));
        for (const token of tokens.filter(({ user }) => user === account.user)) {
          const until = new Date(token.expires_ms).toISOString().slice(0, 10);
          io.out(`  token ${token.id}, ${token.revoked ? 'revoked' : `until ${until}`}`);
        }
      }
      return 0;
    }),
};
