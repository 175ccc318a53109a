import { isSettledAtOnce } from '@relight/flisr';
import { OPEN } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { switchName, type Engine } from './engine.ts';
import { feedersAt } from './feeders-at.ts';
import { setState, touchSections } from './incident-changes.ts';
import { isClosed, type Incident, type Trip } from './incident-state.ts';
import { saysTripped } from './interlocks/closes-tripped.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { deadPartAt, endsOf } from './interlocks/interlock.ts';
import { ascending } from './outage.ts';
import { goodValue } from './process-image.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { wakeAt, type StepContext } from './step-context.ts';
import { openIncident } from './trips.ts';

/**
 * Notes devices that stand open and say they have tripped although nobody saw them trip: the
 * fault is older than this run, or its opening was never explained.
 */
export function noteFoundTripped(context: StepContext, devices: readonly number[]): void {
  const { engine, state } = context;
  for (const switchIndex of devices) {
    if (state.positions[switchIndex] !== OPEN || !saysTripped(engine, state, switchIndex)) continue;
    if (state.pendingOpens.some((pending) => pending.switchIndex === switchIndex)) continue;
    if (state.foundTripped.some((found) => found.switchIndex === switchIndex)) continue;
    const known = state.incidents.some(({ trips }) =>
      trips.some((trip) => trip.switchIndex === switchIndex && !trip.over),
    );
    if (known) continue;
    state.foundTripped.push({ switchIndex, since_ms: context.now_ms });
  }
}

/**
 * Once the rest of the picture has had its time to come in, each such device belongs to an
 * incident that keeps the part behind it dead until a person lifts it. True if one was decided.
 */
export function advanceFoundTripped(context: StepContext): boolean {
  const { engine, state } = context;
  const { evidenceWindow_ms } = state.configuration;
  let decided = false;
  state.foundTripped = state.foundTripped.filter(({ switchIndex, since_ms }) => {
    if (context.now_ms < since_ms + evidenceWindow_ms) {
      wakeAt(context, since_ms + evidenceWindow_ms);
      return true;
    }
    decided = true;
    if (state.positions[switchIndex] === OPEN && saysTripped(engine, state, switchIndex)) {
      answerFound(context, switchIndex);
    }
    return false;
  });
  return decided;
}

function answerFound(context: StepContext, switchIndex: number): void {
  const { network } = context.engine;
  const borders = [network.switchSectionFrom[switchIndex], network.switchSectionTo[switchIndex]];
  const keeper = context.state.incidents.find(
    (incident) =>
      isClosed(incident) && sectionsKeptDead(incident).some((each) => borders.includes(each)),
  );
  const trip: Trip = {
    switchIndex,
    phase: 'lockedOut',
    since_ms: context.now_ms,
    firstAt_ms: context.at_ms,
    lockedOutAt_ms: context.at_ms,
    said: [],
    settled: true,
    over: false,
    unit: false,
  };
  if (keeper === undefined) openFound(context, trip);
  else {
    // An earlier run located or kept this part: lifting that answers for the device too.
    keeper.trips.push(trip);
    context.touched.incidents.add(keeper.id);
  }
}

function openFound(context: StepContext, trip: Trip): void {
  const { engine, state } = context;
  const { switchIndex } = trip;
  const incident: Incident = openIncident(
    context,
    { switchIndex, since_ms: context.now_ms, at_ms: context.at_ms },
    state.lastGood.slice(),
  );
  incident.trips = [trip];
  incident.outSections = deadSectionsAt(engine, state, switchIndex);
  if (isUnitTrip(engine, state, switchIndex)) incident.condemned = incident.outSections.slice();
  incident.outLoads = ascending(
    incident.outSections.flatMap((section) => engine.sections[section]?.loads ?? []),
  );
  incident.feeders = [...feedersAt(context, switchIndex)];
  const name = switchName(engine, switchIndex);
  const why = say(
    `${name}: bảo vệ đã tác động từ trước, không rõ điểm sự cố; giữ không điện đến khi có người giải tỏa`,
    `${name} had tripped before it was first seen: the place of the fault is not known, kept dead until a person lifts it`,
  );
  incident.reasons = [why];
  setState(context, incident, 'aborted', why);
  touchSections(context, incident);
  raiseAlarm(context, {
    key: `once/found/${incident.id}`,
    priority: 1,
    equipment: engine.grid.switches[switchIndex]?.id ?? '',
    incident: incident.id,
    text: why,
  });
}

/** Its relay tells another function than short circuit or earth fault, or an operated 86. */
function isUnitTrip(engine: Engine, state: OperationsState, switchIndex: number): boolean {
  const code = goodValue(engine, state, switchIndex, 'tripFunction');
  return (
    goodValue(engine, state, switchIndex, 'lockoutRelay86') === true ||
    isSettledAtOnce(typeof code === 'string' ? code : null)
  );
}

/** Sections at the device that are not known to be live, and all they may hang together with. */
function deadSectionsAt(engine: Engine, state: OperationsState, switchIndex: number): number[] {
  const nodes = deadPartAt(engine, state, endsOf(engine, switchIndex));
  return ascending(new Set(nodes.map((node) => engine.network.nodeSection[node] ?? -1)));
}
