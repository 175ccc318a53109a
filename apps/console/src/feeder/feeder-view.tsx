import { useMemo } from 'react';
import { excerptFeeder } from '@relight/diagram';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { Picker } from '../parts/picker.tsx';
import { NetworkScene } from '../scene/network-scene.tsx';
import { openGridBook } from '../store/grid-book.ts';
import { SectionTable } from './section-table.tsx';

const shortName = (name: string): string => name.replace(/^Xuất tuyến /u, '');

/** One feeder with its tie neighbours, and its sections as a table. */
export function FeederView() {
  const { ui, book } = useApp();
  const { t, num } = useSpeech();
  const wanted = useUi((state) => state.feeder);
  const feeders = useLive((state) => state.feeders);
  const all = book.file.feeders ?? [];
  const shown = all.find((f) => f.id === wanted) ?? all[0];
  const id = shown?.id ?? '';
  const excerpt = useMemo(() => excerptFeeder(book.file, id), [book, id]);
  const part = useMemo(() => (excerpt === null ? null : openGridBook(excerpt.file)), [excerpt]);
  if (excerpt === null || part === null) return <p className="empty-list">{t('feeder.none')}</p>;
  const view = feeders.get(id);
  const neighbours = excerpt.neighbours.map((n) => shortName(feeders.get(n)?.name ?? n));
  return (
    <>
      <PaneHead
        title={shown?.name ?? id}
        facts={
          <span data-testid="feeder-facts">
            {[
              ...(view === undefined ? [] : [t('scene.customers', { n: num(view.customers) })]),
              ...(view?.current_A === null || view === undefined
                ? []
                : [`${num(Math.round(view.current_A))} A`]),
              ...(neighbours.length === 0
                ? []
                : [t('feeder.ties', { list: neighbours.join(', ') })]),
            ].join(' · ')}
          </span>
        }
      >
        <Picker
          label={t('feeder.choose')}
          value={id}
          options={all.map((f) => ({ id: f.id, name: shortName(f.name ?? f.id) }))}
          onPick={(feeder) => ui.set({ feeder, selection: null, dialog: null })}
          testId="feeder-picker"
        />
      </PaneHead>
      <NetworkScene key={id} incident={null} part={part} />
      <SectionTable entries={excerpt.entries} />
    </>
  );
}
