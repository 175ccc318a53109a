import type { Bilingual, FaultCandidate } from '@relight/contract';
import {
  planOptions,
  planRestoration,
  type FaultLocation,
  type PlannedRestoration,
  type PlanOptions,
} from '@relight/flisr';
import { ok } from '@relight/foundation';
import { sectionEquipment, UNKNOWN } from '@relight/topology';
import { stands } from './earth-fault/earth-fault-state.ts';
import { openSwitchesAt } from './earth-fault/neutral-network.ts';
import { earthedNodes } from './earths.ts';
import { outlookOf } from './forecasts.ts';
import { helperToRestore } from './guard-trip.ts';
import { sectionsOfTags, switchesAroundHotLine } from './holds.ts';
import type { Incident } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { unconfirmedSections } from './joints.ts';
import { coldLoadFactor, estimateLoads } from './load-estimate.ts';
import { ascending, ownBefore } from './outage.ts';
import { nodesOf } from './section-info.ts';
import type { OperationsState } from './state.ts';
import type { StepContext } from './step-context.ts';
import { isFree, isInMode, mayStillMove } from './usable-switches.ts';

/**
 * The plan from the state as it is now; nothing is changed. After a trip upon a close the feeder that
 * helped comes first, by a plan of that one step.
 */
export function planFrom(context: StepContext, incident: Incident, location: FaultLocation) {
  const options = optionsFor(context, incident);
  const helper = helperToRestore(incident);
  if (helper !== null && !options.blocked.has(helper)) {
    const blocked = new Set(context.engine.grid.switches.keys());
    blocked.delete(helper);
    const alone = planWith(context, incident, location, { ...options, blocked });
    if (alone.ok && alone.value.plan.steps.length > 0) return alone;
  }
  return planWith(context, incident, location, options);
}

function planWith(
  context: StepContext,
  incident: Incident,
  location: FaultLocation,
  options: PlanOptions,
) {
  const { engine, state } = context;
  const candidates = location.candidates.map((each): FaultCandidate => ({
    equipment: [...sectionEquipment(engine.network, each.section)],
    probability: each.probability,
    because: each.because.map((reason) => reason.text.en),
    becauseVi: each.because.map((reason) => reason.text.vi),
  }));
  const before = {
    positions: ownBefore(engine, state, incident),
    loads: estimateLoads(engine, state),
  };
  const { hours, repair_h, remarks } = outlookOf(context, incident, before);
  const planned = planRestoration({
    network: engine.network,
    positionsBefore: before.positions,
    positionsNow: state.positions,
    loads: before.loads,
    faultedSections: stillFaulted(state, incident, location),
    lostSources: [],
    tripped: incident.trips.map((trip) => engine.grid.switches[trip.switchIndex]?.id ?? ''),
    candidates,
    because: location.because,
    options: { ...options, forecast: hours, repair_h },
  });
  return planned.ok ? ok(withRemarks(planned.value, remarks)) : planned;
}

/** The plan with what has to be said of the time ahead before its own warnings. */
function withRemarks(
  planned: PlannedRestoration,
  remarks: readonly Bilingual[],
): PlannedRestoration {
  const { plan } = planned;
  if (remarks.length === 0) return planned;
  const warnings = [...remarks.map(({ en }) => en), ...plan.warnings];
  const warningsVi = [...remarks.map(({ vi }) => vi), ...(plan.warningsVi ?? [])];
  return { ...planned, plan: { ...plan, warnings, warningsVi } };
}

/** Where the fault is, and where one was before another trip unless that part is live and holds. */
function stillFaulted(
  state: OperationsState,
  incident: Incident,
  { isolate }: FaultLocation,
): readonly number[] {
  const earlier = incident.located.filter(
    (section) => state.sections[section]?.condition !== 'live',
  );
  return ascending(new Set([...isolate, ...earlier]));
}

/** What may not be used and not be energised, as it stands now. */
export function optionsFor(context: StepContext, incident: Incident): PlanOptions {
  const { engine, state } = context;
  const untrusted = new Set<number>();
  const blocked = new Set<number>();
  const outOfMode = new Set<number>();
  engine.grid.switches.forEach((device, index) => {
    if (state.positions[index] === UNKNOWN) untrusted.add(index);
    if (mayStillMove(state, index)) untrusted.add(index);
    if (!device.remote) return;
    if (!isFree(context, index)) blocked.add(index);
    else if (!isInMode(context, index)) outOfMode.add(index);
  });
  const keepDead = new Set(earthedNodes(engine, state));
  for (const section of sectionsOfTags(state)) {
    for (const node of nodesOf(engine.network, section)) keepDead.add(node);
  }
  // People work on it live: nothing between it and its source moves, nor what borders it.
  for (const index of switchesAroundHotLine(engine, state)) blocked.add(index);
  const withEarthFault = new Set(state.earthFaults.filter(stands).map(({ network }) => network));
  for (const index of openSwitchesAt(engine, state, withEarthFault)) blocked.add(index);
  for (const other of state.incidents) {
    if (other === incident) continue;
    for (const section of sectionsKeptDead(other)) {
      const end = engine.network.sectionStart[section + 1] ?? 0;
      for (let at = engine.network.sectionStart[section] ?? 0; at < end; at++) {
        keepDead.add(engine.network.sectionNodes[at] ?? -1);
      }
    }
  }
  return planOptions({
    stuck: new Set(incident.stuck),
    untrusted,
    blocked,
    outOfMode,
    keepDead,
    phaseUnconfirmed: unconfirmedSections(engine, state),
    coldLoadFactor: coldLoadFactor(context.now_ms - incident.opened_ms),
    searchSteps: state.configuration.searchSteps,
  });
}
