import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { VIEW_NAMES, type ViewName } from '../store/ui-store.ts';
import { needsAcknowledging } from './top-bar.tsx';

/** Places of the rail in order. Those without a view yet are shown as such. */
const PLACES = [
  'overview',
  'network',
  'feeder',
  'station',
  'incident',
  'alarms',
  'events',
  'orders',
  'tags',
  'loading',
  'trends',
  'reports',
  'handover',
  'study',
  'admin',
  'keys',
] as const;

const BUILT: ReadonlySet<string> = new Set<ViewName>(VIEW_NAMES);

function isBuilt(place: string): place is ViewName {
  return BUILT.has(place);
}

/** The way to every view, with what waits there. */
export function Rail() {
  const { ui } = useApp();
  const { t, num } = useSpeech();
  const view = useUi((state) => state.view);
  const incidents = useLive((state) => state.incidents);
  const alarms = useLive((state) => state.alarms);
  const waiting: Partial<Record<ViewName, number>> = {
    incident: [...incidents.values()].filter((i) => i.closedAt_ms === null).length,
    alarms: [...alarms.values()].filter(needsAcknowledging).length,
  };
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {PLACES.map((place) => {
        if (!isBuilt(place))
          return (
            <span
              key={place}
              className="place"
              title={t('rail.later', { view: t(`view.${place}`) })}
            >
              <Icon name={`view-${place}`} size="s20" />
              <span>{t(`view.${place}`)}</span>
            </span>
          );
        const count = waiting[place] ?? 0;
        return (
          <a
            key={place}
            href={`#/${place}`}
            title={t(`view.${place}`)}
            data-testid={`rail-${place}`}
            {...(view === place ? { 'aria-current': 'page' as const } : {})}
            onClick={(event) => {
              event.preventDefault();
              ui.set({ view: place, selection: null, dialog: null });
            }}
          >
            <Icon name={`view-${place}`} size="s20" />
            <span>{t(`view.${place}`)}</span>
            {count > 0 && <b>{num(count)}</b>}
          </a>
        );
      })}
    </nav>
  );
}
