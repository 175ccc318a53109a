import type { IncidentView } from '@relight/contract';
import { useLive, useServerNow, useSpeech } from '../app-context.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

/** The moment from which the five minutes run: the oldest dead section, else the trip. */
function darkSince(incident: IncidentView, deadSince: readonly number[]): number {
  return deadSince.length === 0 ? incident.openedAt_ms : Math.min(...deadSince);
}

function FiveMinutes({ incident }: { readonly incident: IncidentView }) {
  const { t, duration } = useSpeech();
  const now = useServerNow();
  const sections = useLive((state) => state.sections);
  const dead = [...sections.values()].flatMap((s) =>
    s.deadSince_ms !== null &&
    s.state !== 'live' &&
    s.normalFeeder !== null &&
    incident.feeders.includes(s.normalFeeder)
      ? [s.deadSince_ms]
      : [],
  );
  if (incident.customersDark === 0 && dead.length === 0)
    return (
      <div className="clock">
        <dt>{t('incident.allBack')}</dt>
        <dd>
          <b className="time big">
            {duration((incident.closedAt_ms ?? now) - incident.openedAt_ms)}
          </b>
        </dd>
      </div>
    );
  const gone = now - darkSince(incident, dead);
  const left = FIVE_MINUTES_MS - gone;
  const share = Math.max(0, Math.min(0.9999, left / FIVE_MINUTES_MS));
  const angle = share * 2 * Math.PI;
  const [x, y] = [18 + 15 * Math.sin(angle), 18 - 15 * Math.cos(angle)];
  return (
    <div className="clock">
      <dt>{t(left >= 0 ? 'incident.fiveMinutes' : 'incident.pastFive')}</dt>
      <dd>
        <svg className="ring" viewBox="0 0 36 36" aria-hidden="true">
          <circle cx="18" cy="18" r="15" />
          {share > 0 && <path d={`M18 3A15 15 0 ${share > 0.5 ? 1 : 0} 1 ${x} ${y}`} />}
        </svg>
        <b className={`time big ${left < 0 ? 'past' : ''}`} data-testid="five-minutes">
          {duration(Math.abs(left))}
        </b>
      </dd>
    </div>
  );
}

/** What is out and how long is left: the first thing to read. */
export function IncidentHeadline({ incident }: { readonly incident: IncidentView }) {
  const { t, say, num, time } = useSpeech();
  const still = incident.customersOut - incident.customersRestored;
  return (
    <header className="block headline">
      <div className="title">
        <h1>
          <span className="dev">{incident.id}</span> {say(incident.title)}
        </h1>
        <p className="dim">
          {t('incident.opened')} <span className="time">{time(incident.openedAt_ms)}</span> ·{' '}
          <b data-testid="incident-state" data-state={incident.state}>
            {t(`incidentState.${incident.state}`)}
          </b>
          {incident.automatic && ` · ${t('incident.automatic')}`}
        </p>
      </div>
      <dl className="figures">
        <div>
          <dt>{t('incident.out')}</dt>
          <dd>
            <b className="num big" data-testid="incident-out" data-value={still}>
              {num(still)}
            </b>
            <span className="dim">
              {t('incident.of')}{' '}
              <span className="num" data-testid="incident-total" data-value={incident.customersOut}>
                {num(incident.customersOut)}
              </span>
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('incident.back')}</dt>
          <dd>
            <b
              className="num"
              data-testid="incident-restored"
              data-value={incident.customersRestored}
            >
              {num(incident.customersRestored)}
            </b>
          </dd>
        </div>
        <FiveMinutes incident={incident} />
      </dl>
    </header>
  );
}
