import { useState } from 'react';
import type { IncidentView, Plan } from '@relight/contract';
import { useApp, useServerNow, useSession, useSpeech } from '../app-context.ts';
import { momentText } from '../i18n/format.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Icon } from '../parts/icons.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { hasRight } from '../people/session-store.ts';
import { deviceName } from '../store/grid-book.ts';
import { setRepairTime } from '../store/rest.ts';

/** What the server takes, hours. */
const [LEAST_H, MOST_H] = [0.1, 720];

/** Hours as people write them, with a comma or a point; null where it is no such time. */
function hoursOf(text: string): number | null {
  const hours = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && hours >= LEAST_H && hours <= MOST_H ? hours : null;
}

/** The dispatcher says when the repair is expected to be done; the plan is made again with it. */
function RepairTime({ incident }: { readonly incident: IncidentView }) {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const session = useSession();
  const hours = hoursOf(text);
  if (!hasRight(session, 'decide')) return null;
  return (
    <div className="repair-time">
      <TextInput
        label={t('outlook.hours')}
        value={text}
        onChange={setText}
        testId="repair-hours"
        maxLength={6}
      />
      <ActionButton
        right="decide"
        className="small"
        testId="repair-set"
        isDisabled={hours === null}
        action={async () => {
          setRefused(null);
          await setRepairTime(incident.id, hours ?? 0);
          setText('');
        }}
        onRefused={setRefused}
      >
        {t('outlook.set')}
      </ActionButton>
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}

/** The hour in which the plan comes nearest to what its elements carry. */
function Tightest({ forecast }: { readonly forecast: NonNullable<Plan['forecast']> }) {
  const { book } = useApp();
  const { t, say, num } = useSpeech();
  const [first] = forecast.hours;
  if (first === undefined) return null;
  const { hours, checkedTo_h } = forecast;
  const tightest = hours.reduce((a, b) => (b.maxLoading_pct > a.maxLoading_pct ? b : a), first);
  const { ahead_h, maxLoading_pct, maxLoadingAt } = tightest;
  const when = (hour_h: number): string =>
    hour_h === 0 ? t('outlook.now') : t('outlook.ahead', { hours: num(hour_h, 1) });
  const [lowest] = hours
    .flatMap((hour) => (hour.minVoltage_pu === null ? [] : [{ ...hour, pu: hour.minVoltage_pu }]))
    .toSorted((a, b) => a.pu - b.pu);
  return (
    <p data-testid="tightest-hour" title={say({ vi: forecast.becauseVi, en: forecast.because })}>
      {checkedTo_h !== undefined && <>{t('outlook.checkedTo', { hours: num(checkedTo_h, 1) })} </>}
      {maxLoadingAt !== null && (
        <>
          {t('outlook.tightest')} <b className="num">{num(maxLoading_pct)} %</b>{' '}
          <span className="dev">{deviceName(book, maxLoadingAt)}</span> {when(ahead_h)}
        </>
      )}
      {lowest !== undefined && (
        <>
          {' · '}
          {t('outlook.lowest')} <b className="num">{num(lowest.pu, 3)} pu</b> {when(lowest.ahead_h)}
        </>
      )}
    </p>
  );
}

/** For how long the plan holds: until when the repair is expected, by which forecast, how tightly. */
export function PlanOutlook({ incident }: { readonly incident: IncidentView }) {
  const { t, say, duration } = useSpeech();
  const now = useServerNow();
  const { repair, plan } = incident;
  if (repair === undefined) return null;
  const left_ms = repair.due_ms - now;
  const warnings = (plan?.warnings ?? [])
    .map((en, at) => ({ en, vi: plan?.warningsVi?.[at] ?? en }))
    // Told in the line before already.
    .filter(({ en }) => en !== repair.forecast?.text.en);
  return (
    <section className="block outlook" data-testid="outlook">
      <h2>
        <span>{t('outlook.title')}</span>{' '}
        <span className="dim" data-testid="repair-due">
          {t('outlook.due')} <span className="time">{momentText(repair.due_ms)}</span>
          {' · '}
          {left_ms >= 0 ? t('outlook.left', { time: duration(left_ms) }) : t('outlook.over')}
          {' · '}
          {repair.byName ?? t('outlook.usual')}
        </span>
      </h2>
      {repair.forecast !== undefined && (
        <p className="dim" data-testid="forecast-status">
          {say(repair.forecast.text)}
        </p>
      )}
      {plan?.forecast !== undefined && <Tightest forecast={plan.forecast} />}
      {warnings.map((warning) => (
        <p key={warning.en} className="reason-line" data-testid="plan-warning">
          <Icon name="priority-3" size="s12" /> {say(warning)}
        </p>
      ))}
      <RepairTime key={incident.id} incident={incident} />
    </section>
  );
}
