import type { Snapshot } from '@relight/contract';
import { shownState } from '../alarm-state.ts';
import { approvalView } from '../approvals.ts';
import { earthView, earthViews } from '../earths.ts';
import { enteredView } from '../entered-positions.ts';
import type { Engine } from '../engine.ts';
import { engineOf } from '../normal-state/effective-engine.ts';
import { tagView } from '../tag.ts';
import type { OperationsState } from '../state.ts';
import type { StepContext } from '../step-context.ts';
import type { ViewChanges } from '../step-result.ts';
import {
  feederView,
  isMeasurement,
  measurementView,
  sectionView,
  summaryView,
  switchView,
} from './equipment-views.ts';
import { earthFaultView } from './earth-fault-view.ts';
import { incidentView } from './incident-view.ts';
import { alarmView, commandView } from './record-views.ts';

/** Everything of a snapshot but its header. */
export type SnapshotViews = Omit<
  Snapshot,
  'type' | 'protocol' | 'sequence' | 'serverTime_ms' | 'grid' | 'user' | 'simulation'
>;

/** Commands and closed incidents shown to a console that has just connected. */
const COMMANDS_SHOWN = 200;

/** The whole present picture; each list in the order of its ids or of its making. */
export function snapshotViews(fileEngine: Engine, state: OperationsState): SnapshotViews {
  const engine = engineOf(fileEngine, state);
  return {
    switches: engine.grid.switches.map((_, index) => switchView(engine, state, index)),
    measurements: engine.points.flatMap((_, index) =>
      isMeasurement(engine, index) ? [measurementView(engine, state, index)] : [],
    ),
    sections: engine.sections.map((_, index) => sectionView(engine, state, index)),
    feeders: engine.grid.feeders.map((_, index) => feederView(engine, state, index)),
    earthFaults: state.earthFaults.map((fault) => earthFaultView(engine, state, fault)),
    incidents: state.incidents.map((incident) => incidentView(engine, state, incident)),
    alarms: [...state.alarms.values()]
      .filter((alarm) => shownState(alarm) !== 'normal')
      .map((alarm) => alarmView(alarm)),
    events: state.events.slice(),
    commands: [...state.commands.values()].slice(-COMMANDS_SHOWN).map(commandView),
    links: state.rtus.map((rtu) => rtu.link),
    tags: [...state.tags.values()].map((tag) => tagView(tag, null)),
    earths: earthViews(engine, state),
    entered: [...state.entered.values()].map(enteredView),
    approvals: [...state.approvals.values()].map(approvalView),
    sheddingLists: [...state.sheddingLists.values()].filter((list) => list.state !== 'withdrawn'),
    modes: [...state.modes.values()].filter((set) => set.mode !== 'automatic'),
    summary: summaryView(engine, state),
  };
}

/** What this step changed; a list without changes is left out. Cost: what was touched. */
export function changesOf(context: StepContext): ViewChanges {
  const { engine, state, touched } = context;
  const changes: ViewChanges = {};
  if (touched.switches.size > 0) {
    changes.switches = sorted(touched.switches).map((index) => switchView(engine, state, index));
  }
  const points = sorted(touched.points).filter((index) => isMeasurement(engine, index));
  if (points.length > 0) {
    changes.measurements = points.map((index) => measurementView(engine, state, index));
  }
  if (touched.sections.size > 0) {
    changes.sections = sorted(touched.sections).map((index) => sectionView(engine, state, index));
  }
  if (touched.feeders.size > 0) {
    changes.feeders = sorted(touched.feeders).map((index) => feederView(engine, state, index));
  }
  const incidents = state.incidents.filter((incident) => touched.incidents.has(incident.id));
  if (incidents.length > 0) {
    changes.incidents = incidents.map((incident) => incidentView(engine, state, incident));
  }
  const earthFaults = state.earthFaults.filter(({ id }) => touched.earthFaults.has(id));
  if (earthFaults.length > 0) {
    changes.earthFaults = earthFaults.map((fault) => earthFaultView(engine, state, fault));
  }
  const alarms = [...touched.alarms].flatMap((id) => state.alarms.get(id) ?? []);
  if (alarms.length > 0) changes.alarms = alarms.map((alarm) => alarmView(alarm));
  if (touched.events.length > 0) changes.events = touched.events;
  const commands = [...touched.commands].flatMap((id) => state.commands.get(id) ?? []);
  if (commands.length > 0) changes.commands = commands.map(commandView);
  if (touched.links.size > 0) {
    changes.links = sorted(touched.links).flatMap((index) => state.rtus[index]?.link ?? []);
  }
  const tags = [...touched.tags].flatMap((id) => {
    const tag = state.tags.get(id);
    return tag === undefined ? [] : [tagView(tag, null)];
  });
  if (tags.length + touched.removedTags.length > 0)
    changes.tags = [...touched.removedTags, ...tags];
  const earths = earthsTouched(context).flatMap(
    (id) => earthView(engine, state, id, context.at_ms) ?? [],
  );
  if (earths.length + touched.removedEarths.length > 0) {
    changes.earths = [...touched.removedEarths, ...earths];
  }
  const entered = [...touched.entered].flatMap((id) => state.entered.get(id) ?? []);
  if (entered.length + touched.removedEntered.length > 0) {
    changes.entered = [...touched.removedEntered, ...entered.map(enteredView)];
  }
  const approvals = [...touched.approvals].flatMap((id) => state.approvals.get(id) ?? []);
  if (approvals.length > 0) changes.approvals = approvals.map(approvalView);
  const lists = [...touched.sheddingLists].flatMap((id) => state.sheddingLists.get(id) ?? []);
  if (lists.length > 0) changes.sheddingLists = lists;
  const modes = [...touched.modes].flatMap((id) => state.modes.get(id) ?? []);
  if (modes.length > 0) changes.modes = modes;
  if (touched.summary) changes.summary = summaryView(engine, state);
  return changes;
}

/** Earths that changed, and those whose section has become live or dead. */
function earthsTouched({ engine, state, touched }: StepContext): readonly string[] {
  const ids = new Set(touched.earths);
  if (touched.sections.size > 0) {
    for (const { id, section } of earthViews(engine, state)) {
      if (touched.sections.has(engine.sectionIndex.get(section) ?? -1)) ids.add(id);
    }
  }
  return [...ids].sort();
}

function sorted(indices: ReadonlySet<number>): number[] {
  return [...indices].sort((a, b) => a - b);
}
