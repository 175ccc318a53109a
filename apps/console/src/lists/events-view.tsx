import { useMemo, useState } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import type { EventView } from '@relight/contract';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { dayAndTime, momentText } from '../i18n/format.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { qualityLetter } from '../scene/picture.ts';
import { deviceName } from '../store/grid-book.ts';
import { eventTable } from '../store/rest-history.ts';
import { matching } from './event-filter.ts';
import { usePastEvents } from './event-history.ts';
import { EventRange, type Range } from './event-range.tsx';
import { useHeldRows, type HeldRows } from './held-rows.ts';
import { RowList } from './row-list.tsx';

const ROW_HEIGHT = 28;

/** What is past does not grow under the pointer. */
const STILL: HeldRows<unknown> = {
  shown: [],
  waiting: 0,
  release: () => undefined,
  watch: {
    onScroll: () => undefined,
    onPointerEnter: () => undefined,
    onPointerLeave: () => undefined,
  },
};

function eventId(event: EventView): string {
  return event.id;
}

function EventRow({ event, dated }: { readonly event: EventView; readonly dated: boolean }) {
  const { book } = useApp();
  const { say, time, t } = useSpeech();
  const letter = qualityLetter(event.quality);
  const moment = dated ? dayAndTime : time;
  return (
    <div className={`row event-row ${dated ? 'dated' : ''}`} data-testid="event-row">
      <span className="time">
        {event.sourceTime_ms === null ? '–' : moment(event.sourceTime_ms, true)}
      </span>
      <span className="time dim">{moment(event.receiveTime_ms, true)}</span>
      <span className="dev">{deviceName(book, event.equipment)}</span>
      <span title={say(event.text)}>{say(event.text)}</span>
      <span className="dim" title={t(`quality.${event.quality}`)}>
        {letter ?? ''}
      </span>
    </div>
  );
}

/** Lets the browser keep a file under a name. */
function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** Sequence of events, newest first: what is going on, or a piece of the past, which can be kept. */
export function EventsView() {
  const { book } = useApp();
  const { t, num } = useSpeech();
  const all = useLive((state) => state.events);
  const [words, setWords] = useState('');
  const [range, setRange] = useState<Range | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const now = useMemo(
    () => matching(all, words, (id) => deviceName(book, id)).toReversed(),
    [all, book, words],
  );
  const held = useHeldRows(now, eventId);
  const text = words.trim() === '' ? {} : { text: words.trim() };
  const past = usePastEvents(range === null ? null : JSON.stringify({ ...range, ...text }));
  const rows = range === null ? held.shown : past.events;
  const count =
    range === null
      ? t('events.count', { n: num(now.length) })
      : `${t(past.more ? 'events.countMore' : 'events.count', { n: num(past.events.length) })}${
          past.keptFrom_ms !== null && past.keptFrom_ms > range.from_ms
            ? ` · ${t('events.keptFrom', { time: momentText(past.keptFrom_ms) })}`
            : ''
        }`;
  return (
    <>
      <PaneHead title={t('view.events')} facts={<span data-testid="event-count">{count}</span>}>
        <SearchField
          className="search words"
          aria-label={t('events.words')}
          value={words}
          onChange={setWords}
        >
          <Input placeholder={t('events.words')} data-testid="event-words" maxLength={200} />
        </SearchField>
        {range !== null && (
          <ActionButton
            className="small"
            testId="event-export"
            action={async () => {
              setRefused(null);
              const name = momentText(range.from_ms).replaceAll(/[/: ]/gu, '-');
              keep(await eventTable({ ...range, ...text }), `relight-${name}.csv`);
            }}
            onRefused={setRefused}
          >
            {t('events.export')}
          </ActionButton>
        )}
      </PaneHead>
      <EventRange
        range={range}
        onPick={(next) => {
          setRange(next);
          setRefused(null);
        }}
      />
      {(refused ?? past.refused) !== null && (
        <p className="list-note bad" role="alert">
          {refused ?? past.refused}
        </p>
      )}
      <RowList
        label={t('view.events')}
        rows={rows}
        heightOf={() => ROW_HEIGHT}
        held={range === null ? held : STILL}
        whenEmpty={t(past.busy ? 'events.reading' : 'events.none')}
        head={
          <div className={`head event-row ${range === null ? '' : 'dated'}`}>
            <span>{t('column.sourceTime')}</span>
            <span>{t('column.receiveTime')}</span>
            <span>{t('column.device')}</span>
            <span>{t('column.event')}</span>
            <span />
          </div>
        }
      >
        {(event) => <EventRow event={event} dated={range !== null} />}
      </RowList>
      {range !== null && past.more && (
        <p className="list-note">
          <Button
            className="btn small"
            isDisabled={past.busy}
            data-testid="events-older"
            onPress={past.older}
          >
            {t('events.older')}
          </Button>{' '}
          <span className="dim">{count}</span>
        </p>
      )}
    </>
  );
}
