import { Button } from 'react-aria-components';
import { ApprovalsBlock } from '../approvals/approvals-block.tsx';
import { ReconciliationCard } from '../approvals/reconciliation-card.tsx';
import { useApp, useLive, useSpeech, useUi } from '../app-context.ts';
import { sectionOf } from '../scene/section-index.ts';
import { TagsBlock } from '../tags/tags-block.tsx';
import { AlarmPanel } from '../lists/alarm-panel.tsx';
import { IncidentPanel } from '../incident/incident-panel.tsx';
import { Icon } from '../parts/icons.tsx';
import { OverviewPanel } from './overview-panel.tsx';
import { EquipmentInspector, LineInspector } from './plain-inspectors.tsx';
import { TraceBlock } from '../trace/trace-block.tsx';
import { DeviceAutomation } from '../automation/device-automation.tsx';
import { EnteredPosition } from '../positions/entered-position.tsx';
import { SwitchInspector } from './switch-inspector.tsx';
import { UnknownOutcome } from './unknown-outcome.tsx';

/** Right of the diagram: what is selected, else the incident or the overview. */
export function SidePanel() {
  const { ui, windowUi, book } = useApp();
  const { t } = useSpeech();
  const view = useUi((state) => state.view);
  const selection = useUi((state) => state.selection);
  const dialog = useUi((state) => state.dialog);
  const alarm = useUi((state) => state.alarm);
  const line = selection?.kind === 'line' ? book.lines.get(selection.id) : undefined;
  const section = useLive((state) =>
    line === undefined ? undefined : sectionOf(book, state, line.from)?.id,
  );
  const incident = view === 'incident';
  if (view === 'alarms' && (alarm !== null || windowUi.panes.length === 1))
    return alarm === null ? null : (
      <aside className="side inspector" aria-label={t('side.label')}>
        <AlarmPanel />
      </aside>
    );
  if (selection === null)
    return (
      <aside className={`side ${incident ? 'incident' : 'summary'}`} aria-label={t('side.label')}>
        <ReconciliationCard />
        <ApprovalsBlock />
        {incident ? <IncidentPanel /> : <OverviewPanel />}
      </aside>
    );
  return (
    <aside
      className={`side inspector ${incident ? 'wide-side' : ''}`}
      aria-label={t('side.label')}
      data-testid="inspector"
    >
      <Button className="back" onPress={() => ui.select(null)} data-testid="back">
        <Icon name="chevron" size="s12" />
        {t(incident ? 'side.backToIncident' : 'side.backToOverview')}
      </Button>
      <ReconciliationCard />
      <ApprovalsBlock />
      {selection.kind === 'line' ? (
        <LineInspector id={selection.id} />
      ) : book.switches.has(selection.id) ? (
        <SwitchInspector id={selection.id} />
      ) : (
        <EquipmentInspector id={selection.id} />
      )}
      {selection.kind === 'symbol' && <UnknownOutcome id={selection.id} />}
      {dialog === null && selection.kind === 'symbol' && (
        <>
          <EnteredPosition key={`entered ${selection.id}`} id={selection.id} />
          <DeviceAutomation key={`automation ${selection.id}`} id={selection.id} />
        </>
      )}
      {dialog === null && selection.kind === 'symbol' && book.switches.has(selection.id) && (
        <TagsBlock equipment={selection.id} on="device" />
      )}
      {dialog === null && section !== undefined && <TagsBlock equipment={section} on="section" />}
      {dialog === null && <TraceBlock id={selection.id} />}
    </aside>
  );
}
