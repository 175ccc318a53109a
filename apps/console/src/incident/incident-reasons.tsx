import type { IncidentView, Plan } from '@relight/contract';
import { useApp, useSpeech, type Speech } from '../app-context.ts';
import { Icon, SheetSymbol } from '../parts/icons.tsx';
import { deviceName } from '../store/grid-book.ts';

interface Props {
  readonly incident: IncidentView;
}

/** What stays dark, and why. */
export function StaysDark({ incident }: Props) {
  const { t, say, num } = useSpeech();
  if (incident.staysDark.length === 0 && incident.reasons.length === 0) return null;
  return (
    <section className="block dark" data-testid="stays-dark">
      {incident.staysDark.length > 0 && <h2>{t('dark.title')}</h2>}
      {incident.staysDark.map((row) => (
        <p key={row.section}>
          <span className="tagged fault">
            {row.name} · <span className="num">{num(row.customers)}</span> {t('dark.customers')}
          </span>{' '}
          {say(row.why)}
        </p>
      ))}
      {incident.reasons.map((reason) => (
        <p key={reason.vi} className="reason-line">
          <Icon name="priority-3" size="s12" /> {say(reason)}
        </p>
      ))}
    </section>
  );
}

/** Where the fault may be, with the evidence for and against. */
export function Suspects({ incident }: Props) {
  const { t, say, num } = useSpeech();
  const inside = incident.suspects
    .filter((s) => incident.staysDark.some((d) => d.section === s.section))
    .reduce((sum, s) => sum + s.probability, 0);
  return (
    <section className="block suspects">
      <h2>
        <span>{t('suspects.title')}</span>
        {inside > 0 && (
          <span className="dim">{t('suspects.isolated', { share: num(inside * 100, 1) })}</span>
        )}
      </h2>
      <ol className="suspect-list" data-testid="suspects">
        {incident.suspects.slice(0, 5).map((suspect, i) => (
          <li key={suspect.section} className={i === 0 ? 'hit' : ''}>
            <span className="dev">{suspect.name}</span>
            <span className="p num">{num(suspect.probability * 100, 1)} %</span>
            <span className="bar-track">
              <Share value={suspect.probability} className="bar-fill" />
            </span>
            <div className="reason">
              {suspect.because.map((because) => (
                <div key={because.text.vi}>
                  <Icon name={because.supports ? 'tick' : 'cross'} size="s12" />
                  {say(because.text)}
                </div>
              ))}
            </div>
          </li>
        ))}
      </ol>
      {incident.suspects.length === 0 && <p className="dim">{t('suspects.none')}</p>}
    </section>
  );
}

/** A bar as long as a share of its track. */
function Share({ value, className }: { readonly value: number; readonly className: string }) {
  return <span className={className} style={{ width: `${Math.min(100, value * 100)}%` }} />;
}

function evidenceSymbol(row: IncidentView['evidence'][number]): string {
  const bad = row.quality !== 'good';
  if (row.signal === 'faultIndicator')
    return `fault-indicator-${bad ? 'bad' : row.value === true ? 'closed' : 'open'}`;
  if (row.signal === 'position')
    return `breaker-${bad ? 'bad' : row.value === 'closed' ? 'closed' : 'open'}`;
  return row.signal === 'faultReactance_ohm' ? 'icon-view-trends' : 'icon-view-incident';
}

/** What the field reported, by the time of its source. */
export function Evidence({ incident }: Props) {
  const { t, say, time } = useSpeech();
  return (
    <section className="block evidence">
      <h2>
        <span>{t('evidence.title')}</span> <span className="dim">{t('evidence.sourceTime')}</span>
      </h2>
      <ol className="evidence-list" data-testid="evidence">
        {incident.evidence.map((row) => (
          <li key={`${row.at_ms} ${row.equipment} ${row.signal} ${String(row.value)}`}>
            <span className="time">{time(row.at_ms, true)}</span>
            <SheetSymbol name={evidenceSymbol(row)} size="s12" />
            <span>{say(row.text)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Ties the plan closes, and how loaded their feeders are then. */
export function TiesInUse({ incident }: Props) {
  const { book } = useApp();
  const { t, num } = useSpeech();
  const used = (incident.plan?.steps ?? []).filter(
    (step) => step.action === 'close' && book.switches.get(step.switch)?.normallyOpen === true,
  );
  return (
    <section className="block margins">
      <h2>
        <span>{t('ties.used')}</span> <span className="dim">{t('ties.loadAfter')}</span>
      </h2>
      <ul className="margin-list">
        {used.map((step) => (
          <li key={step.n}>
            <div className="row">
              <span className="dev">{deviceName(book, step.switch)}</span>
              <b className="num">{num(step.maxLoading_pct)} %</b>
            </div>
            <div className="bar-track">
              <Share value={step.maxLoading_pct / 100} className="before" />
            </div>
            {step.maxLoadingAt !== null && (
              <span className="dim">{deviceName(book, step.maxLoadingAt)}</span>
            )}
          </li>
        ))}
      </ul>
      {used.length === 0 && <p className="dim">{t('ties.noneUsed')}</p>}
    </section>
  );
}

function limitOf(rejection: Plan['rejected'][number], { num, t }: Speech): string {
  const { value, allowed, unit, kind } = rejection;
  if (value === undefined || allowed === undefined) return t(`rejected.${kind}`);
  const decimals = unit === 'pu' ? 3 : unit === 'kV' ? 1 : 0;
  const sign = value > allowed ? '>' : '<';
  const written = unit === undefined || unit === 'pct' || unit === '%' ? '%' : unit;
  return `${num(value, decimals)} ${sign} ${num(allowed, decimals)} ${written}`;
}

/** Ties the plan leaves open, with the limit that decided it. */
export function RejectedTies({ incident }: Props) {
  const { book } = useApp();
  const speech = useSpeech();
  const { t, num } = speech;
  const rejected = incident.plan?.rejected ?? [];
  return (
    <section className="block rejected">
      <h2>
        <span>{t('ties.rejected')}</span> <span className="dim">{t('ties.limit')}</span>
      </h2>
      <ul className="reject-list" data-testid="rejected">
        {rejected.map((row) => (
          <li key={`${row.switch} ${row.kind}`}>
            <div className="row">
              <span className="dev">{deviceName(book, row.switch)}</span>
              <span className="limit num">{limitOf(row, speech)}</span>
            </div>
            <span className="dim">
              {row.value === undefined ? '' : t(`rejected.${row.kind}`)}
              {row.limit === undefined ? '' : ` ${deviceName(book, row.limit)}`}
              {row.ahead_h === undefined
                ? ''
                : ` ${t('outlook.ahead', { hours: num(row.ahead_h, 1) })}`}
            </span>
          </li>
        ))}
      </ul>
      {rejected.length === 0 && <p className="dim">{t('ties.noneRejected')}</p>}
    </section>
  );
}
