import { UNKNOWN } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { touchSections } from './incident-changes.ts';
import { isClosed, type Incident } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { addOutage } from './outage.ts';
import { say } from './signal-text.ts';
import { wakeAt, type StepContext } from './step-context.ts';

/** Notes parts that were dead when they were first seen. */
export function noteFoundDead(context: StepContext): void {
  for (const section of context.foundDead) {
    context.state.foundDead.push({ section, since_ms: context.now_ms });
  }
}

/**
 * Tells, by feeder, of parts that were dead when they were first seen, once the rest of the
 * picture has had its time to come in: what belongs to a trip that was seen, or has supply by
 * then, is no news. True if one was decided.
 */
export function advanceFoundDead(context: StepContext): boolean {
  const { state } = context;
  const { evidenceWindow_ms } = state.configuration;
  const due: number[] = [];
  state.foundDead = state.foundDead.filter(({ section, since_ms }) => {
    if (context.now_ms < since_ms + evidenceWindow_ms) {
      wakeAt(context, since_ms + evidenceWindow_ms);
      return true;
    }
    due.push(section);
    return false;
  });
  const known = new Set(
    state.incidents.flatMap((incident) => [
      ...sectionsKeptDead(incident),
      ...(isClosed(incident) ? [] : incident.outSections),
    ]),
  );
  alarm(
    context,
    due.filter((each) => !known.has(each) && state.sections[each]?.condition === 'dead'),
  );
  return due.length > 0;
}

function alarm(context: StepContext, sections: readonly number[]): void {
  const { engine } = context;
  const byFeeder = new Map<number, string[]>();
  for (const section of sections) {
    const info = engine.sections[section];
    if (info === undefined || info.normalFeeder === -1) continue;
    byFeeder.set(info.normalFeeder, [...(byFeeder.get(info.normalFeeder) ?? []), info.name]);
  }
  for (const [feeder, names] of [...byFeeder].sort(([a], [b]) => a - b)) {
    const head = engine.grid.switches[engine.grid.feeders[feeder]?.head ?? -1]?.id ?? '';
    const name = engine.grid.feeders[feeder]?.name ?? '';
    const list = names.join(', ');
    raiseAlarm(context, {
      key: `once/foundDead/${engine.grid.feeders[feeder]?.id ?? ''}/${list}`,
      priority: 2,
      equipment: head,
      text: say(
        `${name}: không điện ngay từ khi thấy lần đầu: ${list}`,
        `${name}: dead when first seen: ${list}`,
      ),
    });
  }
}

/**
 * A trip that came before the whole grid had been read: a switch whose position is known only
 * now, and that nobody saw move, stood so before the trip as well. What it joins to the part that
 * lost supply belongs to the outage. True if the outage grew.
 */
export function completeOutage(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  let more = false;
  incident.before.forEach((position, index) => {
    const now = state.lastGood[index] ?? UNKNOWN;
    if (position !== UNKNOWN || now === UNKNOWN) return;
    incident.before[index] = now;
    more = true;
  });
  if (!more) return false;
  const size = incident.outSections.length;
  addOutage(
    engine,
    incident,
    incident.before,
    incident.trips.flatMap((trip) => (trip.settled ? [] : [trip.switchIndex])),
  );
  if (incident.outSections.length === size) return false;
  context.touched.incidents.add(incident.id);
  touchSections(context, incident);
  return true;
}
