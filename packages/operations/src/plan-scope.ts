import type { Incident } from './incident-state.ts';
import { holdsOn } from './holds.ts';
import { isShedding } from './load-shedding.ts';
import { isEvidenceNew } from './locating.ts';
import { feederMode } from './modes.ts';
import { ascending } from './outage.ts';
import type { StepContext } from './step-context.ts';
import { mayBeUsed, mayStillMove } from './usable-switches.ts';

/** The evidence or a position in the plan's scope is no longer what the plan was made from. */
export function isPlanOutdated(context: StepContext, incident: Incident): boolean {
  if (incident.scope !== scopeOf(context, incident)) return true;
  return isEvidenceNew(context, incident);
}

/** Takes the present positions as what the waiting plan rests on. */
export function restOnPresentScope(context: StepContext, incident: Incident): void {
  incident.planned_ms = context.now_ms;
  incident.scope = scopeOf(context, incident);
}

/**
 * Modes of its feeders, position and fitness of every switch at the part that lost supply or in the
 * plan, forecast and expected repair, as one text.
 */
export function scopeOf(context: StepContext, incident: Incident): string {
  const { engine, state } = context;
  const { network } = engine;
  const switches = new Set([
    ...(incident.plan?.switches ?? []),
    ...(incident.wayBack?.switches ?? []),
  ]);
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
  const ahead = `${state.forecast?.hash ?? ''}:${incident.repair?.until_ms ?? ''}`;
  const joints = incident.outSections.flatMap((section) => {
    const id = engine.sections[section]?.id ?? '';
    return state.joints.has(id) ? [`joint:${id}`] : [];
  });
  return [...positions, ...modes, ...holds, ...joints, ahead].join(' ');
}
