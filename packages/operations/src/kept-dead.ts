import type { Bilingual, CarriedOver } from '@relight/contract';
import { carryAlarmsOver } from './alarms-carried-over.ts';
import { raiseAlarm } from './alarms.ts';
import { carryLockOver } from './control-lock.ts';
import type { Engine } from './engine.ts';
import { touchSections } from './incident-changes.ts';
import { incidentId, newIncident } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { ascending } from './outage.ts';
import { carryHoldsOver } from './carry-holds.ts';
import { carryRequestsOver } from './carry-requests.ts';
import { carryUnknown } from './command-outcome.ts';
import { operationText, say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';

/**
 * Writes down what each incident keeps dead whenever that changes, so that the next run of the
 * control centre knows it too.
 */
export function recordKeptDead(context: StepContext): void {
  const { engine, state, touched } = context;
  for (const incident of state.incidents) {
    if (!touched.incidents.has(incident.id)) continue;
    const sections = sectionsKeptDead(incident).map(
      (section) => engine.sections[section]?.id ?? '',
    );
    const known = incident.keptOnRecord;
    const same = sections.length === known.length && sections.every((id, at) => id === known[at]);
    if (same) continue;
    incident.keptOnRecord = sections;
    record(context, 'incident', 'flisr', incident.id, {
      keepsDead: sections,
      openedAt_ms: incident.openedAt_ms,
    });
  }
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
  const { engine, state } = context;
  const sections = sectionsById(engine, kept.sections);
  const incident = newIncident({
    id: kept.incident,
    openedAt_ms: kept.openedAt_ms,
    opened_ms: context.now_ms,
    before: state.lastGood.slice(),
  });
  incident.state = 'aborted';
  incident.closedAt_ms = context.at_ms;
  incident.reasons = [why];
  incident.outSections = ascending(sections.values());
  // By which protection is not on record: it may have been 87, so nobody tries it by a close.
  incident.condemned = incident.outSections.slice();
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
  const gone = kept.sections.filter((id) => !sections.has(id));
  const lost = gone.length === 0 ? '' : gone.join(', ');
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

function sectionsById(engine: Engine, ids: readonly string[]): ReadonlyMap<string, number> {
  const wanted = new Set(ids);
  return new Map(
    engine.sections.flatMap(({ id }, index): [string, number][] =>
      wanted.has(id) ? [[id, index]] : [],
    ),
  );
}
