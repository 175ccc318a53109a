import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { EarthFaultView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSession, useSpeech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import { mayDo } from '../people/session-store.ts';
import { deviceName, networkName, stationOf } from '../store/grid-book.ts';
import { EarthFaultDecision, type Deciding } from './earth-fault-decision.tsx';

type Feeder = EarthFaultView['feeders'][number];

/** The feeder that comes next: the first that still waits and stands closed. */
function useNextFeeder(fault: EarthFaultView): Feeder | null {
  const feeders = useLive((state) => state.feeders);
  const switches = useLive((state) => state.switches);
  if (fault.state !== 'standing') return null;
  return (
    fault.feeders.find(({ id, state }) => {
      const head = feeders.get(id)?.head ?? '';
      return state === 'waiting' && switches.get(head)?.position !== 'open';
    }) ?? null
  );
}

function Headline({ fault }: { readonly fault: EarthFaultView }) {
  const { book } = useApp();
  const { t, num, duration, time } = useSpeech();
  const now = useServerNow();
  const left = fault.runUntil_ms === null ? null : fault.runUntil_ms - now;
  return (
    <header className="block headline">
      <div className="title">
        <h1>
          <span className="dev">{fault.id}</span>{' '}
          {t('earthFault.title', { network: networkName(book, fault.network) })}
        </h1>
        <p className="dim">
          {fault.since_ms !== null && (
            <>
              {t('earthFault.since')} <span className="time">{time(fault.since_ms)}</span> ·{' '}
            </>
          )}
          <b data-testid="earth-fault-state" data-state={fault.state}>
            {t(`earthFaultState.${fault.state}`)}
          </b>
        </p>
      </div>
      <dl className="figures">
        <div>
          <dt>3U0</dt>
          <dd>
            <b className="num big" data-testid="neutral-voltage">
              {fault.neutralVoltage_kV === null ? '–' : num(fault.neutralVoltage_kV, 1)}
            </b>
            <span className="dim">kV</span>
          </dd>
        </div>
        {fault.since_ms !== null && (
          <div>
            <dt>{t('earthFault.stood')}</dt>
            <dd>
              <b className="time">{duration(now - fault.since_ms)}</b>
            </dd>
          </div>
        )}
        {left !== null && (
          <div>
            <dt>{t(left >= 0 ? 'earthFault.runLeft' : 'earthFault.runOver')}</dt>
            <dd>
              <b className={`time ${left < 0 ? 'past' : ''}`} data-testid="earth-fault-left">
                {duration(Math.abs(left))}
              </b>
            </dd>
          </div>
        )}
      </dl>
    </header>
  );
}

function Evidence({ fault }: { readonly fault: EarthFaultView }) {
  const { book } = useApp();
  const { t, say, num } = useSpeech();
  const measured = useLive((state) =>
    state.measurements.get(`${fault.equipment} neutralVoltage_kV`),
  );
  const good = measured?.quality === 'good';
  return (
    <section className="block" data-testid="earth-fault-evidence">
      <h2>
        <span>{t('evidence.title')}</span>
      </h2>
      <ul className="plain-list">
        <li>
          <Icon name={good ? 'tick' : 'cross'} size="s12" />
          <span>
            {t('earthFault.measured', {
              place: [deviceName(book, fault.equipment), stationOf(book, fault.equipment)]
                .filter((part) => part !== null)
                .join(', '),
              value: fault.neutralVoltage_kV === null ? '–' : num(fault.neutralVoltage_kV, 1),
            })}
            {!good && <b> · {t(`quality.${measured?.quality ?? 'invalid'}`)}</b>}
          </span>
        </li>
        <li>
          <Icon name="priority-3" size="s12" />
          <span>{t('earthFault.noTrip')}</span>
        </li>
        <li>
          <Icon name="arrow" size="s12" />
          <b data-testid="earth-fault-text">{say(fault.text)}</b>
        </li>
      </ul>
    </section>
  );
}

function Order({
  fault,
  next,
  onTry,
  mayTry,
}: {
  readonly fault: EarthFaultView;
  readonly next: Feeder | null;
  readonly onTry: (feeder: Feeder) => void;
  readonly mayTry: boolean;
}) {
  const { book, ui } = useApp();
  const { t, num } = useSpeech();
  const feeders = useLive((state) => state.feeders);
  return (
    <section className="block plan earth-order">
      <h2>
        <span>{t('earthFault.order')}</span>{' '}
        <span className="dim">{t('earthFault.orderNote')}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th>#</th>
            <th>{t('overview.feeder')}</th>
            <th>{t('plan.device')}</th>
            <th className="n">{t('overview.customers')}</th>
            <th>{t('plan.state')}</th>
            <td />
          </tr>
        </thead>
        <tbody data-testid="earth-fault-order">
          {fault.feeders.map((feeder, i) => {
            const head = feeders.get(feeder.id)?.head ?? '';
            const isNext = feeder.id === next?.id;
            return (
              <tr
                key={feeder.id}
                className={`${isNext ? 'next' : ''} ${feeder.state === 'sound' ? 'done' : ''} ${feeder.state === 'faulted' ? 'hit' : ''}`}
                data-testid={`try-${feeder.id}`}
                data-state={feeder.state}
              >
                <td>
                  <span className="stepno">{i + 1}</span>
                </td>
                <td>{feeder.name}</td>
                <td>
                  <button
                    type="button"
                    className="link dev"
                    onClick={() => ui.select({ kind: 'symbol', id: head })}
                  >
                    {deviceName(book, head)}
                  </button>
                </td>
                <td className="n">{num(feeder.customers)}</td>
                <td className="state">
                  {feeder.state === 'faulted' && <Icon name="priority-1" size="s12" />}
                  {feeder.state === 'sound' && <Icon name="tick" size="s12" />}{' '}
                  {isNext ? t('stepState.next') : t(`earthFeeder.${feeder.state}`)}
                </td>
                <td className="n">
                  {fault.state === 'standing' && feeder.state === 'waiting' && !isNext && (
                    <Button
                      className="btn small"
                      isDisabled={!mayTry}
                      onPress={() => onTry(feeder)}
                      aria-label={`${t('earthFault.tryThis')} ${feeder.name}`}
                    >
                      {t('earthFault.tryThis')}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/**
 * A network that runs on with an earth fault: what says so, the feeders in the order in which they
 * are opened, and each next step as a person's word.
 */
export function EarthFaultPanel({ fault }: { readonly fault: EarthFaultView }) {
  const { ui } = useApp();
  const { t } = useSpeech();
  const next = useNextFeeder(fault);
  const may = mayDo(useSession(), 'command');
  const lost = useLive((state) => state.status !== 'live');
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const { state } = fault;
  const start = (what: Deciding) => (): void => {
    // What a person acts on stays in sight, whatever becomes more urgent meanwhile.
    ui.set({ incident: fault.id });
    setDeciding(what);
  };
  return (
    <>
      <Headline fault={fault} />
      <div className="scroll plain" tabIndex={0} data-testid="earth-fault">
        {deciding !== null && (
          <EarthFaultDecision
            key={`${deciding.action} ${deciding.action === 'tryFeeder' ? deciding.feeder.id : ''}`}
            fault={fault}
            deciding={deciding}
            onClose={() => setDeciding(null)}
          />
        )}
        <Evidence fault={fault} />
        <Order
          fault={fault}
          next={next}
          mayTry={may && !lost}
          onTry={(feeder) => start({ action: 'tryFeeder', feeder })()}
        />
      </div>
      {state !== 'gone' && state !== 'leftOpen' && deciding === null && (
        <footer className="actions">
          {state === 'standing' && next !== null && (
            <Button
              className="btn primary"
              data-testid="earth-try"
              isDisabled={!may || lost}
              onPress={start({ action: 'tryFeeder', feeder: next })}
            >
              {t('earthFault.tryNext', { feeder: next.name })}…
            </Button>
          )}
          {state === 'found' && (
            <Button
              className="btn primary"
              data-testid="earth-leave-open"
              isDisabled={!may || lost}
              onPress={start({ action: 'leaveOpen' })}
            >
              {t('earthFault.leaveOpen')}…
            </Button>
          )}
          {state !== 'searching' && (
            <Button
              className="btn"
              data-testid="earth-run"
              isDisabled={!may || lost}
              onPress={start({ action: 'runFor' })}
            >
              {t(state === 'found' ? 'earthFault.closeAndRun' : 'earthFault.run')}…
            </Button>
          )}
          <span className="grow" />
          {state === 'searching' && (
            <Button
              className="btn danger"
              data-testid="earth-stop"
              isDisabled={!may || lost}
              onPress={start({ action: 'stopSearch' })}
            >
              {t('earthFault.stop')}…
            </Button>
          )}
        </footer>
      )}
    </>
  );
}
