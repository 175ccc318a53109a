import { useEffect, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech } from '../app-context.ts';
import { PaneHead } from '../panes/pane-head.tsx';
import { Icon } from '../parts/icons.tsx';
import { newestFirst } from '../shell/alarm-strip.tsx';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { feederOfEquipment } from '../store/grid-book.ts';
import { AlarmLine, GroupLine } from './alarm-line.tsx';
import { alarmRows, type AlarmRow } from './alarm-rows.ts';
import { useHeldRows } from './held-rows.ts';
import { RowList } from './row-list.tsx';

const FILTERS = {
  unacknowledged: needsAcknowledging,
  active: ({ state }: AlarmView) =>
    state === 'unacknowledged' || state === 'returnedUnacknowledged' || state === 'acknowledged',
  shelved: ({ state }: AlarmView) => state === 'shelved',
  suppressed: ({ state }: AlarmView) => state === 'suppressed',
  outOfService: ({ state }: AlarmView) => state === 'outOfService',
} as const;
type Filter = keyof typeof FILTERS;
const NAMES = Object.keys(FILTERS) as readonly Filter[];
/** Shown also where there are none. */
const ALWAYS = new Set<Filter>(['unacknowledged', 'active']);

const FLOOD_WINDOW_MS = 10 * 60_000;
const FLOOD_LIMIT = 10;
const HEIGHTS = { group: 36, alarm: 28, fold: 26 } as const;
/** In a pane this narrow (panes.css) the words of an alarm stand under its device, CSS pixels. */
const NARROW = 820;
const NARROW_HEIGHT = 50;

const alarmId = (alarm: AlarmView): string => alarm.id;

function Flood({
  alarms,
  urgentOnly,
  onUrgentOnly,
}: {
  readonly alarms: readonly AlarmView[];
  readonly urgentOnly: boolean;
  readonly onUrgentOnly: (on: boolean) => void;
}) {
  const { t, num, time } = useSpeech();
  const now = useServerNow();
  const load = useLive((state) => state.summary?.alarms);
  const recent =
    load?.perTenMinutes ??
    alarms.filter((alarm) => now - alarm.raisedAt_ms < FLOOD_WINDOW_MS).length;
  const flood = load === undefined ? recent > FLOOD_LIMIT : load.floodSince_ms !== null;
  if (!flood && !urgentOnly) return null;
  const since = load?.floodSince_ms ?? null;
  return (
    <div className="flood" role="status" data-testid="flood">
      <Icon name="priority-1" size="s20" />
      <b>{t('alarms.flood')}</b>
      <span className="num">
        {since === null ? '' : `${t('alarms.since', { time: time(since) })} · `}
        {t('alarms.floodDetail', { n: num(recent), limit: FLOOD_LIMIT })}
      </span>
      <span className="grow" />
      <Button
        className={`chip keep ${urgentOnly ? 'on' : ''}`}
        onPress={() => onUrgentOnly(!urgentOnly)}
      >
        {t('alarms.onlyUrgent')}
      </Button>
    </div>
  );
}

/** The arrows choose the row above or below while the list has the focus. */
function useRowKeys(rows: readonly AlarmRow[]): void {
  const { ui } = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      const inList = event.target instanceof HTMLElement && event.target.matches('.rows');
      if (step === 0 || !inList) return;
      const ids = rows.flatMap((row) => (row.kind === 'alarm' ? [row.alarm.id] : []));
      const at = ids.indexOf(ui.get().alarm ?? '');
      const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
      if (next === undefined) return;
      event.preventDefault();
      ui.set({ alarm: next });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [rows, ui]);
}

/** Every alarm by its state, grouped by what belongs together. */
export function AlarmsView() {
  const { live, book } = useApp();
  const { t, num } = useSpeech();
  const alarms = useLive((state) => state.alarms);
  const [filter, setFilter] = useState<Filter>('unacknowledged');
  const [grouped, setGrouped] = useState(true);
  const [urgentOnly, setUrgentOnly] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const all = useMemo(() => [...alarms.values()].sort(newestFirst), [alarms]);
  const wanted = useMemo(
    () => all.filter((alarm) => FILTERS[filter](alarm) && (!urgentOnly || alarm.priority < 3)),
    [all, filter, urgentOnly],
  );
  const held = useHeldRows(wanted, alarmId);
  const rows = useMemo<readonly AlarmRow[]>(
    () =>
      grouped
        ? alarmRows(held.shown, (id) => feederOfEquipment(book, live.get(), id), opened)
        : held.shown.map((alarm) => ({ kind: 'alarm', alarm })),
    [held.shown, grouped, opened, book, live],
  );
  useRowKeys(rows);
  const toggle = (id: string): void =>
    setOpened((old) => new Set(old.has(id) ? [...old].filter((x) => x !== id) : [...old, id]));
  return (
    <>
      <PaneHead title={t('view.alarms')}>
        {NAMES.map((name) => {
          const count = all.filter(FILTERS[name]).length;
          if (count === 0 && name !== filter && !ALWAYS.has(name)) return null;
          return (
            <Button
              key={name}
              className={`chip ${filter === name ? 'on' : ''}`}
              data-testid={`alarms-${name}`}
              onPress={() => setFilter(name)}
            >
              {t(`alarms.${name}`)} <b className="num">{num(count)}</b>
            </Button>
          );
        })}
        <Button className={`chip ${grouped ? 'on' : ''}`} onPress={() => setGrouped(!grouped)}>
          {t('alarms.grouped')}
        </Button>
      </PaneHead>
      <Flood alarms={all} urgentOnly={urgentOnly} onUrgentOnly={setUrgentOnly} />
      <RowList
        label={t('view.alarms')}
        rows={rows}
        heightOf={(row, width) =>
          row.kind === 'alarm' && width <= NARROW ? NARROW_HEIGHT : HEIGHTS[row.kind]
        }
        held={held}
        whenEmpty={t('strip.none')}
        head={
          <div className="head">
            <span />
            <span className="word">{t('column.priority')}</span>
            <span>{t('column.time')}</span>
            <span className="place">{t('column.place')}</span>
            <span>{t('column.device')}</span>
            <span className="text">{t('column.alarm')}</span>
            <span className="status">{t('column.state')}</span>
            <span />
          </div>
        }
      >
        {(row) =>
          row.kind === 'group' ? (
            <GroupLine id={row.id} alarms={row.alarms} />
          ) : row.kind === 'alarm' ? (
            <AlarmLine alarm={row.alarm} />
          ) : (
            <button type="button" className="fold" onClick={() => toggle(row.id)}>
              <Icon name="chevron" size="s12" />
              {row.open ? t('alarms.fewer') : t('alarms.dependent', { n: num(row.hidden) })}
            </button>
          )
        }
      </RowList>
    </>
  );
}
