import type { OperatorRequest } from '@relight/contract';
import { refused, type Answer } from '../answers.ts';
import { areasOfSection, areasOfSwitch, hasPartIn } from '../areas.ts';
import type { Engine } from '../engine.ts';
import { rtusOfPart } from '../evidence.ts';
import { setState } from '../incident-changes.ts';
import type { Incident } from '../incident-state.ts';
import type { Person } from '../people.ts';
import { say } from '../signal-text.ts';
import { record, requestReading, type StepContext } from '../step-context.ts';
import { missingConditions } from './conditions.ts';
import { wayBackScope } from './switches.ts';
import { mayAskWayBack } from './view.ts';

/**
 * A person asks for the way back. Refused as long as anything stands in its way, all of it named.
 * Otherwise every RTU concerned is read afresh, and then a plan is laid before a person.
 */
export function askWayBack(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'wayBack' }>,
): Answer {
  const { engine, state } = context;
  const incident = state.incidents.find((each) => each.id === body.incident);
  if (incident === undefined) return refused(404, 'RL-023', `no incident ${body.incident}`);
  const scope = wayBackScope(engine, state, incident);
  const areas = [
    ...new Set([
      ...incident.outSections.flatMap((section) => areasOfSection(engine, section)),
      ...scope.offNormal.flatMap((at) => areasOfSwitch(engine, at)),
    ]),
  ].sort();
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${incident.id} is in the area of ${areas.join(', ')}`);
  }
  if (state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${state.journalFailure}`);
  }
  if (!mayAskWayBack(incident)) {
    return refused(409, 'RL-027', `${incident.id} is ${incident.state}: no way back to ask for`);
  }
  const missing = missingConditions(engine, state, incident, scope);
  if (missing.length > 0) {
    const vi = missing.map(({ text, next }) => `${text.vi} (${next.vi})`).join('; ');
    const en = missing.map(({ text, next }) => `${text.en} (${next.en})`).join('; ');
    return refused(409, 'RL-076', `${incident.id}: ${en}`, say(vi, en));
  }
  if (scope.offNormal.length === 0) {
    return refused(409, 'RL-027', `${incident.id}: everything stands in its normal position`);
  }
  record(context, 'approval', person.user, incident.id, {
    wayBack: { reason: body.reason, mayInterrupt: body.mayInterrupt },
  });
  begin(context, incident, person, body, scope.offNormal);
  return { status: 202 };
}

function begin(
  context: StepContext,
  incident: Incident,
  person: Person,
  { reason, mayInterrupt }: Extract<OperatorRequest, { type: 'wayBack' }>,
  switches: readonly number[],
): void {
  incident.wayBack = {
    by: person.name,
    reason,
    at_ms: context.at_ms,
    mayInterrupt,
    switches,
  };
  // What did not move while the fault lasted may have been mended since.
  incident.stuck = [];
  incident.mustAsk = [];
  incident.replans = 0;
  incident.agreed = [];
  incident.plan = null;
  incident.planHash = null;
  incident.progress = null;
  incident.surprise = null;
  incident.held = false;
  incident.final = false;
  incident.automatic = false;
  incident.waitsFor = null;
  incident.reasons = [
    say(
      `${person.name} yêu cầu trả về kết dây cơ bản: ${reason}`,
      `${person.name} asked for the return to normal: ${reason}`,
    ),
  ];
  const rtus = new Set([
    ...rtusOfPart(context.engine, incident),
    ...rtusOfSwitches(context.engine, switches),
  ]);
  incident.poll = requestReading(context, [...rtus]);
  incident.windowUntil_ms = context.now_ms + context.state.configuration.evidenceWindow_ms;
  setState(context, incident, 'evidence');
  context.touched.incidents.add(incident.id);
}

function rtusOfSwitches(engine: Engine, switches: readonly number[]): readonly string[] {
  return engine.points.flatMap(({ switchIndex, rtu }) =>
    switches.includes(switchIndex) ? [engine.rtus[rtu]?.id ?? ''] : [],
  );
}
