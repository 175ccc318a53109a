import type { Bilingual, CarriedOver } from '@relight/contract';
import { carryAlarmsOver } from './alarms-carried-over.ts';
import { raiseAlarm } from './alarms.ts';
import { carryLockOver } from './control-lock.ts';
import type { Engine } from './engine.ts';
import { touchSections } from './incident-changes.ts';
import { incidentId, newIncident, type Incident } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { ascending } from './outage.ts';
import { carryHoldsOver } from './carry-holds.ts';
import { carryRequestsOver } from './carry-requests.ts';
import { carryUnknown } from './command-outcome.ts';
import { operationText, say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';
import { owesWayBack } from './way-back/end.ts';

/**
 * Writes down what each incident keeps dead, and whether its way back is owed, whenever that
 * changes, so that the next run of the control centre knows it too.
 */
export function recordKeptDead(context: StepContext): void {
  const { engine, state, touched } = context;
  for (const incident of state.incidents) {
    if (!touched.incidents.has(incident.id)) continue;
    const sections = idsOf(engine, sectionsKeptDead(incident));
    const known = incident.keptOnRecord;
    const same = sections.length === known.length && sections.every((id, at) => id === known[at]);
    const owes = owesWayBack(engine, state, incident);
    if (same && owes === incident.wayBackOnRecord) continue;
    const tells = owes || incident.wayBackOnRecord;
    const repaired = sections.length === 0 ? [] : idsOf(engine, incident.liftedSections);
    incident.keptOnRecord = sections;
    incident.wayBackOnRecord = owes;
    record(context, 'incident', 'flisr', incident.id, {
      keepsDead: sections,
      ...(repaired.length === 0 ? {} : { repaired }),
      openedAt_ms: incident.openedAt_ms,
      ...(tells ? { wayBack: owes ? wayBackOwed(engine, incident) : null } : {}),
    });
  }
}

function wayBackOwed(engine: Engine, { outSections, liftedSections }: Incident) {
  return { sections: idsOf(engine, outSections), repaired: idsOf(engine, liftedSections) };
}

function idsOf(engine: Engine, sections: readonly number[]): readonly string[] {
  return sections.map((section) => engine.sections[section]?.id ?? '');
}

/**
 * Takes over what earlier runs left behind. Their plans are not resumed; what they kept dead stays
 * so until a person lifts it, and a command without an outcome is told to a person.
 */
export function carryOver(context: StepContext, left: CarriedOver): void {
  const { state } = context;
  state.nextIncident = left.lastIncident + 1;
  carryAlarmsOver(context, left);
  if (left.controlLock !== undefined) carryLockOver(context, left.controlLock);
  for (const each of left.keptDead) keepDead(context, each, RESTARTED);
  for (const each of left.waysBack ?? []) oweWayBack(context, each);
  keepMonitorHolds(context, left);
  carryHoldsOver(context, left);
  carryRequestsOver(context, left);
  for (const command of left.openCommands) {
    carryUnknown(context, command);
    const verb = operationText(command.operation);
    raiseAlarm(context, {
      key: `once/command/${command.id}`,
      priority: 1,
      equipment: command.equipment,
      text: say(
        `${command.equipment}: lệnh ${verb.vi} (${command.id}) KHÔNG RÕ KẾT QUẢ do khởi động lại`,
        `${command.equipment}: OUTCOME UNKNOWN of the command to ${verb.en} (${command.id}), over a restart`,
      ),
    });
  }
}

const RESTARTED = say(
  'trung tâm điều khiển khởi động lại: không thực hiện tiếp phương án, phần này giữ không điện; kiểm tra tự đóng lại',
  'the control centre was restarted: its plan is not resumed and this part stays dead; check reclosing',
);
const MONITOR_HELD = say(
  'trước khi khởi động lại, bộ giám sát độc lập coi phần này có sự cố; giữ không điện đến khi có người giải tỏa',
  'before the restart the independent monitor held this part for faulted; it stays dead until a person lifts it',
);

/** What only the monitor held dead gets an incident of its own, or nobody could ever lift it. */
function keepMonitorHolds(context: StepContext, { keptDead, monitorHolds }: CarriedOver): void {
  const kept = new Set(keptDead.flatMap((each) => each.sections));
  const sections = (monitorHolds ?? []).filter((id) => !kept.has(id));
  if (sections.length === 0) return;
  const incident = incidentId(context.state.nextIncident);
  context.state.nextIncident += 1;
  keepDead(context, { incident, openedAt_ms: context.at_ms, sections }, MONITOR_HELD);
}

function keepDead(
  context: StepContext,
  kept: CarriedOver['keptDead'][number],
  why: Bilingual,
): void {
  const repaired = kept.repaired ?? [];
  const sections = [...kept.sections, ...repaired];
  const { incident, missing } = carriedIncident(context, { ...kept, sections }, why);
  const gone = missing.filter((id) => !repaired.includes(id));
  // Its way back has to energise what was declared repaired already by a breaker all the same.
  incident.liftedSections = ascending(sectionsById(context.engine, repaired).values());
  // By which protection is not on record: it may have been 87, so nobody tries it by a close.
  incident.condemned = sectionsKeptDead(incident).slice();
  if (kept.repair !== undefined) {
    const { dueAt_ms, byName } = kept.repair;
    incident.repair = { dueAt_ms, byName, until_ms: context.now_ms + dueAt_ms - context.at_ms };
  }
  const lost = gone.join(', ');
  raiseAlarm(context, {
    key: `once/carried/${incident.id}`,
    priority: 1,
    equipment: kept.sections[0] ?? incident.id,
    incident: incident.id,
    text:
      lost === ''
        ? say(`${incident.id}: ${why.vi}`, `${incident.id}: ${why.en}`)
        : say(
            `${incident.id}: KHÔNG giữ được không điện, không còn trong tệp lưới: ${lost}`,
            `${incident.id}: NOT kept dead, no longer in the grid file: ${lost}`,
          ),
  });
}

const WAY_BACK_OWED = say(
  'trung tâm điều khiển khởi động lại: phần sự cố đã sửa xong, lưới chưa trả về kết dây cơ bản; không thực hiện tiếp phương án, hãy yêu cầu lại',
  'the control centre was restarted: the faulted part is repaired and the grid is not back to normal; no plan is resumed, ask for the way back again',
);

/** Its part was repaired, and what it moved had not gone back: a person asks for that again. */
function oweWayBack(
  context: StepContext,
  owed: NonNullable<CarriedOver['waysBack']>[number],
): void {
  const { incident } = carriedIncident(context, owed, WAY_BACK_OWED);
  incident.lifted = true;
  const repaired = sectionsById(context.engine, owed.repaired);
  incident.liftedSections = ascending(repaired.values());
  incident.wayBackOnRecord = true;
  raiseAlarm(context, {
    key: `once/carried/${incident.id}`,
    priority: 2,
    equipment: owed.sections[0] ?? incident.id,
    incident: incident.id,
    text: say(
      `${incident.id}: ${WAY_BACK_OWED.vi}; kiểm tra tự đóng lại`,
      `${incident.id}: ${WAY_BACK_OWED.en}; check reclosing`,
    ),
  });
}

/** An incident of an earlier run, at rest. @returns it, and sections that are no longer in the grid. */
function carriedIncident(
  context: StepContext,
  carried: CarriedOver['keptDead'][number],
  why: Bilingual,
): { readonly incident: Incident; readonly missing: readonly string[] } {
  const { engine, state } = context;
  const sections = sectionsById(engine, carried.sections);
  const incident = newIncident({
    id: carried.incident,
    openedAt_ms: carried.openedAt_ms,
    // How long ago only the wall clock of then can tell; the future counts as now.
    opened_ms: context.now_ms - Math.max(context.at_ms - carried.openedAt_ms, 0),
    before: state.lastGood.slice(),
  });
  incident.state = 'aborted';
  incident.closedAt_ms = context.at_ms;
  incident.reasons = [why];
  incident.outSections = ascending(sections.values());
  incident.feeders = ascending(
    new Set(
      incident.outSections
        .map((section) => engine.sections[section]?.normalFeeder ?? -1)
        .filter((feeder) => feeder !== -1),
    ),
  );
  incident.outLoads = ascending(
    incident.outSections.flatMap((section) => engine.sections[section]?.loads ?? []),
  );
  state.incidents.push(incident);
  context.touched.incidents.add(incident.id);
  touchSections(context, incident);
  return { incident, missing: carried.sections.filter((id) => !sections.has(id)) };
}

function sectionsById(engine: Engine, ids: readonly string[]): ReadonlyMap<string, number> {
  const wanted = new Set(ids);
  return new Map(
    engine.sections.flatMap(({ id }, index): [string, number][] =>
      wanted.has(id) ? [[id, index]] : [],
    ),
  );
}
