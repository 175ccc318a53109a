import { useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { PaneHead } from '../panes/pane-head.tsx';
import { newestFirst } from '../shell/alarm-strip.tsx';
import { needsAcknowledging, PRIORITIES } from '../shell/top-bar.tsx';
import { deviceName } from '../store/grid-book.ts';
import { acknowledgeAlarm } from '../store/rest.ts';
import { useHeldRows } from './held-rows.ts';

type Filter = 'unacknowledged' | 'active';
type Row =
  | {
      readonly kind: 'group';
      readonly incident: string | null;
      readonly alarms: readonly AlarmView[];
    }
  | { readonly kind: 'alarm'; readonly alarm: AlarmView };

const FLOOD_WINDOW_MS = 10 * 60_000;
const FLOOD_LIMIT = 10;
const GROUP_HEIGHT = 36;
const ROW_HEIGHT = 28;

function grouped(alarms: readonly AlarmView[], byIncident: boolean): Row[] {
  if (!byIncident) return alarms.map((alarm) => ({ kind: 'alarm', alarm }));
  const groups = new Map<string | null, AlarmView[]>();
  for (const alarm of alarms) {
    const list = groups.get(alarm.incident);
    if (list === undefined) groups.set(alarm.incident, [alarm]);
    else list.push(alarm);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a === null) - Number(b === null))
    .flatMap(([incident, members]): Row[] => [
      { kind: 'group', incident, alarms: members },
      ...members.map((alarm): Row => ({ kind: 'alarm', alarm })),
    ]);
}

function GroupRow({
  incident,
  alarms,
}: {
  readonly incident: string | null;
  readonly alarms: readonly AlarmView[];
}) {
  const { t, say, num } = useSpeech();
  const view = useLive((state) => (incident === null ? undefined : state.incidents.get(incident)));
  const open = alarms.filter(needsAcknowledging);
  return (
    <div className="group">
      <h2>
        {incident === null ? (
          t('alarms.noIncident')
        ) : (
          <>
            <span className="dev">{incident}</span> {view === undefined ? '' : say(view.title)}
          </>
        )}
      </h2>
      {view !== undefined && (
        <span className="dim wide">
          {t('scene.customers', { n: num(view.customersOut) })} · {t(`incidentState.${view.state}`)}
        </span>
      )}
      <span className="grow" />
      <span className="tallies">
        {PRIORITIES.map((p) => {
          const n = alarms.filter((alarm) => alarm.priority === p).length;
          return n === 0 ? null : (
            <span key={p}>
              <Icon name={`priority-${p}`} />
              {num(n)}
            </span>
          );
        })}
      </span>
      <ActionButton
        className="small wide"
        isDisabled={open.length === 0}
        action={() => Promise.all(open.map((alarm) => acknowledgeAlarm(alarm.id)))}
      >
        {t('alarms.acknowledgeGroup')}
      </ActionButton>
    </div>
  );
}

function AlarmRow({ alarm }: { readonly alarm: AlarmView }) {
  const { book } = useApp();
  const { t, say, time } = useSpeech();
  const open = needsAcknowledging(alarm);
  const at = time(alarm.raisedAt_ms, true);
  return (
    <div
      className={`row p${alarm.priority} ${alarm.state === 'unacknowledged' ? 'unack' : open ? '' : 'acked'}`}
      data-testid="alarm-row"
    >
      <span className={open && alarm.priority < 3 ? 'mark unacked' : 'mark'}>
        <Icon name={`priority-${alarm.priority}`} />
      </span>
      <span className="word">{t(`priority.${alarm.priority}`)}</span>
      <span className="time">
        {at.slice(0, 8)}
        <span className="ms">{at.slice(8)}</span>
      </span>
      <span className="place">{say(alarm.place)}</span>
      <span className="dev">{deviceName(book, alarm.equipment)}</span>
      <span title={say(alarm.text)}>
        {say(alarm.text)}
        {alarm.count > 1 && <span className="num dim"> ×{alarm.count}</span>}
      </span>
      <span className="status">
        <Icon
          name={open ? (alarm.state === 'returnedUnacknowledged' ? 'returned' : 'unack') : 'ack'}
          size="s12"
        />
        {alarm.acknowledgedBy === null || alarm.acknowledgedAt_ms === null
          ? t(`alarmState.${alarm.state}`)
          : `${alarm.acknowledgedBy} ${time(alarm.acknowledgedAt_ms).slice(0, 5)}`}
      </span>
      <span>
        {open && (
          <ActionButton
            className="small"
            action={() => acknowledgeAlarm(alarm.id)}
            label={`${t('alarm.acknowledge')} ${deviceName(book, alarm.equipment)}`}
          >
            {t('alarm.acknowledge')}
          </ActionButton>
        )}
      </span>
    </div>
  );
}

