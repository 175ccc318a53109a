import { useEffect, useRef } from 'react';
import type { IncidentView, Plan } from '@relight/contract';
import { useApp, useSpeech, type Speech } from '../app-context.ts';
import { Icon } from '../parts/icons.tsx';
import type { GridBook } from '../store/grid-book.ts';
import { deviceName } from '../store/grid-book.ts';

type Step = Plan['steps'][number];
type Progress = IncidentView['steps'][number];

/** From here on a limit is near enough to be pointed out. */
const NEAR_LIMIT_PCT = 90;

function voltage_kV(book: GridBook, step: Step): number | null {
  if (step.minVoltage_pu === null) return null;
  const node = book.switches.get(step.switch)?.from;
  const nominal = node === undefined ? undefined : book.nominalVoltage_kV.get(node);
  return nominal === undefined ? null : step.minVoltage_pu * nominal;
}

function rowClass(state: Progress['state']): string {
  if (state === 'verified') return 'done';
  if (state === 'next' || state === 'selecting' || state === 'executing') return 'next';
  if (state === 'failed' || state === 'unknown') return 'failed';
  return state === 'cancelled' ? 'cancelled' : 'later';
}

function StateCell({ progress }: { readonly progress: Progress | undefined }) {
  const { t, say, time } = useSpeech();
  const state = progress?.state ?? 'waiting';
  const reason = progress?.reason ?? null;
  const title = reason === null ? undefined : say(reason);
  const at_ms = progress?.at_ms ?? null;
  if (state === 'verified' && at_ms !== null)
    return (
      <td className="state">
        <Icon name="tick" size="s12" label={t('stepState.verified')} />{' '}
        <span className="time">{time(at_ms)}</span>
      </td>
    );
  const icons = {
    next: 'arrow',
    failed: 'cross',
    unknown: 'cross',
    selecting: 'wait',
    executing: 'wait',
  };
  const icon = state in icons ? icons[state as keyof typeof icons] : undefined;
  return (
    <td className="state" title={title}>
      {icon !== undefined && <Icon name={icon} size="s12" />} {t(`stepState.${state}`)}
    </td>
  );
}

function purposeOf(step: Step, { t, num }: Speech): string {
  const base = t(`purpose.${step.purpose}`);
  return step.interruptsCustomers > 0
    ? `${base} · ${t('plan.interrupts', { n: num(step.interruptsCustomers) })}`
    : base;
}

function StepRow({
  step,
  progress,
}: {
  readonly step: Step;
  readonly progress: Progress | undefined;
}) {
  const { book, ui } = useApp();
  const speech = useSpeech();
  const { t, num } = speech;
  const row = useRef<HTMLTableRowElement>(null);
  const kind = rowClass(progress?.state ?? 'waiting');
  // The next step is kept in sight; the table itself never changes its order.
  useEffect(() => {
    if (kind === 'next') row.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  const kV = voltage_kV(book, step);
  const why = purposeOf(step, speech);
  return (
    <tr
      ref={row}
      className={kind}
      data-testid={`step-${step.n}`}
      data-state={progress?.state ?? 'waiting'}
      onClick={() => ui.set({ selection: null, showRequests: ui.get().showRequests + 1 })}
    >
      <td className="n">
        <span className="stepno">{step.n}</span>
      </td>
      <td className="verb">{t(`operation.${step.action}`)}</td>
      <td>
        <span className="dev">{deviceName(book, step.switch)}</span>
        <span className="why">{why}</span>
      </td>
      <td>{why}</td>
      <td className="n">{step.restoresCustomers > 0 ? num(step.restoresCustomers) : '–'}</td>
      <td className="n">
        <span
          className={step.maxLoading_pct >= NEAR_LIMIT_PCT ? 'near' : ''}
          title={step.maxLoadingAt === null ? undefined : deviceName(book, step.maxLoadingAt)}
        >
          {num(step.maxLoading_pct)} %
        </span>
      </td>
      <td className="n">{kV === null ? '–' : num(kV, 1)}</td>
      <StateCell progress={progress} />
    </tr>
  );
}

/** The plan, step by step; finished steps stay where they are. */
export function PlanTable({ incident }: { readonly incident: IncidentView }) {
  const { t, num } = useSpeech();
  const { plan } = incident;
  // Of which kind it is its steps say; one that is over is still what it was.
  const isBack = plan?.steps.some(({ purpose }) => purpose === 'return') === true;
  if (plan === null)
    return (
      <section className="block plan">
        <h2>
          <span>{t('plan.title')}</span>
        </h2>
        <p className="dim">{t(incident.state === 'noPlan' ? 'plan.none' : 'plan.notYet')}</p>
      </section>
    );
  const facts = [
    t('plan.version', { n: incident.planVersion }),
    t(`proof.${plan.proof.status}`),
    ...(plan.compute_ms === undefined
      ? []
      : [`${num(plan.compute_ms, plan.compute_ms < 10 ? 1 : 0)} ms`]),
  ];
  return (
    <section className="block plan">
      <h2>
        <span>{t(isBack ? 'plan.backTitle' : 'plan.title')}</span>{' '}
        <span className="dim">{facts.join(' · ')}</span>
      </h2>
      {plan.steps.length === 0 ? (
        <p className="dim">{t('plan.noSteps')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th className="n">#</th>
              <th>{t('plan.action')}</th>
              <th>{t('plan.device')}</th>
              <th>{t('plan.purpose')}</th>
              <th className="n">{t('plan.back')}</th>
              <th className="n">{t('plan.maxLoad')}</th>
              <th className="n">{t('plan.minVoltage')}</th>
              <th>{t('plan.state')}</th>
            </tr>
          </thead>
          <tbody>
            {plan.steps.map((step) => (
              <StepRow
                key={step.n}
                step={step}
                progress={incident.steps.find((s) => s.n === step.n)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
