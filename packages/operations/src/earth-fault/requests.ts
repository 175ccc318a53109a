import type { EarthFaultAction } from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { Person } from '../people.ts';
import { acceptedCommand, refuseBy } from '../request-memory.ts';
import { asksForTwo } from '../what-is-shown.ts';
import { refused, type Answer } from '../answers.ts';
import { areasOfSwitch, hasPartIn } from '../areas.ts';
import { noteOpen } from '../bulk-guard.ts';
import { whyRefused } from '../commands.ts';
import { liftBlocks } from '../lift-blocks.ts';
import { record, type StepContext } from '../step-context.ts';
import type { EarthFault } from './earth-fault-state.ts';
import { closeFeeder, openFeeder } from './search.ts';

const MINUTE_ms = 60_000;

/** A person's next word on a standing earth fault; each opening is released one by one. */
export function answerEarthFault(
  context: StepContext,
  person: Person,
  id: string,
  wish: EarthFaultAction,
): Answer {
  const fault = context.state.earthFaults.find((each) => each.id === id);
  if (fault === undefined) return refused(404, 'RL-023', `no earth fault ${id}`);
  const areas = areasOfFault(context, fault, wish);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${id} is in the area of ${areas.join(', ')}`);
  }
  if (fault.command !== null) {
    return refused(409, 'RL-025', `${id}: a feeder is being moved for the search`);
  }
  switch (wish.action) {
    case 'tryFeeder':
      return tryFeeder(context, person, fault, wish.feeder ?? null);
    case 'stopSearch':
      return stopSearch(context, person, fault);
    case 'leaveOpen':
      if (fault.state !== 'found') return notNow(fault);
      note(context, person, fault, wish);
      fault.state = 'leftOpen';
      return { status: 202 };
    case 'runFor':
      return runFor(context, person, fault, wish.time_min);
  }
}

/** Whose network it is: that of the feeder being tried, else of all that hang on it. */
function areasOfFault(
  { engine }: StepContext,
  fault: EarthFault,
  wish: EarthFaultAction,
): readonly string[] {
  const named = wish.action === 'tryFeeder' ? (wish.feeder ?? null) : null;
  const feeders =
    named !== null
      ? [engine.feederIndex.get(named) ?? -1]
      : fault.trying !== null
        ? [fault.trying]
        : fault.feeders.map((each) => each.feeder);
  const heads = feeders.map((feeder) => engine.grid.feeders[feeder]?.head ?? -1);
  const known = heads.filter((head) => head !== -1);
  return [...new Set(known.flatMap((head) => areasOfSwitch(engine, head)))].sort();
}

function tryFeeder(
  context: StepContext,
  person: Person,
  fault: EarthFault,
  wanted: string | null,
): Answer {
  const { engine, state } = context;
  if (fault.state !== 'standing') return notNow(fault);
  const next = fault.feeders.find(
    (each) =>
      (wanted === null
        ? each.state === 'waiting'
        : engine.grid.feeders[each.feeder]?.id === wanted) &&
      state.positions[engine.grid.feeders[each.feeder]?.head ?? -1] !== OPEN,
  );
  if (next === undefined) {
    return refused(404, 'RL-023', `${fault.id}: no feeder ${wanted ?? ''} left to try`);
  }
  const head = engine.grid.feeders[next.feeder]?.head ?? -1;
  const wish = {
    switchIndex: head,
    operation: 'open' as const,
    incident: null,
    command: null,
    person,
  };
  const { gates, shut } = whyRefused(context, wish, false);
  const inTheWay = shut ?? gates.find(asksForTwo) ?? null;
  if (inTheWay !== null) return refuseBy(inTheWay, gates);
  note(context, person, fault, {
    action: 'tryFeeder',
    feeder: engine.grid.feeders[next.feeder]!.id,
  });
  noteOpen(context, person, engine.grid.switches[head]?.id ?? '');
  return acceptedCommand(openFeeder(context, fault, next.feeder));
}

/** Back to where it was: a feeder that stands open for the search only is closed again. */
function stopSearch(context: StepContext, person: Person, fault: EarthFault): Answer {
  if (fault.state !== 'searching') return notNow(fault);
  note(context, person, fault, { action: 'stopSearch' });
  return acceptedCommand(closeFeeder(context, fault));
}

function runFor(context: StepContext, person: Person, fault: EarthFault, time_min: number): Answer {
  const isFound = fault.state === 'found';
  if (!isFound && fault.state !== 'running' && fault.state !== 'standing') return notNow(fault);
  const incident = context.state.incidents.find((each) => each.id === fault.incident);
  let lifts: readonly string[] = [];
  if (isFound && incident !== undefined) {
    // A crew may have gone out to it meanwhile: as for any part that is to be energised again.
    const lifted = liftBlocks(context, incident, undefined);
    if (!lifted.ok) return lifted.refusal;
    lifts = lifted.sections;
    incident.lifted = true;
    context.touched.incidents.add(incident.id);
  }
  note(context, person, fault, { action: 'runFor', time_min }, lifts);
  fault.runUntil_ms = context.now_ms + time_min * MINUTE_ms;
  fault.runUntilWall_ms = context.at_ms + time_min * MINUTE_ms;
  if (!isFound) return { status: 202 };
  fault.state = 'running';
  fault.since_ms = context.at_ms;
  return acceptedCommand(closeFeeder(context, fault));
}

function note(
  context: StepContext,
  person: Person,
  fault: EarthFault,
  wish: EarthFaultAction,
  lifts: readonly string[] = [],
): void {
  fault.person = person;
  context.touched.earthFaults.add(fault.id);
  record(context, 'approval', person.user, fault.id, {
    earthFault: fault.network,
    ...wish,
    // The blocks are those of the incident: whoever reads the record lifts them there.
    ...(lifts.length === 0 ? {} : { lifts, incident: fault.incident }),
  });
}

function notNow(fault: EarthFault): Answer {
  return refused(409, 'RL-027', `earth fault ${fault.id} is ${fault.state}`);
}
