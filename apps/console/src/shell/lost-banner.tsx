import { useApp, useLive, useSpeech } from '../app-context.ts';

/** While the server is lost nothing shown is current, and nothing may be commanded. */
export function LostBanner() {
  const { live } = useApp();
  const { t, say, time } = useSpeech();
  const status = useLive((state) => state.status);
  const alarmsWork = useLive((state) => state.alarmsWork);
  const locked = useLive((state) => state.summary?.controlLock ?? null);
  if (status === 'live' && !alarmsWork)
    return (
      <div className="lost-banner" role="alert" data-testid="no-alarms">
        <b>{t('lost.noAlarms')}</b>
        <span>{t('lost.noAlarmsDetail')}</span>
      </div>
    );
  if (status === 'live' && locked !== null)
    return (
      <div className="lost-banner" role="alert" data-testid="control-lock">
        <b>{t('lost.locked')}</b>
        <span>{say(locked.because)}</span>
      </div>
    );
  if (status === 'live') return null;
  const heard = live.get().heard;
  return (
    <div className="lost-banner" role="alert" data-testid="lost">
      <b>{t('lost.title')}</b>
      <span>
        {heard === null ? t('lost.never') : t('lost.last', { time: time(heard.server_ms) })}
      </span>
      <span className="dim">{t('lost.again')}</span>
    </div>
  );
}
