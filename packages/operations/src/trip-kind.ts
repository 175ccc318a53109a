import type { Bilingual } from '@relight/contract';
import { classifyTrip, type TripClass } from '@relight/flisr';
import { raiseAlarm } from './alarms.ts';
import { pointOf, switchName } from './engine.ts';
import { gatherTripReports } from './evidence.ts';
import { takeFeedersOut } from './feeders-at.ts';
import type { Incident } from './incident-state.ts';
import { goodValue } from './process-image.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/**
 * Trips by other than short-circuit and earth-fault functions are for people: no plan at all,
 * or after unit protection (the equipment stays dead) one that a person must release.
 * @returns why there is to be no plan; null: there may be one.
 */
export function whyNoPlan(context: StepContext, incident: Incident): Bilingual | null {
  const { engine, state } = context;
  gatherTripReports(engine, state, incident);
  for (const trip of incident.trips) {
    if (trip.phase !== 'lockedOut') continue;
    const { switchIndex } = trip;
    const said = (signal: 'tripFunction' | 'protectionTrip') =>
      trip.said.find(
        (each) => each.point === pointOf(engine, switchIndex, signal) && each.quality === 'good',
      )?.value;
    const code = said('tripFunction');
    const verdict = classifyTrip({
      tripFunction: typeof code === 'string' ? code : null,
      // A switch without a relay that opened in the dead time did so because of the fault.
      protectionTrip: said('protectionTrip') === true || trip.said.length <= 1,
      lockout: true,
      commanded: false,
      local: goodValue(engine, state, switchIndex, 'localRemote') === false,
    });
    if (verdict.kind === 'restore') continue;
    const text = noteOtherTrip(context, incident, switchIndex, verdict);
    if (verdict.kind !== 'unitFault') return text;
  }
  return null;
}

/** Alarms, takes the feeder out of automatic, and asks a person; each of it once. */
function noteOtherTrip(
  context: StepContext,
  incident: Incident,
  switchIndex: number,
  { reason }: TripClass,
): Bilingual {
  const name = switchName(context.engine, switchIndex);
  const text = say(`${name}: ${reason.vi}`, `${name}: ${reason.en}`);
  const equipment = context.engine.grid.switches[switchIndex]?.id ?? '';
  const key = `once/function/${incident.id}/${equipment}`;
  if (incident.told.includes(key)) return text;
  incident.told.push(key);
  raiseAlarm(context, { key, priority: 1, equipment, text, incident: incident.id });
  takeFeedersOut(context, switchIndex, text, key);
  incident.mustAsk.push(text);
  return text;
}
