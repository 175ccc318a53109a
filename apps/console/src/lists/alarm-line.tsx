import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { needsAcknowledging, PRIORITIES } from '../shell/top-bar.tsx';
import { deviceName } from '../store/grid-book.ts';
import { acknowledgeAlarm, acknowledgeAlarms, acknowledgeGroup } from '../store/rest.ts';

/** The head of a group: what happened, how much of it is open, and one press for all. */
export function GroupLine({
  id,
  alarms,
}: {
  readonly id: string | null;
  readonly alarms: readonly AlarmView[];
}) {
  const { t, say, num } = useSpeech();
  const incident = useLive((state) => (id === null ? undefined : state.incidents.get(id)));
  const open = alarms.filter(needsAcknowledging);
  const speaker = alarms.find((alarm) => alarm.id === id);
  return (
    <div className="group" data-testid="alarm-group">
      <h2>
        {id === null ? (
          t('alarms.noIncident')
        ) : speaker === undefined ? (
          <>
            <span className="dev">{id}</span> {incident === undefined ? '' : say(incident.title)}
          </>
        ) : (
          say(speaker.text)
        )}
      </h2>
      {incident !== undefined && (
        <span className="dim wide">
          {t('scene.customers', { n: num(incident.customersOut) })} ·{' '}
          {t(`incidentState.${incident.state}`)}
        </span>
      )}
      <span className="grow" />
      <span className="tallies">
        {PRIORITIES.map((p) => {
          const n = alarms.filter((alarm) => alarm.priority === p).length;
          return n === 0 ? null : (
            <span key={p}>
              <Icon name={`priority-${p}`} label={t(`priority.${p}`)} />
              {num(n)}
            </span>
          );
        })}
      </span>
      <ActionButton
        right="acknowledge"
        className="small wide"
        isDisabled={open.length === 0}
        testId="acknowledge-group"
        action={() =>
          id === null ? acknowledgeAlarms(open.map((alarm) => alarm.id)) : acknowledgeGroup(id)
        }
      >
        {t('alarms.acknowledgeGroup')}
      </ActionButton>
    </div>
  );
}

const ICONS: Readonly<Partial<Record<AlarmView['state'], string>>> = {
  unacknowledged: 'unack',
  returnedUnacknowledged: 'returned',
  shelved: 'shelf',
};

function StateWords({ alarm }: { readonly alarm: AlarmView }) {
  const { t, time } = useSpeech();
  const minute = (at_ms: number): string => time(at_ms).slice(0, 5);
  const words =
    alarm.state === 'shelved' && alarm.shelved
      ? t('alarms.shelvedUntil', { time: minute(alarm.shelved.until_ms) })
      : alarm.state === 'acknowledged' && alarm.acknowledgedAt_ms !== null
        ? `${alarm.acknowledgedBy ?? ''} ${minute(alarm.acknowledgedAt_ms)}`
        : t(`alarmState.${alarm.state}`);
  return (
    <span className="status" title={t(`alarmState.${alarm.state}`)}>
      <Icon name={ICONS[alarm.state] ?? 'ack'} size="s12" />
      {words}
    </span>
  );
}

/** One alarm; a press chooses it, and Space then acknowledges it. */
export function AlarmLine({ alarm }: { readonly alarm: AlarmView }) {
  const { ui, book } = useApp();
  const { t, say, time } = useSpeech();
  const chosen = useUi((state) => state.alarm === alarm.id);
  const open = needsAcknowledging(alarm);
  const at = time(alarm.raisedAt_ms, true);
  const look = alarm.state === 'unacknowledged' ? 'unack' : open ? '' : 'acked';
  return (
    <div
      className={`row p${alarm.priority} ${look} ${chosen ? 'selected' : ''}`}
      data-testid="alarm-row"
      data-alarm={alarm.id}
      onClick={() => ui.set({ alarm: alarm.id })}
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
      <span className="text" title={say(alarm.text)}>
        {say(alarm.text)}
        {alarm.count > 1 && <span className="num dim"> ×{alarm.count}</span>}
      </span>
      <StateWords alarm={alarm} />
      <span>
        {open && (
          <ActionButton
            right="acknowledge"
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
