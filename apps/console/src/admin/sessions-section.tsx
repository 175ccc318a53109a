import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { SessionRow } from '@relight/contract';
import { useServerNow, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useAsked } from '../parts/use-asked.ts';
import { endSession, listSessions } from '../store/rest-people.ts';

const ASK_EVERY_MS = 5_000;

/** Everybody who is logged in, and the way to show somebody out. */
export function SessionsSection() {
  const { t, num, time, day, duration } = useSpeech();
  const now = useServerNow();
  const { value: sessions, refused, again } = useAsked(listSessions, ASK_EVERY_MS);
  const [ending, setEnding] = useState<SessionRow | null>(null);
  const rows = [...(sessions ?? [])].sort(
    (a, b) => Number(b.own) - Number(a.own) || b.since_ms - a.since_ms,
  );
  return (
    <section data-testid="sessions">
      <h2>{t('admin.sessions')}</h2>
      {refused !== null && (
        <p className="note bad" role="alert">
          {refused}
        </p>
      )}
      {ending !== null && (
        <Confirm
          key={ending.session}
          title={t('admin.endTitle', { who: ending.name })}
          confirm={t('admin.end')}
          danger
          testId="end-session"
          action={async () => {
            await endSession(ending.session);
            again();
          }}
          onClose={() => setEnding(null)}
        >
          <p>{t('admin.endEffect')}</p>
        </Confirm>
      )}
      <table>
        <thead>
          <tr>
            <th>{t('admin.person')}</th>
            <th>{t('admin.roles')}</th>
            <th>{t('admin.address')}</th>
            <th className="n">{t('admin.since')}</th>
            <th className="n">{t('admin.idle')}</th>
            <th className="n">{t('admin.windows')}</th>
            <th>{t('column.state')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.session} data-testid={`session-${row.user}`} data-own={row.own}>
              <td>
                {row.name} <span className="dim">{row.user}</span>
              </td>
              <td>{row.roles.map((role) => t(`role.${role}`)).join(', ')}</td>
              <td className="num">{row.address}</td>
              <td className="n">{`${day(row.since_ms).slice(0, 5)} ${time(row.since_ms)}`}</td>
              <td className="n">{duration(now - row.active_ms)}</td>
              <td className="n">{num(row.streams)}</td>
              <td>{t(row.locked ? 'admin.isLocked' : 'admin.isOpen')}</td>
              <td className="n">
                {row.own ? (
                  <span className="dim">{t('admin.thisOne')}</span>
                ) : (
                  <Button
                    className="btn small"
                    aria-label={t('admin.endTitle', { who: row.name })}
                    data-testid={`end-${row.user}`}
                    onPress={() => setEnding(row)}
                  >
                    {t('admin.end')}…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
