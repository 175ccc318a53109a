import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { AlarmView } from '@relight/contract';
import { useApp, useLive, useSession, useSpeech, useUi } from '../app-context.ts';
import { hasRight } from '../people/session-store.ts';
import { Fact } from '../inspector/fact.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { deviceName } from '../store/grid-book.ts';
import { acknowledgeAlarm, takeBack } from '../store/rest.ts';
import { ShelveDialog } from './shelve-dialog.tsx';

function Facts({ alarm }: { readonly alarm: AlarmView }) {
  const { t, say, num, time } = useSpeech();
  const aside = alarm.shelved ?? alarm.outOfService ?? null;
  return (
    <dl className="signals">
      <Fact name={t('alarm.raised')} value={time(alarm.raisedAt_ms, true)} figure />
      <Fact name={t('alarm.count')} value={num(alarm.count)} figure />
      <Fact name={t('alarm.state')} value={t(`alarmState.${alarm.state}`)} />
      {alarm.acknowledgedBy !== null && alarm.acknowledgedAt_ms !== null && (
        <Fact
          name={t('alarm.by')}
          value={`${alarm.acknowledgedBy} ${time(alarm.acknowledgedAt_ms)}`}
        />
      )}
      {alarm.incident !== null && <Fact name={t('alarm.incident')} value={alarm.incident} />}
      {alarm.suppressedBecause && (
        <Fact name={t('alarm.because')} value={say(alarm.suppressedBecause)} />
      )}
      {aside !== null && <Fact name={t('alarm.because')} value={`${aside.by}: ${aside.reason}`} />}
      {alarm.shelved && (
        <Fact name={t('alarm.until')} value={time(alarm.shelved.until_ms)} figure />
      )}
    </dl>
  );
}

/** The chosen alarm beside the list: all that is known of it, and what can be done with it. */
export function AlarmPanel() {
  const { ui, book } = useApp();
  const { t, say } = useSpeech();
  const id = useUi((state) => state.alarm);
  const alarm = useLive((state) => (id === null ? undefined : state.alarms.get(id)));
  const session = useSession();
  const [aside, setAside] = useState<'shelve' | 'outOfService' | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  if (alarm === undefined) return null;
  if (aside !== null)
    return <ShelveDialog key={alarm.id} alarm={alarm} how={aside} onClose={() => setAside(null)} />;
  const out = alarm.state === 'shelved' || alarm.state === 'outOfService' ? alarm.state : null;
  const maySilence = alarm.maySilence ?? alarm.priority > 1;
  return (
    <section className="alarm-panel" data-testid="alarm-panel">
      <header>
        <h2>
          <Icon name={`priority-${alarm.priority}`} label={t(`priority.${alarm.priority}`)} />{' '}
          <span className="dev">{deviceName(book, alarm.equipment)}</span>{' '}
          <span className="dim">{say(alarm.place)}</span>
        </h2>
        <p>{say(alarm.text)}</p>
      </header>
      <Facts alarm={alarm} />
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <div className="commands">
        {needsAcknowledging(alarm) && (
          <ActionButton
            right="acknowledge"
            action={() => acknowledgeAlarm(alarm.id)}
            onRefused={setRefused}
          >
            {t('alarm.acknowledge')} <kbd>Space</kbd>
          </ActionButton>
        )}
        {out !== null && (
          <ActionButton
            right="acknowledge"
            testId="take-back"
            action={() => takeBack(alarm.id, out)}
            onRefused={setRefused}
          >
            {t(out === 'shelved' ? 'alarm.unshelve' : 'alarm.inService')}
          </ActionButton>
        )}
        {out === null && maySilence && hasRight(session, 'acknowledge') && (
          <>
            <Button className="btn" data-testid="shelve" onPress={() => setAside('shelve')}>
              {t('alarm.shelve')}
            </Button>
            <Button
              className="btn"
              data-testid="out-of-service"
              onPress={() => setAside('outOfService')}
            >
              {t('alarm.outOfService')}
            </Button>
          </>
        )}
        {book.symbols.has(alarm.equipment) && (
          <Button
            className="btn"
            onPress={() =>
              ui.set({
                view: 'network',
                selection: { kind: 'symbol', id: alarm.equipment },
                showRequests: ui.get().showRequests + 1,
              })
            }
          >
            {t('alarm.show')}
          </Button>
        )}
        <Button className="btn" onPress={() => ui.set({ alarm: null })}>
          {t('alarm.close')}
        </Button>
      </div>
      {!maySilence && <p className="note">{t('alarm.never')}</p>}
    </section>
  );
}
