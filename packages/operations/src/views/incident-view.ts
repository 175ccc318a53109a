import type { IncidentDecision, IncidentView } from '@relight/contract';
import { awaitsLift, sectionsKeptDead } from '../interlocks/energises-fault.ts';
import { shortFeederName } from '../section-info.ts';
import type { Engine } from '../engine.ts';
import { isClosed, type Incident } from '../incident-state.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { trialsOf } from '../possible-trials.ts';
import { repairOf } from '../repair-time.ts';
import { wayBackOf } from '../way-back/view.ts';

export function incidentView(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): IncidentView {
  const customersOf = (loads: readonly number[]): number =>
    loads.reduce((sum, load) => sum + (engine.grid.loads[load]?.customers ?? 0), 0);
  const back = incident.outLoads.filter(
    (load) => (state.energisation.nodeSource[engine.network.loadNode[load] ?? -1] ?? -1) !== -1,
  );
  const out = customersOf(incident.outLoads);
  const restored = customersOf(back);
  return {
    id: incident.id,
    title: titleOf(engine, incident),
    state: incident.state,
    feeders: incident.feeders.map((feeder) => engine.grid.feeders[feeder]?.id ?? ''),
    tripped: incident.trips.map((trip) => engine.grid.switches[trip.switchIndex]?.id ?? ''),
    openedAt_ms: incident.openedAt_ms,
    closedAt_ms: incident.closedAt_ms,
    customersOut: out,
    customersRestored: restored,
    customersDark: out - restored,
    automatic: incident.automatic,
    reasons: incident.reasons,
    evidence: incident.evidence,
    suspects: (incident.location?.candidates ?? []).map((candidate) => ({
      section: engine.sections[candidate.section]?.id ?? '',
      name: engine.sections[candidate.section]?.name ?? '',
      probability: candidate.probability,
      because: candidate.because.map((each) => ({ supports: each.supports, text: each.text })),
    })),
    plan: incident.plan?.document ?? null,
    planVersion: incident.planVersion,
    planHash: incident.planHash,
    steps: (incident.progress?.steps ?? []).map((step, index) => ({ n: index + 1, ...step })),
    staysDark: (incident.plan?.staysDark ?? []).map(({ section, why }) => ({
      section: engine.sections[section]?.id ?? '',
      name: engine.sections[section]?.name ?? '',
      customers: engine.sections[section]?.customers ?? 0,
      why,
    })),
    decisions: decisionsOn(incident),
    keptDead: sectionsKeptDead(incident).map((section) => engine.sections[section]?.id ?? ''),
    lostSupply: incident.outSections.map((section) => engine.sections[section]?.id ?? ''),
    ...repairOf(state, incident),
    ...trialOf(engine, state, incident),
    ...wayBackOf(engine, state, incident),
  };
}

function trialOf(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): Pick<IncidentView, 'trial'> {
  const trials = trialsOf(engine, state, incident);
  const { trial } = incident;
  if (trials === null && trial === null) return {};
  const idOf = (at: number): string => engine.grid.switches[at]?.id ?? '';
  const idsOf = (sections: readonly number[]): string[] =>
    sections.map((section) => engine.sections[section]?.id ?? '');
  return {
    trial: {
      proposed: (trials?.proposed ?? []).map((each) => ({
        equipment: idOf(each.switchIndex),
        sections: idsOf(each.sections),
        probability: each.probability,
        splitAt: each.splitAt === -1 ? null : idOf(each.splitAt),
      })),
      refused: (trials?.refused ?? []).map(({ switchIndex, why }) => ({
        equipment: idOf(switchIndex),
        why,
      })),
      declared:
        trial === null
          ? null
          : {
              equipment: idOf(trial.switchIndex),
              sections: idsOf(trial.sections),
              state: trial.state,
              by: trial.by,
              at_ms: trial.at_ms,
            },
    },
  };
}

/** What a person may decide now. */
export function decisionsOn(incident: Incident): IncidentDecision[] {
  const lift: IncidentDecision[] = isClosed(incident) && awaitsLift(incident) ? ['liftBlocks'] : [];
  const left = (incident.plan?.document.steps.length ?? 0) > (incident.progress?.at ?? 0);
  switch (incident.state) {
    case 'approval':
    case 'held':
      return left ? ['approveAll', 'approveStep', 'abort'] : ['abort'];
    case 'executing':
      return ['hold', 'abort'];
    case 'reclosing':
    case 'evidence':
    case 'halted':
    case 'noPlan':
      return [...lift, 'abort'];
    case 'restored':
    case 'aborted':
    case 'momentary':
    case 'returned':
      return lift;
  }
}

function titleOf(engine: Engine, incident: Incident) {
  const feeders = incident.feeders.map((feeder) => engine.grid.feeders[feeder]);
  const vi = feeders.map((feeder) => feeder?.name ?? '').join(', ');
  if (incident.state === 'momentary') {
    return say(`Sự cố thoáng qua, ${vi}`, `Momentary fault, ${vi}`);
  }
  const kept = incident.location?.isolate ?? [];
  const where = kept.map((section) => engine.sections[section]?.name ?? '').join(', ');
  if (where !== '') return say(`Sự cố ${where}, ${vi}`, `Fault in ${where}, ${vi}`);
  return say(`Nhảy máy cắt, ${vi}`, `Trip, ${vi === '' ? shortFeederName('?') : vi}`);
}
