import { useMemo, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { EventView } from '@relight/contract';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { qualityLetter } from '../scene/picture.ts';
import { deviceName } from '../store/grid-book.ts';
import { useHeldRows } from './held-rows.ts';

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
  const box = useRef<HTMLDivElement>(null);
  const newest = useMemo(() => [...events].reverse(), [events]);
  const { shown, waiting, release, watch } = useHeldRows(newest, eventId);
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  return (
    <>
      <PaneHead title={t('view.events')} facts={t('events.count', { n: num(events.length) })} />
      <div className="alarm-table">
        <div className="head event-row">
          <span>{t('column.sourceTime')}</span>
          <span>{t('column.receiveTime')}</span>
          <span>{t('column.device')}</span>
          <span>{t('column.event')}</span>
          <span />
        </div>
        {waiting > 0 && (
          <button type="button" className="more" onClick={release}>
            {t('list.waiting', { n: num(waiting) })}
          </button>
        )}
        <div
          ref={box}
          className="rows"
          {...watch}
          tabIndex={0}
          role="log"
          aria-label={t('view.events')}
        >
          <div className="rows-height" style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map((item) => {
              const event = shown[item.index];
              return event === undefined ? null : (
                <div key={item.key} className="rows-item" style={{ top: item.start }}>
                  <EventRow event={event} />
                </div>
              );
            })}
          </div>
          {shown.length === 0 && <p className="empty-list">{t('events.none')}</p>}
        </div>
      </div>
    </>
  );
}
