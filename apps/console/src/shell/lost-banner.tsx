import { useApp, useLive, useSpeech } from '../app-context.ts';

/** While the server is lost nothing shown is current, and nothing may be commanded. */
export function LostBanner() {
  const { live } = useApp();
  const { t, say, time } = useSpeech();
  const status = useLive((state) => state.status);
  const alarmsWork = useLive((state) => state.alarmsWork);
  const silent = useLive((state) => state.silent);
  const watchdog = useLive((state) => state.watchdog);
  const locked = useLive((state) => state.summary?.controlLock ?? null);
  if (status === 'live' && (!alarmsWork || silent || watchdog !== null))
    return (
      <div className="lost-banner" role="alert" data-testid="no-alarms">
        <b>{t('lost.noAlarms')}</b>
        <span>
          {!alarmsWork
            ? t('lost.noAlarmsDetail')
            : silent
              ? t('lost.silent', { n: 3 })
              : watchdog === 'gone' || watchdog === null
                ? t('lost.watchdogGone')
                : t('lost.watchdog', { why: say(watchdog) })}
        </span>
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
