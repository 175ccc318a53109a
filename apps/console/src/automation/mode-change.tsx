import type { AutomationMode } from '@relight/contract';
import { useLive, useSpeech } from '../app-context.ts';
import { Confirm } from '../parts/confirm.tsx';
import { setFeederMode, setScopeMode } from '../store/rest.ts';
import type { ModeScope } from './modes.ts';

/** A mode somebody has chosen and not sent yet. */
export interface ModeChange {
  readonly scope: ModeScope;
  /** Id of the substation, feeder or device; empty for the system. */
  readonly equipment: string;
  readonly name: string;
  readonly from: AutomationMode;
  readonly to: AutomationMode;
  /** Feeders it speaks for. */
  readonly feeders: readonly string[];
}

/** What a change of mode does, before it is sent. */
export function ModeConfirm({
  change,
  onClose,
}: {
  readonly change: ModeChange;
  readonly onClose: () => void;
}) {
  const { t, num } = useSpeech();
  const incidents = useLive((state) => state.incidents);
  const running = [...incidents.values()].filter(
    ({ closedAt_ms, feeders, state }) =>
      closedAt_ms === null &&
      (state === 'executing' || state === 'held' || state === 'approval') &&
      feeders.some((feeder) => change.feeders.includes(feeder)),
  );
  const { scope, equipment, to } = change;
  return (
    <Confirm
      testId="mode-confirm"
      title={t('automation.change', {
        name: change.name,
        from: t(`mode.${change.from}`),
        to: t(`mode.${to}`),
      })}
      confirm={t('automation.set', { to: t(`mode.${to}`) })}
      danger={to === 'automatic'}
      action={() =>
        scope === 'feeder'
          ? setFeederMode(equipment, to)
          : setScopeMode({ scope, equipment, mode: to })
      }
      onClose={onClose}
    >
      <p>{t(`modeDetail.${to}`)}</p>
      {(scope === 'system' || scope === 'substation') && (
        <p className="dim">{t('automation.speaksFor', { n: num(change.feeders.length) })}</p>
      )}
      {to === 'disabled' && scope !== 'device' && running.length > 0 && (
        <p>
          <b>{t('automation.stopsPlans', { list: running.map(({ id }) => id).join(', ') })}</b>
        </p>
      )}
    </Confirm>
  );
}
