import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { AccountView, AreaView, TokenView } from '@relight/contract';
import { useServerNow, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useAsked } from '../parts/use-asked.ts';
import { listAccounts, revokeToken, setDisabled } from '../store/rest-people.ts';
import { NewAccountForm, PasswordForm, RolesForm, TokenForm } from './account-forms.tsx';
import { areaWords } from './area-words.ts';
import { TokensTable } from './tokens-table.tsx';

const ASK_EVERY_MS = 10_000;

type Form =
  | { readonly kind: 'new' }
  | { readonly kind: 'roles' | 'password' | 'token' | 'disabled'; readonly account: AccountView }
  | { readonly kind: 'revoke'; readonly token: TokenView };

function OpenForm({
  known,
  form,
  onMade,
  onClose,
}: {
  readonly known: readonly AreaView[];
  readonly form: Form;
  readonly onMade: (secret: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  switch (form.kind) {
    case 'new':
      return <NewAccountForm known={known} onClose={onClose} />;
    case 'roles':
      return <RolesForm known={known} account={form.account} onClose={onClose} />;
    case 'password':
      return <PasswordForm account={form.account} onClose={onClose} />;
    case 'token':
      return <TokenForm account={form.account} onMade={onMade} onClose={onClose} />;
    case 'disabled': {
      const { user, name, disabled } = form.account;
      const words = disabled ? 'admin.reopen' : 'admin.disable';
      return (
        <Confirm
          title={`${t(words)}: ${name}`}
          confirm={t(words)}
          danger={!disabled}
          testId="disable-form"
          action={() => setDisabled(user, !disabled)}
          onClose={onClose}
        >
          <p>{t(disabled ? 'admin.reopenEffect' : 'admin.disableEffect')}</p>
        </Confirm>
      );
    }
    case 'revoke': {
      const { id, user } = form.token;
      return (
        <Confirm
          title={t('admin.revokeTitle', { id, who: user })}
          confirm={t('admin.revoke')}
          danger
          testId="revoke-form"
          action={() => revokeToken(id)}
          onClose={onClose}
        >
          <p>{t('admin.revokeEffect')}</p>
        </Confirm>
      );
    }
  }
}

/** The one time a secret is seen; it goes when somebody says that they have it. */
function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { t } = useSpeech();
  return (
    <section className="confirm" role="status" data-testid="made-token">
      <h2>{t('admin.madeToken')}</h2>
      <p>{t('admin.madeTokenNote')}</p>
      <code className="secret num">{secret}</code>
      <div className="commands">
        <Button className="btn" data-testid="made-token-close" onPress={onClose}>
          {t('admin.haveIt')}
        </Button>
      </div>
    </section>
  );
}

/** Accounts and the tokens of programs, for administrators. */
export function AccountsSection() {
  const { t, day } = useSpeech();
  const now = useServerNow();
  const { value, refused, again } = useAsked(listAccounts, ASK_EVERY_MS);
  const [form, setForm] = useState<Form | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const accounts = value?.accounts ?? [];
  const areas = value?.areas ?? [];
  const names = new Map(areas.map(({ id, name }) => [id, name]));
  return (
    <section data-testid="accounts">
      <h2>
        {t('admin.accounts')}{' '}
        <Button
          className="btn small"
          data-testid="account-new"
          onPress={() => setForm({ kind: 'new' })}
        >
          {t('admin.newAccount')}…
        </Button>
      </h2>
      {refused !== null && (
        <p className="note bad" role="alert">
          {refused}
        </p>
      )}
      {secret !== null && <Secret secret={secret} onClose={() => setSecret(null)} />}
      {form !== null && (
        <OpenForm
          key={JSON.stringify(form)}
          known={areas}
          form={form}
          onMade={setSecret}
          onClose={() => {
            setForm(null);
            again();
          }}
        />
      )}
      <table>
        <thead>
          <tr>
            <th>{t('admin.person')}</th>
            <th>{t('admin.roles')}</th>
            <th>{t('admin.areas')}</th>
            <th>{t('column.state')}</th>
            <th className="n">{t('admin.created')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => {
            const open = (kind: 'roles' | 'password' | 'token' | 'disabled', words: string) => (
              <Button
                className="btn small"
                aria-label={`${words}: ${account.name}`}
                data-testid={`${kind}-${account.user}`}
                onPress={() => setForm({ kind, account })}
              >
                {words}…
              </Button>
            );
            const isProgram = account.roles.includes('integration');
            return (
              <tr key={account.user} data-testid={`account-${account.user}`}>
                <td>
                  {account.name} <span className="dim">{account.user}</span>
                </td>
                <td className="words">{account.roles.map((r) => t(`role.${r}`)).join(', ')}</td>
                <td className="words">{areaWords(names, account.areas) ?? t('admin.allAreas')}</td>
                <td className={account.disabled ? 'bad' : ''}>
                  {t(account.disabled ? 'admin.isDisabled' : 'admin.isUsable')}
                </td>
                <td className="n">{day(account.created_ms)}</td>
                <td className="n">
                  <span className="row-tools">
                    {open('roles', t('admin.roles'))}
                    {isProgram
                      ? open('token', t('admin.token'))
                      : open('password', t('people.password'))}
                    {open('disabled', t(account.disabled ? 'admin.reopen' : 'admin.disable'))}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <TokensTable
        tokens={value?.tokens ?? []}
        now_ms={now}
        onRevoke={(token) => setForm({ kind: 'revoke', token })}
      />
    </section>
  );
}
