import { useApp, useLive, useSpeech } from '../app-context.ts';

/** While the server is lost nothing shown is current, and nothing may be commanded. */
export function LostBanner() {
  const { live } = useApp();
  const { t, time } = useSpeech();
  const status = useLive((state) => state.status);
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
