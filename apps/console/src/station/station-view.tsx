import { useMemo } from 'react';
import { layoutStation } from '@relight/diagram';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { Picker } from '../parts/picker.tsx';
import { OneLine } from './one-line.tsx';

/** The one-line of one station, with its picker. */
export function StationView() {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const wanted = useUi((state) => state.station);
  const stations = [...book.stationNames].map(([id, name]) => ({ id, name }));
  const shown = stations.find(({ id }) => id === wanted) ?? stations[0];
  const station = shown?.id ?? '';
  const layout = useMemo(() => layoutStation(book.file, station), [book, station]);
  const links = useLive((state) => state.links);
  const link = [...links.values()].find(({ rtu }) => rtu.split(/[-.]/u).includes(station));
  const unmanned = book.file.substations?.find((s) => s.id === station)?.unmanned === true;
  const facts = [
    ...(unmanned ? [t('station.unmanned')] : []),
    ...(link === undefined
      ? []
      : link.state === 'up' && link.roundTrip_ms !== null
        ? [`RTU ${num(link.roundTrip_ms)} ms`]
        : [link.state === 'up' ? 'RTU' : t('station.linkDown')]),
  ];
  return (
    <>
      <PaneHead title={shown?.name ?? t('title.station')} facts={facts.join(' · ')}>
        <Picker
          label={t('station.choose')}
          value={station}
          options={stations}
          onPick={(id) => ui.set({ station: id, selection: null, dialog: null })}
          testId="station-picker"
        />
      </PaneHead>
      {layout === null ? (
        <p className="empty-list">{t('station.none')}</p>
      ) : (
        <OneLine key={station} layout={layout} />
      )}
    </>
  );
}
