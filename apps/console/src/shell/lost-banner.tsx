import { useApp, useLive, useSpeech, useWatchdog } from '../app-context.ts';

/** The heartbeat may be silent for so long, s. */
const QUIET_S = 3;

/** Where the server cannot be heard, what the process says that looks after it. */
function WatchdogWords() {
  const { t, say } = useSpeech();
  const word = useWatchdog();
  if (word.kind === 'none') return null;
  if (word.kind === 'silent')
    return <span data-testid="watchdog-says">{t('watchdog.silent')}</span>;
  const { state, because, restarts } = word.view.controlCenter;
  return (
    <span data-testid="watchdog-says" data-state={state}>
      {t(`watchdog.${state}`)}
      {because !== null && ` ${say(because)}.`}
      {restarts > 0 && ` ${t('watchdog.restarts', { n: restarts })}`}
    </span>
  );
}

/** The watchdog does not believe what still looks alive, or is gone itself. */
function Doubt() {
  const { t } = useSpeech();
  const word = useWatchdog();
  if (word.kind === 'silent')
    return (
      <div className="watchdog-gone" role="status" data-testid="watchdog-gone">
        {t('watchdog.gone')}
      </div>
    );
  const state = word.kind === 'heard' ? word.view.controlCenter.state : 'working';
  if (state !== 'stalled' && state !== 'down') return null;
  return (
    <div className="lost-banner" role="alert" data-testid="watchdog-doubts">
      <b>{t('lost.noAlarms')}</b>
      <WatchdogWords />
    </div>
  );
}

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
  if (status === 'live') return <Doubt />;
  const heard = live.get().heard;
  return (
    <div className="lost-banner" role="alert" data-testid="lost">
      <b>{t('lost.title')}</b>
      <span>
        {heard === null ? t('lost.never') : t('lost.last', { time: time(heard.server_ms) })}
      </span>
      <WatchdogWords />
      <span className="dim">{t('lost.again')}</span>
    </div>
  );
}
