import type { IncidentView } from '@relight/contract';
import { useApp, useServerNow, useSpeech } from '../app-context.ts';
import { substationOfFeeder } from '../automation/modes.ts';
import { Icon } from '../parts/icons.tsx';
import type { Storm } from './storm.ts';

/** What waits for a person first. */
const URGENCY: readonly IncidentView['state'][] = [
  'approval',
  'halted',
  'noPlan',
  'held',
  'reclosing',
  'evidence',
  'executing',
];

/** Of these the first four wait for a person. */
const WAITING = 4;

function urgency({ state }: IncidentView): number {
  const at = URGENCY.indexOf(state);
  return at === -1 ? URGENCY.length : at;
}

/** Many feeders that tripped together as one card: the sum on top, one row an incident below. */
export function StormCard({ storm }: { readonly storm: Storm }) {
  const { book, ui } = useApp();
  const { t, num, time, duration } = useSpeech();
  const now = useServerNow();
  const stations = new Set(storm.feeders.map((feeder) => substationOfFeeder(book, feeder)));
  const nameOf = (feeder: string): string =>
    (book.file.feeders?.find(({ id }) => id === feeder)?.name ?? feeder).replace(
      /^Xuất tuyến /u,
      '',
    );
  const rows = [...storm.incidents].sort(
    (a, b) =>
      Number(a.closedAt_ms !== null) - Number(b.closedAt_ms !== null) ||
      urgency(a) - urgency(b) ||
      b.customersOut - b.customersRestored - (a.customersOut - a.customersRestored) ||
      (a.id < b.id ? -1 : 1),
  );
  const isOpen = storm.incidents.some(({ closedAt_ms }) => closedAt_ms === null);
  return (
    <li className={`storm ${isOpen ? 'open' : 'closed'}`} data-testid="storm">
      <p className="line-1">
        <Icon name="view-incident" />
        <b data-testid="storm-feeders" data-feeders={storm.feeders.length}>
          {t('storm.title', { n: num(storm.feeders.length), stations: num(stations.size) })}
        </b>
        <span className="grow" />
        <span className="time">{time(storm.openedAt_ms)}</span>
      </p>
      <p className="line-2 dim">
        <span>
          {t('storm.waiting', {
            n: num(storm.incidents.filter((each) => urgency(each) < WAITING).length),
          })}
        </span>
        <span className="grow" />
        <span>
          {t('overview.dark', {
            n: num(storm.customersOut - storm.customersRestored),
            all: num(storm.customersOut),
          })}
          {isOpen && ` · ${duration(now - storm.openedAt_ms)}`}
        </span>
      </p>
      <ul className="storm-rows" tabIndex={0} aria-label={t('overview.incidentList')}>
        {rows.map((incident) => (
          <li key={incident.id} className={incident.closedAt_ms === null ? 'open' : 'closed'}>
            <button
              type="button"
              data-testid="storm-row"
              onClick={() => ui.set({ view: 'incident', incident: incident.id, selection: null })}
            >
              <span className="dev">{incident.feeders.map(nameOf).join(', ')}</span>
              <span className="dim">{t(`incidentState.${incident.state}`)}</span>
              <span className="num">{num(incident.customersOut - incident.customersRestored)}</span>
            </button>
          </li>
        ))}
      </ul>
    </li>
  );
}
