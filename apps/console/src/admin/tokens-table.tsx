import { Button } from 'react-aria-components';
import type { TokenView } from '@relight/contract';
import { useSpeech } from '../app-context.ts';

interface Props {
  readonly tokens: readonly TokenView[];
  readonly now_ms: number;
  readonly onRevoke: (token: TokenView) => void;
}

/** Tokens of programs, without their secrets. */
export function TokensTable({ tokens, now_ms, onRevoke }: Props) {
  const { t, day } = useSpeech();
  return (
    <>
      <h2>{t('admin.tokens')}</h2>
      {tokens.length === 0 && <p className="note">{t('admin.noTokens')}</p>}
      {tokens.length > 0 && (
        <table data-testid="tokens">
          <thead>
            <tr>
              <th>{t('admin.token')}</th>
              <th>{t('admin.person')}</th>
              <th className="n">{t('admin.created')}</th>
              <th className="n">{t('admin.expires')}</th>
              <th>{t('column.state')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => {
              const over = token.expires_ms <= now_ms;
              return (
                <tr key={token.id} data-testid={`token-row-${token.user}`}>
                  <td className="num">{token.id}</td>
                  <td>{token.user}</td>
                  <td className="n">{day(token.created_ms)}</td>
                  <td className="n">{day(token.expires_ms)}</td>
                  <td>
                    {t(
                      token.revoked ? 'admin.isRevoked' : over ? 'admin.isOver' : 'admin.isUsable',
                    )}
                  </td>
                  <td className="n">
                    {!token.revoked && !over && (
                      <Button
                        className="btn small"
                        aria-label={t('admin.revokeTitle', { id: token.id, who: token.user })}
                        data-testid={`revoke-${token.user}`}
                        onPress={() => onRevoke(token)}
                      >
                        {t('admin.revoke')}…
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}
