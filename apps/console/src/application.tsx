import { useEffect } from 'react';
import { useApp, useLive, useSpeech, useUi } from './app-context.ts';
import { FeederView } from './feeder/feeder-view.tsx';
import { SidePanel } from './inspector/side-panel.tsx';
import { useShownIncident } from './incident/incident-panel.tsx';
import { attachKeyboard } from './keyboard.ts';
import { AbnormalView } from './lists/abnormal-view.tsx';
import { AlarmsView } from './lists/alarms-view.tsx';
import { EventsView } from './lists/events-view.tsx';
import { LoadingView } from './loading/loading-view.tsx';
import { attachAlarmSound } from './shell/alarm-sound.ts';
import { AlarmStrip } from './shell/alarm-strip.tsx';
import { LostBanner } from './shell/lost-banner.tsx';
import { Rail } from './shell/rail.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { StationView } from './station/station-view.tsx';
import { NetworkPane } from './views/network-pane.tsx';
import type { ThemeChoice } from './store/ui-store.ts';

function applyTheme(choice: ThemeChoice): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset['theme'] =
    choice === 'system' ? (dark ? 'evn-dark' : 'evn-light') : choice;
}

function Work() {
  const { book } = useApp();
  const { t } = useSpeech();
  const view = useUi((state) => state.view);
  const shown = useShownIncident();
  if (view === 'alarms') return <AlarmsView />;
  if (view === 'events') return <EventsView />;
  if (view === 'feeder') return <FeederView />;
  if (view === 'tags') return <AbnormalView />;
  if (view === 'loading') return <LoadingView />;
  if (view === 'station') return <StationView />;
  const stations = [...book.stationNames.values()].map((name) => name.replace(/ 110 kV/u, ''));
  const subtitle =
    stations.length <= 3 ? stations.join(' · ') : t('bar.stations', { n: stations.length });
  const incident = view === 'incident' ? (shown?.id ?? null) : null;
  return <NetworkPane title={t(`title.${view}`)} subtitle={subtitle} incident={incident} />;
}

/** The frame of the console around the view of this window. */
export function Application() {
  const app = useApp();
  const theme = useUi((state) => state.theme);
  const language = useUi((state) => state.language);
  const view = useUi((state) => state.view);
  const live = useLive((state) => state.status === 'live');
  useEffect(() => attachKeyboard(app), [app]);
  useEffect(() => attachAlarmSound(app), [app]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    applyTheme(theme);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => applyTheme(theme);
    scheme.addEventListener('change', follow);
    return () => scheme.removeEventListener('change', follow);
  }, [theme]);
  const listView = view === 'alarms' || view === 'events';
  return (
    <div className={`frame ${live ? '' : 'stale-frame'}`} data-testid="frame">
      <TopBar />
      <Rail />
      <main className="work">
        <LostBanner />
        <Work />
      </main>
      {!listView && <SidePanel />}
      <AlarmStrip />
    </div>
  );
}