/** Every alarm, grouped by incident. */
export function AlarmsView() {
  const { t, num } = useSpeech();
  const alarms = useLive((state) => state.alarms);
  const now = useServerNow();
  const [filter, setFilter] = useState<Filter>('unacknowledged');
  const [byIncident, setByIncident] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const all = useMemo(() => [...alarms.values()].sort(newestFirst), [alarms]);
  const open = all.filter(needsAcknowledging);
  const active = all.filter((alarm) => alarm.state !== 'normal');
  const { shown, waiting, release, watch } = useHeldRows(
    filter === 'unacknowledged' ? open : active,
    alarmId,
  );
  const rows = useMemo(() => grouped(shown, byIncident), [shown, byIncident]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => (rows[i]?.kind === 'group' ? GROUP_HEIGHT : ROW_HEIGHT),
    overscan: 20,
  });
  const recent = all.filter((alarm) => now - alarm.raisedAt_ms < FLOOD_WINDOW_MS).length;
  return (
    <>
      <PaneHead title={t('view.alarms')}>
        {(['unacknowledged', 'active'] as const).map((name) => (
          <Button
            key={name}
            className={`chip ${filter === name ? 'on' : ''}`}
            onPress={() => setFilter(name)}
          >
            {t(`alarms.${name}`)}{' '}
            <b className="num">{num(name === 'active' ? active.length : open.length)}</b>
          </Button>
        ))}
        <Button
          className={`chip ${byIncident ? 'on' : ''}`}
          onPress={() => setByIncident(!byIncident)}
        >
          {t('alarms.grouped')}
        </Button>
      </PaneHead>
      {recent > FLOOD_LIMIT && (
        <div className="flood" role="status">
          <Icon name="priority-1" size="s20" />
          <b>{t('alarms.flood')}</b>
          <span>{t('alarms.floodDetail', { n: num(recent), limit: FLOOD_LIMIT })}</span>
        </div>
      )}
      <div className="alarm-table">
        <div className="head">
          <span />
          <span className="word">{t('column.priority')}</span>
          <span>{t('column.time')}</span>
          <span className="place">{t('column.place')}</span>
          <span>{t('column.device')}</span>
          <span>{t('column.alarm')}</span>
          <span className="status">{t('column.state')}</span>
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
          aria-label={t('view.alarms')}
        >
          <div className="rows-height" style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map((item) => {
              const row = rows[item.index];
              return (
                <div key={item.key} className="rows-item" style={{ top: item.start }}>
                  {row?.kind === 'group' && (
                    <GroupRow incident={row.incident} alarms={row.alarms} />
                  )}
                  {row?.kind === 'alarm' && <AlarmRow alarm={row.alarm} />}
                </div>
              );
            })}
          </div>
          {rows.length === 0 && <p className="empty-list">{t('strip.none')}</p>}
        </div>
      </div>
    </>
  );
}

function alarmId(alarm: AlarmView): string {
  return alarm.id;
}
