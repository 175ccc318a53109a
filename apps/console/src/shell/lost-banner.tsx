import { useApp, useLive, useSpeech } from '../app-context.ts';

/** The heartbeat may be silent for so long, s. */
const QUIET_S = 3;

/** While the server is lost nothing shown is current, and nothing may be commanded. */
export function LostBanner() {
  const { live } = useApp();
  const { t, say, time } = useSpeech();
  const status = useLive((state) => state.status);
  const alarmsWork = useLive((state) => state.alarmsWork);
  const silent = useLive((state) => state.silent);
  const locked = useLive((state) => state.summary?.controlLock ?? null);
  if (status === 'live' && (!alarmsWork || silent))
    return (
      <div className="lost-banner" role="alert" data-testid="no-alarms">
        <b>{t('lost.noAlarms')}</b>
        <span>{alarmsWork ? t('lost.silent', { n: QUIET_S }) : t('lost.noAlarmsDetail')}</span>
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
