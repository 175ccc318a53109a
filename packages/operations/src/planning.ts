import { canonicalJson, type Bilingual, type FaultCandidate } from '@relight/contract';
import { sha256 } from '@relight/foundation';
import {
  locateFault,
  planOptions,
  planRestoration,
  type EvidenceItem,
  type FaultLocation,
  type PlannedRestoration,
  type PlanOptions,
} from '@relight/flisr';
import { sectionEquipment, UNKNOWN } from '@relight/topology';
import { isEnded } from './command-state.ts';
import { stands } from './earth-fault/earth-fault-state.ts';
import { openSwitchesAt } from './earth-fault/neutral-network.ts';
import { type Engine } from './engine.ts';
import { evidenceItems, evidenceViews, gatherIndications, gatherTripReports } from './evidence.ts';
import { helperToRestore, withTransferred } from './guard-trip.ts';
import type { Incident, IncidentPlan } from './incident-state.ts';
import { setState, touchSections } from './incident-changes.ts';
import { isLocated, sectionsKeptDead } from './interlocks/energises-fault.ts';
import { isLinked, isOnRemote, isRemote, isSound } from './interlocks/device-condition.ts';
import { isShedding } from './load-shedding.ts';
import { coldLoadFactor, estimateLoads } from './load-estimate.ts';
import { earthedNodes } from './earths.ts';
import { holdsOn, sectionsOfTags, switchesAroundHotLine } from './holds.ts';
import { deviceMode, feederMode } from './modes.ts';
import { nodesOf } from './section-info.ts';
import { tagsOnDevice } from './tag.ts';
import { whyHeldDead } from './why-held-dead.ts';
import { ascending, ownBefore } from './outage.ts';
import { startPlan } from './start-plan.ts';
import { whyAsk } from './permission.ts';
import { whyNoPlan } from './trip-kind.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { record, type StepContext } from './step-context.ts';

/**
 * Locates the fault from what is known now, plans from the state as it is now, and either
 * starts carrying the plan out or lays it before a person.
 */
export function makePlan(context: StepContext, incident: Incident): void {
  context.touched.incidents.add(incident.id);
  incident.plan = null;
  incident.planHash = null;
  incident.progress = null;
  incident.surprise = null;
  incident.automatic = false;
  const noPlan = whyNoPlan(context, incident);
  if (noPlan !== null) {
    incident.final = true;
    giveUp(context, incident, noPlan);
    return;
  }
  if (refuseDisabled(context, incident)) return;
  const location = locate(context, incident);
  if (location === null || !isLocated(incident)) {
    giveUp(
      context,
      incident,
      say('chưa xác định được điểm sự cố', 'the fault could not be located'),
    );
    return;
  }
  const planned = planFrom(context, incident, location);
  if (!planned.ok) {
    giveUp(context, incident, planned.error.text);
    return;
  }
  takePlan(context, incident, planned.value);
}

function refuseDisabled(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  const off = incident.feeders.find(
    (feeder) =>
      feederMode(engine, state, feeder) === 'disabled' || isShedding(state.feeders[feeder]),
  );
  if (off === undefined) return false;
  const name = engine.grid.feeders[off]?.name ?? '';
  giveUp(
    context,
    incident,
    isShedding(state.feeders[off])
      ? say(`${name}: đang sa thải phụ tải`, `${name}: load is being shed`)
      : say(`${name}: tự động hóa tắt`, `${name}: automation is disabled`),
  );
  return true;
}

function giveUp(context: StepContext, incident: Incident, reason: Bilingual): void {
  incident.evidence = evidenceViews(context.engine, context.state, incident);
  incident.reasons = [...incident.mustAsk, reason];
  incident.scope = scopeOf(context, incident);
  setState(context, incident, 'noPlan', reason);
}

