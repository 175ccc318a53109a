import type { Bilingual, PointValue } from '@relight/contract';
import { classifyTrip, unitSections, type TripClass, type UnitTrip } from '@relight/flisr';
import { raiseAlarm } from './alarms.ts';
import { pointOf, switchName, type Engine } from './engine.ts';
import { gatherTripReports } from './evidence.ts';
import { takeFeedersOut } from './feeders-at.ts';
import { touchSections } from './incident-changes.ts';
import type { Incident, Trip } from './incident-state.ts';
import { ascending } from './outage.ts';
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
  let why: Bilingual | null = null;
  const units: UnitTrip[] = [];
  for (const trip of incident.trips) {
    if (trip.phase !== 'lockedOut') continue;
    const { switchIndex } = trip;
    const tripFunction = functionOf(engine, trip);
    const verdict = classifyTrip({
      tripFunction,
      // A switch without a relay that opened in the dead time did so because of the fault.
      protectionTrip: said(engine, trip, 'protectionTrip') === true || trip.said.length <= 1,
      lockout: true,
      commanded: false,
      local: goodValue(engine, state, switchIndex, 'localRemote') === false,
      shedding: goodValue(engine, state, switchIndex, 'loadShedding') === true,
    });
    if (verdict.kind === 'restore') continue;
    const text = noteOtherTrip(context, incident, switchIndex, verdict);
    trip.unit = verdict.kind === 'unitFault';
    if (trip.unit) units.push({ switchIndex, tripFunction });
    else {
      state.leftOpen.add(switchIndex);
      why ??= text;
    }
  }
  condemn(context, incident, units);
  return why;
}

/** Once condemned it stays so: a trip that is reset does not make the equipment sound. */
function condemn(context: StepContext, incident: Incident, units: readonly UnitTrip[]): void {
  if (units.length === 0) return;
  const sections = unitSections(context.engine.network, units);
  incident.condemned = ascending(new Set([...incident.condemned, ...sections]));
  touchSections(context, incident);
}

/** Function the device's protection told of this trip; an operated lockout relay is an 86. */
function functionOf(engine: Engine, trip: Trip): string | null {
  const code = said(engine, trip, 'tripFunction');
  if (typeof code === 'string' && code !== 'none') return code;
  return said(engine, trip, 'lockoutRelay86') === true ? '86' : null;
}

function said(
  engine: Engine,
  trip: Trip,
  signal: 'tripFunction' | 'protectionTrip' | 'lockoutRelay86',
): PointValue | undefined {
  const point = pointOf(engine, trip.switchIndex, signal);
  return trip.said.find((each) => each.point === point && each.quality === 'good')?.value;
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
