import { lazy, Suspense, useMemo, useSyncExternalStore } from 'react';
import { AppContext, useApp, useSpeech, useUi } from '../app-context.ts';
import { AdminView } from '../admin/admin-view.tsx';
import { AutomationView } from '../automation/automation-view.tsx';
import { CatalogueView } from '../catalogue/catalogue-view.tsx';
import { FeederView } from '../feeder/feeder-view.tsx';
import { useShownIncident } from '../incident/incident-panel.tsx';
import { KeysView } from '../keys/keys-view.tsx';
import { AbnormalView } from '../lists/abnormal-view.tsx';
import { AlarmsView } from '../lists/alarms-view.tsx';
import { EventsView } from '../lists/events-view.tsx';
import { Guarded } from '../parts/guarded.tsx';
import { LoadingView } from '../loading/loading-view.tsx';
import { SheddingView } from '../shedding/shedding-view.tsx';
import { StationView } from '../station/station-view.tsx';
import { NetworkPane } from '../views/network-pane.tsx';
import { PaneNumber } from './pane-head.tsx';

/** Read when first opened: the picture of the grid does not wait for a library it does not need. */
const TrendsView = lazy(async () => ({
  default: (await import('../trends/trends-view.tsx')).TrendsView,
}));

function View() {
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
  if (view === 'trends') return <TrendsView />;
  if (view === 'automation') return <AutomationView />;
  if (view === 'shedding') return <SheddingView />;
  if (view === 'admin') return <AdminView />;
  if (view === 'keys') return <KeysView />;
  if (view === 'catalogue') return <CatalogueView />;
  const stations = [...book.stationNames.values()].map((name) => name.replace(/ 110 kV/u, ''));
  const subtitle =
    stations.length <= 3 ? stations.join(' · ') : t('bar.stations', { n: stations.length });
  const incident = view === 'incident' ? (shown?.id ?? null) : null;
  return <NetworkPane title={t(`title.${view}`)} subtitle={subtitle} incident={incident} />;
}

function Pane({ index }: { readonly index: number }) {
  const app = useApp();
  const { t } = useSpeech();
  const { windowUi } = app;
  const own = useMemo(() => ({ ...app, ui: windowUi.pane(index) }), [app, windowUi, index]);
  const active = useSyncExternalStore(windowUi.subscribe, () => windowUi.active === index);
  const several = useSyncExternalStore(windowUi.subscribe, () => windowUi.panes.length > 1);
  const view = useSyncExternalStore(windowUi.subscribe, () => own.ui.get().view);
  return (
    <section
      className={`pane ${active && several ? 'active' : ''}`}
      aria-label={t('pane.label', { n: index + 1 })}
      data-testid={`pane-${index}`}
      onPointerDownCapture={() => windowUi.activate(index)}
      onFocusCapture={() => windowUi.activate(index)}
    >
      <PaneNumber value={index}>
        <AppContext value={own}>
          <Guarded key={view}>
            <Suspense fallback={null}>
              <View />
            </Suspense>
          </Guarded>
        </AppContext>
      </PaneNumber>
    </section>
  );
}

/** One to four views beside each other; the rail and the keys act on the active one. */
export function WorkArea() {
  const { windowUi } = useApp();
  const count = useSyncExternalStore(windowUi.subscribe, () => windowUi.panes.length);
  return (
    <div className={`panes of-${count}`}>
      {Array.from({ length: count }, (_, index) => (
        <Pane key={index} index={index} />
      ))}
    </div>
  );
}
