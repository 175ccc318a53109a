import type { EarthFaultView, IncidentView } from '@relight/contract';
import { useApp, useLive, useServerNow, useSpeech, useUi } from '../app-context.ts';
import { byUrgency } from '../incident/incident-panel.tsx';
import { byNeed, wantsPerson } from '../earth-fault/shown-earth-fault.ts';
import { Icon } from '../parts/icons.tsx';
import { networkName } from '../store/grid-book.ts';
import { casesOf } from '../storm/storm.ts';
import { StormCard } from '../storm/storm-card.tsx';
import { StationsBlock } from './stations-block.tsx';
import { PlacedFaults, usePlacedFaults } from './fault-placement.tsx';

function Figures() {
  const { t, num } = useSpeech();
  const summary = useLive((state) => state.summary);
  const incidents = useLive((state) => state.incidents);
  const open = [...incidents.values()].filter((i) => i.closedAt_ms === null);
  // Once the last incident is over, what it gave back goes on being told, with its name.
  const last = open.length > 0 ? undefined : [...incidents.values()].sort(byUrgency)[0];
  const told = last === undefined ? open : [last];
  const back = told.reduce((sum, i) => sum + i.customersRestored, 0);
  return (
    <section className="block overview-figures">
      <dl className="figures">
        <div>
          <dt>{t('overview.out')}</dt>
          <dd>
            <b className="num big" data-testid="overview-out">
              {num(summary?.customersOut ?? 0)}
            </b>
            <span className="dim">
              / <span className="num">{num(summary?.customers ?? 0)}</span>
            </span>
          </dd>
        </div>
        <div>
          <dt>
            {last === undefined ? t('overview.back') : t('overview.backLast', { id: last.id })}
          </dt>
          <dd>
            <b className="num" data-testid="overview-back">
              {num(back)}
            </b>
          </dd>
        </div>
        <div>
          <dt>{t('overview.incidents')}</dt>
          <dd>
            <b className="num">{num(open.length)}</b>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function IncidentRow({ incident }: { readonly incident: IncidentView }) {
  const { ui } = useApp();
  const { t, say, num, time, duration } = useSpeech();
  const now = useServerNow();
  return (
    <li className={incident.closedAt_ms === null ? 'open' : 'closed'}>
      <button
        type="button"
        data-testid="incident-row"
        onClick={() => ui.set({ view: 'incident', incident: incident.id, selection: null })}
      >
        <span className="line-1">
          <Icon name="view-incident" />
          <b>{say(incident.title)}</b>
          <span className="grow" />
          <span className="time">{time(incident.openedAt_ms)}</span>
        </span>
        <span className="line-2 dim">
          <span>{t(`incidentState.${incident.state}`)}</span>
          <span className="grow" />
          <span>
            {t('overview.dark', {
              n: num(incident.customersOut - incident.customersRestored),
              all: num(incident.customersOut),
            })}
            {incident.closedAt_ms === null && ` · ${duration(now - incident.openedAt_ms)}`}
          </span>
        </span>
      </button>
    </li>
  );
}

function EarthFaultRow({ fault }: { readonly fault: EarthFaultView }) {
  const { ui, book } = useApp();
  const { t, say, num, time } = useSpeech();
  return (
    <li className={wantsPerson(fault) ? 'open' : 'closed'}>
      <button
        type="button"
        data-testid="earth-fault-row"
        onClick={() => ui.set({ view: 'incident', incident: fault.id, selection: null })}
      >
        <span className="line-1">
          <Icon name="view-incident" />
          <b>{t('earthFault.title', { network: networkName(book, fault.network) })}</b>
          <span className="grow" />
          <span className="time">{fault.since_ms === null ? '–' : time(fault.since_ms)}</span>
        </span>
        <span className="line-2 dim">
          <span>{say(fault.text)}</span>
          <span className="grow" />
          <span className="num">
            3U0 {fault.neutralVoltage_kV === null ? '–' : num(fault.neutralVoltage_kV, 1)} kV
          </span>
        </span>
      </button>
    </li>
  );
}

function Incidents() {
  const { t } = useSpeech();
  const incidents = useLive((state) => state.incidents);
  const earthFaults = useLive((state) => state.earthFaults);
  const cases = casesOf([...incidents.values()].sort(byUrgency));
  const faults = [...earthFaults.values()].sort(byNeed);
  return (
    <section className="block">
      <h2>
        <span>{t('overview.incidentList')}</span>
      </h2>
      {cases.length + faults.length === 0 && <p className="dim">{t('incident.none')}</p>}
      <ul className="incident-list">
        {faults.map((fault) => (
          <EarthFaultRow key={fault.id} fault={fault} />
        ))}
        {cases.map((each) =>
          each.kind === 'storm' ? (
            <StormCard key={`storm ${each.storm.openedAt_ms}`} storm={each.storm} />
          ) : (
            <IncidentRow key={each.incident.id} incident={each.incident} />
          ),
        )}
      </ul>
    </section>
  );
}

function Feeders() {
  const { book, ui } = useApp();
  const { t, num, say } = useSpeech();
  const feeders = useLive((state) => state.feeders);
  const rows = [...feeders.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return (
    <section className="block feeders">
      <h2>
        <span>{t('overview.feeders')}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th>{t('overview.feeder')}</th>
            <th className="n">{t('overview.current')}</th>
            <th className="n">{t('overview.customers')}</th>
            <th className="n">{t('overview.outShort')}</th>
            <th>FLISR</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((feeder) => (
            <tr key={feeder.id} className={feeder.customersOut > 0 ? 'dark-row' : ''}>
              <td title={feeder.name}>
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    if (book.symbols.has(feeder.head))
                      ui.select({ kind: 'symbol', id: feeder.head });
                  }}
                >
                  {feeder.name.replace(/^Xuất tuyến /u, '')}
                </button>
              </td>
              <td className="n">
                {feeder.current_A === null ? '–' : `${num(feeder.current_A)} A`}
              </td>
              <td className="n">{num(feeder.customers)}</td>
              <td className="n">{feeder.customersOut > 0 ? num(feeder.customersOut) : '–'}</td>
              <td
                className={feeder.outOfAutomatic === null ? 'mode' : 'mode out'}
                title={feeder.outOfAutomatic === null ? undefined : say(feeder.outOfAutomatic)}
              >
                {t(`modeShort.${feeder.mode}`)}
                {feeder.outOfAutomatic !== null && ' !'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SimulationNote() {
  const { t } = useSpeech();
  const simulation = useLive((state) => state.simulation);
  const { faults, refresh } = usePlacedFaults();
  if (!simulation) return null;
  return (
    <section className="block simulation-note">
      <h2>
        <Icon name="view-study" />
        <span>{t('fault.title')}</span>
      </h2>
      {faults.length === 0 ? (
        <p className="dim">{t('fault.how')}</p>
      ) : (
        <PlacedFaults faults={faults} refresh={refresh} />
      )}
    </section>
  );
}

/** What to look at while nothing is selected. */
export function OverviewPanel() {
  const overview = useUi((state) => state.view === 'overview');
  return (
    <>
      <Figures />
      <div className="panel-scroll">
        <Incidents />
        <SimulationNote />
        {overview && <StationsBlock />}
        <Feeders />
      </div>
    </>
  );
}
