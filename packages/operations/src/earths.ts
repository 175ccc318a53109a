import type { EarthView, OperatorRequest, Quality, StandingEarth } from '@relight/contract';
import { CLOSED, OPEN, UNKNOWN } from '@relight/topology';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, hasPartIn } from './areas.ts';
import type { Engine } from './engine.ts';
import { haltPlansAt } from './halt-plans.ts';
import { usersOf, type Person } from './people.ts';
import { nodesOf } from './section-info.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { addEvent, record, type StepContext } from './step-context.ts';

/** A portable earth a person recorded. */
export interface PortableEarth {
  readonly standing: StandingEarth;
  readonly section: number;
  /** −1: somewhere in the section. */
  readonly node: number;
}

/** Records a portable earth. It counts from this step on; it is acknowledged once it is on disk. */
export function recordEarth(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'recordEarth' }>,
): Answer {
  const { engine, state } = context;
  const earth = resolveEarth(engine, {
    id: `E${state.run}-${state.nextEarth}`,
    equipment: body.equipment,
    label: body.label,
    text: body.text,
    owner: person.user,
    ownerName: person.name,
    placedAt_ms: context.at_ms,
  });
  if (earth === null) return refused(404, 'RL-005', `no node or section ${body.equipment}`);
  const areas = areasOfSection(engine, earth.section);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${body.equipment} is in the area of ${areas.join(', ')}`);
  }
  state.nextEarth += 1;
  state.earths.set(earth.standing.id, earth);
  record(context, 'earth', person.user, earth.standing.id, {
    state: 'placed',
    earth: earth.standing,
  });
  touchEarth(context, earth.standing.id, earth.section);
  const name = engine.sections[earth.section]?.name ?? '';
  addEvent(context, {
    equipment: body.equipment,
    text: say(
      `${name}: ${person.name} ghi tiếp đất lưu động ${body.label}`,
      `${name}: ${person.name} recorded the portable earth ${body.label}`,
    ),
  });
  haltPlansAt(
    context,
    { switches: [], sections: [earth.section] },
    say('tiếp đất lưu động', 'portable earth'),
  );
  return { status: 202, accepted: { ok: true, earth: portableView(engine, state, earth, null) } };
}

/**
 * Takes a portable earth off the record; the right to do so has been judged by the caller. It
 * forbids until the record of its removal is on disk.
 */
export function dropEarth(
  context: StepContext,
  earth: PortableEarth,
  people: readonly Person[],
  reason: string | null,
): EarthView {
  const { engine, state } = context;
  const { id, label, equipment } = earth.standing;
  const gone = portableView(engine, state, earth, context.at_ms);
  const names = people.map((person) => person.name).join(' + ');
  const durableFrom = record(context, 'earth', usersOf(people), id, {
    state: 'removed',
    equipment,
    by: people.map((person) => person.user),
    ...(reason === null ? {} : { reason }),
  });
  state.leaving.push({ tag: null, earth: gone, durableFrom });
  const name = engine.sections[earth.section]?.name ?? '';
  addEvent(context, {
    equipment,
    text: say(
      `${name}: ${names} báo đã tháo tiếp đất lưu động ${label}`,
      `${name}: ${names} reported the portable earth ${label} removed`,
    ),
  });
  return gone;
}

/** What a standing earth means in this grid; null where its place is not in it. */
export function resolveEarth(engine: Engine, standing: StandingEarth): PortableEarth | null {
  const node = engine.network.index.node.get(standing.equipment) ?? -1;
  const section =
    node === -1
      ? (engine.sectionIndex.get(standing.equipment) ?? -1)
      : (engine.network.nodeSection[node] ?? -1);
  return section === -1 ? null : { standing, section, node };
}

/**
 * Nodes that are earthed, or may be: by a portable earth (the whole section where nobody said
 * where), or by an earthing switch that does not provably stand open.
 */
export function earthedNodes(engine: Engine, state: OperationsState): ReadonlySet<number> {
  const nodes = new Set<number>();
  engine.grid.groundDisconnectors.forEach((earth, index) => {
    if (state.earthing[index] !== OPEN) nodes.add(earth.node);
  });
  for (const earth of state.earths.values()) {
    const where = earth.node === -1 ? nodesOf(engine.network, earth.section) : [earth.node];
    for (const node of where) nodes.add(node);
  }
  return nodes;
}

/** Where an earthing switch stands: its own good reading, a person's word, else the grid file. */
export function earthingPosition(engine: Engine, state: OperationsState, index: number): number {
  const device = engine.grid.groundDisconnectors[index];
  const pointIndex = engine.earthingPoints[index] ?? -1;
  if (pointIndex !== -1) {
    const point = state.points[pointIndex];
    if (point?.quality !== 'good') return UNKNOWN;
    return point.value === 'open' ? OPEN : point.value === 'closed' ? CLOSED : UNKNOWN;
  }
  const entered = state.entered.get(device?.id ?? '');
  if (device !== undefined && state.doubtful.has(device.id)) return UNKNOWN;
  if (entered !== undefined) return entered.position === 'open' ? OPEN : CLOSED;
  return device?.closed === true ? CLOSED : OPEN;
}

/** Every earth on the grid: earthing switches that do not provably stand open, then portable ones. */
export function earthViews(engine: Engine, state: OperationsState): EarthView[] {
  return [
    ...engine.grid.groundDisconnectors.flatMap((_, index) =>
      state.earthing[index] === OPEN ? [] : [earthingSwitchView(engine, state, index, null)],
    ),
    ...[...state.earths.values()].map((earth) => portableView(engine, state, earth, null)),
  ];
}

/** As `earthViews`, of one id; null where no such earth stands. */
export function earthView(
  engine: Engine,
  state: OperationsState,
  id: string,
  at_ms: number,
): EarthView | null {
  const portable = state.earths.get(id);
  if (portable !== undefined) return portableView(engine, state, portable, null);
  const index = engine.grid.groundDisconnectors.findIndex((each) => each.id === id);
  if (index === -1) return null;
  const gone = state.earthing[index] === OPEN ? at_ms : null;
  return earthingSwitchView(engine, state, index, gone);
}

function portableView(
  engine: Engine,
  state: OperationsState,
  { standing, section, node }: PortableEarth,
  removedAt_ms: number | null,
): EarthView {
  return {
    id: standing.id,
    kind: 'portable',
    section: engine.sections[section]?.id ?? '',
    node: engine.grid.connectivityNodes[node]?.id ?? null,
    label: standing.label,
    text: standing.text,
    quality: 'substituted',
    owner: standing.owner,
    ownerName: standing.ownerName,
    placedAt_ms: standing.placedAt_ms,
    onLive: removedAt_ms === null && isLive(engine, state, section),
    removedAt_ms,
  };
}

function earthingSwitchView(
  engine: Engine,
  state: OperationsState,
  index: number,
  removedAt_ms: number | null,
): EarthView {
  const device = engine.grid.groundDisconnectors[index];
  const section = engine.network.nodeSection[device?.node ?? -1] ?? -1;
  const point = state.points[engine.earthingPoints[index] ?? -1];
  const entered = state.entered.get(device?.id ?? '');
  const isDoubtful = state.doubtful.has(device?.id ?? '');
  const quality: Quality = point?.quality ?? (isDoubtful ? 'questionable' : 'substituted');
  return {
    id: device?.id ?? '',
    kind: 'earthingSwitch',
    section: engine.sections[section]?.id ?? '',
    node: engine.grid.connectivityNodes[device?.node ?? -1]?.id ?? null,
    label: device?.id ?? '',
    text: entered?.text ?? '',
    quality,
    owner: entered?.by ?? null,
    ownerName: entered?.byName ?? null,
    placedAt_ms: entered?.at_ms ?? point?.changedAt_ms ?? null,
    onLive:
      removedAt_ms === null && state.earthing[index] === CLOSED && isLive(engine, state, section),
    removedAt_ms,
  };
}

function isLive(engine: Engine, state: OperationsState, section: number): boolean {
  const node = engine.network.sectionNodes[engine.network.sectionStart[section] ?? 0] ?? -1;
  return (state.energisation.nodeSource[node] ?? -1) !== -1;
}

function touchEarth(context: StepContext, id: string, section: number): void {
  context.touched.earths.add(id);
  context.touched.sections.add(section);
  context.pictureChanged = true;
}