/** null: nothing that tripped supplied anything before. */
function locate(context: StepContext, incident: Incident): FaultLocation | null {
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

/** The evidence or a position in the plan's scope is no longer what the plan was made from. */
export function isPlanOutdated(context: StepContext, incident: Incident): boolean {
  if (incident.scope !== scopeOf(context, incident)) return true;
  return isEvidenceNew(context, incident);
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
function isEvidenceNew(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  if (incident.location === null) return false;
  gatherTripReports(engine, state, incident);
  gatherIndications(engine, state, incident);
  return soundEvidence(evidenceItems(engine, state, incident)) !== incident.locatedFrom;
}

/** What counts as evidence, as one text; stale and invalid reports say nothing. */
function soundEvidence(evidence: readonly EvidenceItem[]): string {
  return canonicalJson(evidence.filter((event) => event.quality === 'good'));
}

/** Takes the present positions as what the waiting plan rests on. */
export function restOnPresentScope(context: StepContext, incident: Incident): void {
  incident.planned_ms = context.now_ms;
  incident.scope = scopeOf(context, incident);
}

/**
 * Modes of its feeders, and position and fitness of every switch at the part that lost supply or
 * in the plan, as one text.
 */
function scopeOf(context: StepContext, incident: Incident): string {
  const { engine, state } = context;
  const { network } = engine;
  const switches = new Set(incident.plan?.switches ?? []);
  for (const section of incident.outSections) {
    const end = network.sectionSwitchStart[section + 1] ?? 0;
    for (let at = network.sectionSwitchStart[section] ?? 0; at < end; at++) {
      switches.add(network.sectionSwitches[at] ?? -1);
    }
  }
  const positions = ascending(switches).map(
    (index) =>
      `${index}:${state.positions[index]}:${mayBeUsed(context, index)}:${mayStillMove(state, index)}`,
  );
  const holds = holdsOn(state, incident.outSections);
  const feeders = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
  const modes = feeders.map((feeder) => {
    const feederState = state.feeders[feeder];
    const mode = feederMode(engine, state, feeder);
    return `${feeder}:${mode}:${feederState?.out === null}:${isShedding(feederState)}`;
  });
  return [...positions, ...modes, ...holds].join(' ');
}

/**
 * At rest with customers dark who could not be helped: where a switch or a link has come back
 * since, a plan that now helps is laid before a person.
 */
export function lookAgain(context: StepContext, incident: Incident): boolean {
  const { location } = incident;
  if (location === null || incident.lifted || !leftSomebodyDark(incident)) return false;
  const scope = scopeOf(context, incident);
  if (scope === incident.scope) return false;
  incident.scope = scope;
  const planned = planFrom(context, incident, location);
  if (!planned.ok || planned.value.plan.steps.length === 0) return false;
  incident.mustAsk.push(
    say(
      'có khả năng cấp điện mới sau khi phương án trước đã xong',
      'a new way to supply was found after the earlier plan was done',
    ),
  );
  takePlan(context, incident, planned.value);
  return true;
}

/** Its last plan left load dark outside the faulted part. */
function leftSomebodyDark(incident: Incident): boolean {
  const result = incident.plan?.document.result;
  return result !== undefined && result.unrestored.p_kW > result.insideFault.p_kW + 0.001;
}

/** After a trip upon a close the feeder that helped comes first, by a plan of that one step. */
function planFrom(context: StepContext, incident: Incident, location: FaultLocation) {
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
  return planRestoration({
    network: engine.network,
    positionsBefore: ownBefore(engine, state, incident),
    positionsNow: state.positions,
    loads: estimateLoads(engine, state),
    faultedSections: stillFaulted(state, incident, location),
    lostSources: [],
    tripped: incident.trips.map((trip) => engine.grid.switches[trip.switchIndex]?.id ?? ''),
    candidates,
    because: location.because,
    options,
  });
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

function optionsFor(context: StepContext, incident: Incident): PlanOptions {
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
    coldLoadFactor: coldLoadFactor(context.now_ms - incident.opened_ms),
    searchSteps: state.configuration.searchSteps,
  });
}

/** An operate order has gone out and nobody knows yet what came of it, whatever it reads now. */
function mayStillMove(state: OperationsState, index: number): boolean {
  return state.activeCommands.some((id) => {
    const command = state.commands.get(id);
    return (
      command?.switchIndex === index &&
      command.operated_ms !== null &&
      (command.operation === 'open' || command.operation === 'close') &&
      !isEnded(command)
    );
  });
}

/** The automation may operate the device. */
function mayBeUsed(context: StepContext, index: number): boolean {
  return isFree(context, index) && isInMode(context, index);
}

/** Not taken out of automation by hand or by its own mode, and on no disabled feeder. */
function isInMode({ engine, state }: StepContext, index: number): boolean {
  if (state.manual.has(index) || deviceMode(engine, state, index) === 'disabled') return false;
  return !touchesDisabledFeeder(engine, state, index);
}

/** Fit, and in nobody's hand. */
function isFree(context: StepContext, index: number): boolean {
  const { engine, state } = context;
  const fit =
    isRemote(engine, index, 'open').ok &&
    isOnRemote(engine, state, index).ok &&
    isSound(engine, state, index).ok &&
    isLinked(engine, state, index).ok;
  if (!fit || state.leftOpen.has(index)) return false;
  if (tagsOnDevice(state, index).length > 0) return false;
  const inUse = state.activeCommands.some((id) => {
    const command = state.commands.get(id);
    return command?.switchIndex === index;
  });
  return !inUse;
}

function touchesDisabledFeeder(engine: Engine, state: OperationsState, index: number): boolean {
  const { network } = engine;
  const sections = [network.switchSectionFrom[index], network.switchSectionTo[index]];
  return sections.some((section) => {
    const feeder = state.sections[section ?? -1]?.feeder ?? -1;
    if (feeder === -1) return false;
    return feederMode(engine, state, feeder) === 'disabled' || isShedding(state.feeders[feeder]);
  });
}

function takePlan(context: StepContext, incident: Incident, planned: PlannedRestoration): void {
  const { engine, state } = context;
  const { index } = engine.network;
  const { plan } = planned;
  const indexOf = (id: string): number => index.switch.get(id) ?? -1;
  const resolved: IncidentPlan = {
    document: plan,
    switches: plan.steps.map((step) => indexOf(step.switch)),
    staysDark: planned.staysDark.map(({ section, why }) => ({
      section,
      why: whyHeldDead(state, incident, section) ?? why,
    })),
    helpingFeeders: ascending(planned.helpingFeeders),
    reclosingOff: plan.reclosingOff.map(indexOf),
  };
  incident.plan = resolved;
  incident.planVersion += 1;
  incident.planHash = sha256(canonicalJson(plan));
  restOnPresentScope(context, incident);
  incident.reasons = [...whyAsk(engine, state, incident, context.now_ms)];
  record(context, 'plan', 'flisr', incident.id, {
    version: incident.planVersion,
    hash: incident.planHash,
    plan,
    reasons: incident.reasons,
  });
  startPlan(context, incident);
}
