import { useState } from 'react';
import type { IncidentDecision, IncidentView } from '@relight/contract';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { EarthFaultPanel } from '../earth-fault/earth-fault-panel.tsx';
import { byNeed, useShownEarthFault } from '../earth-fault/shown-earth-fault.ts';
import { Icon } from '../parts/icons.tsx';
import { AdoptNormal } from '../normal-state/adopt-normal.tsx';
import { networkName } from '../store/grid-book.ts';
import { decide } from '../store/rest.ts';
import { LiftBlocks } from './lift-blocks.tsx';
import { IncidentHeadline } from './incident-headline.tsx';
import { Evidence, RejectedTies, StaysDark, Suspects, TiesInUse } from './incident-reasons.tsx';
import { PlanOutlook } from './plan-outlook.tsx';
import { PlanTable } from './plan-table.tsx';
import { TrialBlock } from './trial-block.tsx';
import { WayBackBlock } from './way-back-block.tsx';

/** Open ones first, then the newest. */
export function byUrgency(a: IncidentView, b: IncidentView): number {
  const closed = Number(a.closedAt_ms !== null) - Number(b.closedAt_ms !== null);
  return closed || b.openedAt_ms - a.openedAt_ms;
}

function Actions({ incident }: { readonly incident: IncidentView }) {
  const { t } = useSpeech();
  const [refused, setRefused] = useState<string | null>(null);
  const may = (decision: IncidentDecision): boolean => incident.decisions.includes(decision);
  const send = (decision: Exclude<IncidentDecision, 'liftBlocks'>) => (): Promise<void> => {
    setRefused(null);
    return decide(incident.id, decision, incident.planVersion, incident.planHash);
  };
  const left = incident.steps.filter((s) => s.state === 'waiting' || s.state === 'next');
  const next = left[0];
  // What is over, or waits for a repair, can only be lifted; while it still runs it can be aborted.
  if (may('liftBlocks') || (incident.decisions.length === 0 && incident.closedAt_ms !== null))
    return <LiftBlocks key={incident.id} incident={incident} />;
  return (
    <footer className="actions">
      {refused !== null && (
        <p className="refusal" role="alert">
          {refused}
        </p>
      )}
      <ActionButton
        right="decide"
        className="primary"
        testId="approve-all"
        isDisabled={!may('approveAll')}
        action={send('approveAll')}
        onRefused={setRefused}
      >
        <Icon name="tick" />
        <span>
          {t('action.approveAll')}{' '}
          {left.length > 0 && <small>{t('action.steps', { n: left.length })}</small>}
        </span>
      </ActionButton>
      <ActionButton
        right="decide"
        testId="approve-step"
        isDisabled={!may('approveStep')}
        action={send('approveStep')}
        onRefused={setRefused}
      >
        <span>
          {t('action.approveStep')}{' '}
          {next !== undefined && <small>{t('action.doStep', { n: next.n })}</small>}
        </span>
      </ActionButton>
      <ActionButton
        right="decide"
        testId="hold"
        isDisabled={!may('hold')}
        action={send('hold')}
        onRefused={setRefused}
      >
        {t('action.hold')}
      </ActionButton>
      <span className="grow" />
      <ActionButton
        right="decide"
        className="danger"
        testId="abort"
        isDisabled={!may('abort')}
        action={send('abort')}
        onRefused={setRefused}
      >
        <Icon name="cross" />
        {t('action.abort')} <kbd className="wide">Ctrl+Shift+X</kbd>
      </ActionButton>
    </footer>
  );
}

/** The incident this window looks at: the chosen one, else the most urgent. */
export function useShownIncident(): IncidentView | null {
  const chosen = useUi((state) => state.incident);
  const incidents = useLive((state) => state.incidents);
  const fault = useShownEarthFault();
  const known = chosen === null ? undefined : incidents.get(chosen);
  if (fault !== null) return null;
  return known ?? [...incidents.values()].sort(byUrgency)[0] ?? null;
}

function Tabs({ shown }: { readonly shown: string }) {
  const { ui } = useApp();
  const { book } = useApp();
  const { t, say } = useSpeech();
  const incidents = useLive((state) => state.incidents);
  const earthFaults = useLive((state) => state.earthFaults);
  const all = [...incidents.values()].sort(byUrgency);
  const faults = [...earthFaults.values()].sort(byNeed);
  if (all.length + faults.length < 2) return null;
  return (
    <div className="incident-tabs">
      <label>
        <span className="dim">{t('incident.shown')}</span>{' '}
        <select
          value={shown}
          onChange={(event) => ui.set({ incident: event.target.value })}
          data-testid="incident-choice"
        >
          {faults.map((fault) => (
            <option key={fault.id} value={fault.id}>
              {fault.id} · {t('earthFault.title', { network: networkName(book, fault.network) })} ·{' '}
              {t(`earthFaultState.${fault.state}`)}
            </option>
          ))}
          {all.map((incident) => (
            <option key={incident.id} value={incident.id}>
              {incident.id} · {say(incident.title)} · {t(`incidentState.${incident.state}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Decision beside the diagram: what is out, the plan, what stays dark, why, alternatives. */
export function IncidentPanel() {
  const { t } = useSpeech();
  const incident = useShownIncident();
  const fault = useShownEarthFault();
  if (fault !== null)
    return (
      <>
        <Tabs shown={fault.id} />
        <EarthFaultPanel key={fault.id} fault={fault} />
      </>
    );
  if (incident === null)
    return (
      <div className="empty-panel" data-testid="no-incident">
        <Icon name="tick" size="s20" />
        <p>{t('incident.none')}</p>
      </div>
    );
  return (
    <>
      <Tabs shown={incident.id} />
      <IncidentHeadline incident={incident} />
      <div className="scroll" tabIndex={0}>
        <WayBackBlock key={`back ${incident.id}`} incident={incident} />
        <PlanTable incident={incident} />
        <StaysDark incident={incident} />
        <PlanOutlook incident={incident} />
        <Suspects incident={incident} />
        <Evidence incident={incident} />
        <TiesInUse incident={incident} />
        <RejectedTies incident={incident} />
        <TrialBlock key={incident.id} incident={incident} />
        {incident.closedAt_ms !== null && incident.wayBack !== undefined && (
          <section className="block adopt-here">
            <AdoptNormal
              key={`adopt ${incident.id}`}
              switches={incident.wayBack.offNormal.map((each) => each.switch)}
            />
          </section>
        )}
      </div>
      <Actions incident={incident} />
    </>
  );
}
