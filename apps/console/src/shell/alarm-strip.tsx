import { useState } from 'react';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useSpeech } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { deviceName } from '../store/grid-book.ts';
import { acknowledgeAlarm } from '../store/rest.ts';
import { needsAcknowledging } from './top-bar.tsx';

const SHOWN = 5;

/** Newest first; of the same moment the more urgent first. */
export function newestFirst(a: AlarmView, b: AlarmView): number {
  return b.raisedAt_ms - a.raisedAt_ms || a.priority - b.priority || (a.id < b.id ? -1 : 1);
}

function Row({ alarm }: { readonly alarm: AlarmView }) {
  const { ui, book } = useApp();
  const { t, say, time } = useSpeech();
  const [refused, setRefused] = useState<string | null>(null);
  const show = (): void => {
    const known = book.symbols.has(alarm.equipment);
    ui.set({
      view: alarm.incident === null ? 'network' : 'incident',
      incident: alarm.incident,
      selection: known && alarm.incident === null ? { kind: 'symbol', id: alarm.equipment } : null,
      showRequests: ui.get().showRequests + 1,
    });
  };
  return (
    <div className={`alarm-row p${alarm.priority}`} data-testid="strip-row">
      <span className={alarm.priority < 3 ? 'mark unacked' : 'mark'}>
        <Icon name={`priority-${alarm.priority}`} />
      </span>
      <span className="time">{time(alarm.raisedAt_ms, true)}</span>
      <span className="word">{t(`priority.${alarm.priority}`)}</span>
      <span>{say(alarm.place)}</span>
      <button type="button" className="dev link" onClick={show}>
        {deviceName(book, alarm.equipment)}
      </button>
      <span title={refused ?? say(alarm.text)}>{refused ?? say(alarm.text)}</span>
      <span className="todo wide">
        {alarm.incident === null
          ? alarm.state === 'returnedUnacknowledged'
            ? t('alarm.returned')
            : ''
          : t('strip.grouped', { incident: alarm.incident })}
      </span>
      <ActionButton
        right="acknowledge"
        className="small"
        action={() => acknowledgeAlarm(alarm.id)}
        onRefused={setRefused}
        label={`${t('alarm.acknowledge')} ${deviceName(book, alarm.equipment)}`}
      >
        {t('alarm.acknowledge')}
      </ActionButton>
    </div>
  );
}

/** The five newest alarms nobody has acknowledged, always in sight. */
export function AlarmStrip() {
  const { t } = useSpeech();
  const alarms = useLive((state) => state.alarms);
  const newest = [...alarms.values()].filter(needsAcknowledging).sort(newestFirst).slice(0, SHOWN);
  return (
    <footer className="strip">
      <div className="strip-head">
        <Icon name="view-alarms" size="s20" />
        <span className="wide">{t('strip.newest')}</span>
        <kbd>F2</kbd>
      </div>
      <div className="strip-rows" role="log" aria-label={t('strip.newest')}>
        {newest.map((alarm) => (
          <Row key={alarm.id} alarm={alarm} />
        ))}
        {newest.length === 0 && <p className="strip-empty">{t('strip.none')}</p>}
      </div>
    </footer>
  );
}
