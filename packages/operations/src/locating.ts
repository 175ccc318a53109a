import { canonicalJson } from '@relight/contract';
import { locateFault, type EvidenceItem, type FaultLocation } from '@relight/flisr';
import { evidenceItems, evidenceViews, gatherIndications, gatherTripReports } from './evidence.ts';
import { withTransferred } from './guard-trip.ts';
import { touchSections } from './incident-changes.ts';
import type { Incident } from './incident-state.ts';
import { ascending, ownBefore } from './outage.ts';
import { record, type StepContext } from './step-context.ts';

/**
 * Locates the fault from what is known now, and writes into the incident and the journal where it
 * is and what it was located from. null: nothing that tripped supplied anything before.
 */
export function locate(context: StepContext, incident: Incident): FaultLocation | null {
  const { engine, state } = context;
  gatherIndications(engine, state, incident);
  incident.evidence = evidenceViews(engine, state, incident);
  const evidence = evidenceItems(engine, state, incident);
  const located = locateFault({
    network: engine.network,
    positionsBefore: incident.beforeLast ?? ownBefore(engine, state, incident),
    tripped: incident.trips
      .filter((trip) => trip.phase === 'lockedOut' && !trip.settled && !trip.unit)
      .map((trip) => trip.switchIndex),
    evidence,
    rates: state.configuration,
  });
  const found = located.ok ? withTransferred(state, incident, located.value) : null;
  incident.location = withCondemned(incident, found);
  incident.locatedFrom = soundEvidence(evidence);
  context.touched.incidents.add(incident.id);
  touchSections(context, incident);
  record(context, 'location', 'flisr', incident.id, {
    ...(incident.location === null
      ? { refused: located.ok ? null : located.error.text }
      : {
          isolate: incident.location.isolate.map((section) => engine.sections[section]?.id),
          outside: incident.location.outside,
          candidates: incident.location.candidates.map((each) => ({
            section: engine.sections[each.section]?.id,
            probability: each.probability,
          })),
        }),
    evidence,
  });
  return incident.location;
}

/** What unit protection condemned is isolated beside what was located; either may be all. */
function withCondemned(incident: Incident, located: FaultLocation | null): FaultLocation | null {
  const { condemned } = incident;
  if (condemned.length === 0) return located;
  return {
    candidates: [
      ...condemned.map((section) => ({ section, probability: 1 / condemned.length, because: [] })),
      ...(located?.candidates ?? []),
    ],
    isolate: ascending(new Set([...condemned, ...(located?.isolate ?? [])])),
    outside: located?.outside ?? 0,
    because: [...(located?.because ?? []), ...incident.mustAsk],
  };
}

/**
 * Evidence that came in late puts the fault elsewhere, or makes the plan as it stands too risky
 * for automatic mode where it was not. To be asked before every step.
 */
export function isFaultElsewhere(context: StepContext, incident: Incident): boolean {
  if (!isEvidenceNew(context, incident)) return false;
  const known = incident.location;
  const limit = context.state.configuration.automaticRisk;
  const now = locate(context, incident);
  return (
    known === null ||
    now === null ||
    canonicalJson(known.isolate) !== canonicalJson(now.isolate) ||
    known.outside > limit !== now.outside > limit
  );
}

/** Evidence came in after the fault was located. */
export function isEvidenceNew(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  // On the way back the part is repaired: what was said of its fault places nothing any more.
  if (incident.location === null || incident.wayBack !== null) return false;
  gatherTripReports(engine, state, incident);
  gatherIndications(engine, state, incident);
  return soundEvidence(evidenceItems(engine, state, incident)) !== incident.locatedFrom;
}

/** What counts as evidence, as one text; stale and invalid reports say nothing. */
function soundEvidence(evidence: readonly EvidenceItem[]): string {
  return canonicalJson(evidence.filter((event) => event.quality === 'good'));
}
