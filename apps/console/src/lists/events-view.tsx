import { useMemo } from 'react';
import type { EventView } from '@relight/contract';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { qualityLetter } from '../scene/picture.ts';
import { deviceName } from '../store/grid-book.ts';
import { useHeldRows } from './held-rows.ts';
import { RowList } from './row-list.tsx';

const ROW_HEIGHT = 28;

function eventId(event: EventView): string {
  return event.id;
}

function EventRow({ event }: { readonly event: EventView }) {
  const { book } = useApp();
  const { say, time, t } = useSpeech();
  const letter = qualityLetter(event.quality);
  return (
    <div className="row event-row" data-testid="event-row">
      <span className="time">
        {event.sourceTime_ms === null ? '–' : time(event.sourceTime_ms, true)}
      </span>
      <span className="time dim">{time(event.receiveTime_ms, true)}</span>
      <span className="dev">{deviceName(book, event.equipment)}</span>
      <span title={say(event.text)}>{say(event.text)}</span>
      <span className="dim" title={t(`quality.${event.quality}`)}>
        {letter ?? ''}
      </span>
    </div>
  );
}

/** Sequence of events, newest first; nothing here needs acknowledging. */
export function EventsView() {
  const { t, num } = useSpeech();
  const events = useLive((state) => state.events);
  const newest = useMemo(() => [...events].reverse(), [events]);
  const held = useHeldRows(newest, eventId);
  return (
    <>
      <PaneHead title={t('view.events')} facts={t('events.count', { n: num(events.length) })} />
      <RowList
        label={t('view.events')}
        rows={held.shown}
        heightOf={() => ROW_HEIGHT}
        held={held}
        whenEmpty={t('events.none')}
        head={
          <div className="head event-row">
            <span>{t('column.sourceTime')}</span>
            <span>{t('column.receiveTime')}</span>
            <span>{t('column.device')}</span>
            <span>{t('column.event')}</span>
            <span />
          </div>
        }
      >
        {(event) => <EventRow event={event} />}
      </RowList>
    </>
  );
}
