import type { EnteredPosition, EnteredView, OperatorRequest } from '@relight/contract';
import { CLOSED, OPEN, UNKNOWN } from '@relight/topology';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, areasOfSwitch, hasPartIn } from './areas.ts';
import { switchName, type Engine } from './engine.ts';
import { earthingPosition } from './earths.ts';
import { haltPlansAt } from './halt-plans.ts';
import type { Person } from './people.ts';
import { positionText, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { addEvent, record, wakeAt, type StepContext } from './step-context.ts';

/**
 * Takes a crew's word on where a hand-operated switch or earthing switch stands. It is shown as
 * substituted and counts like a reading; a device that reports by itself takes nobody's word.
 */
export function enterPosition(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'enterPosition' }>,
): Answer {
  const { engine, state } = context;
  const { equipment, position, text } = body;
  const switchIndex = engine.network.index.switch.get(equipment) ?? -1;
  const earthing = engine.grid.groundDisconnectors.findIndex((each) => each.id === equipment);
  if (switchIndex === -1 && earthing === -1) {
    return refused(404, 'RL-005', `no switch or earthing switch ${equipment}`);
  }
  const reports =
    switchIndex === -1
      ? engine.earthingPoints[earthing] !== -1
      : engine.switchPoints[switchIndex]?.position !== undefined;
  if (reports) return refused(422, 'RL-072', `${equipment} reports its position itself`);
  const section =
    engine.network.nodeSection[engine.grid.groundDisconnectors[earthing]?.node ?? -1] ?? -1;
  const areas =
    switchIndex === -1 ? areasOfSection(engine, section) : areasOfSwitch(engine, switchIndex);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${equipment} is in the area of ${areas.join(', ')}`);
  }
  const entered: EnteredPosition = {
    equipment,
    position,
    text,
    by: person.user,
    byName: person.name,
    at_ms: context.at_ms,
  };
  record(context, 'position', person.user, equipment, { entered });
  const { enteredPositionLife_ms } = state.configuration;
  applyEntered(engine, state, entered, context.now_ms + enteredPositionLife_ms);
  clearAlarm(context, doubtKey(equipment));
  context.touched.entered.add(equipment);
  const name = switchIndex === -1 ? equipment : switchName(engine, switchIndex);
  const where = positionText(position);
  addEvent(context, {
    equipment,
    quality: 'substituted',
    text: say(
      `${name}: ${person.name} nhập trạng thái ${where.vi}`,
      `${name}: ${person.name} entered ${where.en}`,
    ),
  });
  tellMoved(context, { equipment, switchIndex, section, isClosed: position === 'closed' });
  return { status: 202, accepted: { ok: true } };
}

/**
 * Takes a person's word back: the position of the grid file counts again. Refused where that would
 * turn closed into open: an opening, or an earth that is gone, is claimed by whoever saw it, with a
 * new entry. A word that has become doubtful is not taken back at all: the device stands nobody
 * knows where, and the grid file does not know it either.
 */
export function removePosition(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'removePosition' }>,
): Answer {
  const { engine, state } = context;
  const { equipment, reason } = body;
  const entered = state.entered.get(equipment);
  if (entered === undefined) return refused(404, 'RL-023', `no position entered for ${equipment}`);
  const switchIndex = engine.network.index.switch.get(equipment) ?? -1;
  const earthing = engine.grid.groundDisconnectors.find((each) => each.id === equipment);
  const section = engine.network.nodeSection[earthing?.node ?? -1] ?? -1;
  const areas =
    switchIndex === -1 ? areasOfSection(engine, section) : areasOfSwitch(engine, switchIndex);
  if (!hasPartIn(areas, person)) {
    return refused(403, 'RL-073', `${equipment} is in the area of ${areas.join(', ')}`);
  }
  if (state.doubtful.has(equipment)) {
    return refused(
      422,
      'RL-072',
      `${equipment} was entered ${entered.position} and nobody has confirmed it for too long: enter where it stands once somebody has seen it`,
    );
  }
  const normallyClosed =
    switchIndex === -1
      ? earthing?.closed === true
      : engine.grid.switches[switchIndex]?.normallyOpen !== true;
  if (entered.position === 'closed' && !normallyClosed) {
    return refused(
      422,
      'RL-072',
      `${equipment} was entered closed and is open in the grid file: enter it open once somebody has seen that`,
    );
  }
  record(context, 'position', person.user, equipment, { removed: entered, reason });
  state.entered.delete(equipment);
  state.enteredUntil.delete(equipment);
  context.touched.removedEntered.push({ ...enteredView(entered), removedAt_ms: context.at_ms });
  if (switchIndex !== -1 && engine.switchPoints[switchIndex]?.position === undefined) {
    const position = normallyClosed ? CLOSED : OPEN;
    state.positions[switchIndex] = position;
    state.lastGood[switchIndex] = position;
  }
  const index = engine.grid.groundDisconnectors.findIndex((each) => each.id === equipment);
  if (index !== -1) state.earthing[index] = earthingPosition(engine, state, index);
  const name = switchIndex === -1 ? equipment : switchName(engine, switchIndex);
  addEvent(context, {
    equipment,
    quality: 'substituted',
    text: say(
      `${name}: ${person.name} bỏ trạng thái nhập tay: ${reason}`,
      `${name}: ${person.name} took the entered position back: ${reason}`,
    ),
  });
  tellMoved(context, { equipment, switchIndex, section, isClosed: normallyClosed });
  return { status: 202, accepted: { ok: true } };
}

/**
 * A person's word that nobody has confirmed for too long is doubtful: the device may stand either
 * way from then on, for every plan and interlock, until somebody enters it anew or takes it back.
 */
export function ageEntered(context: StepContext): void {
  const { engine, state } = context;
  for (const [equipment, until_ms] of state.enteredUntil) {
    const entered = state.entered.get(equipment);
    if (context.now_ms < until_ms || state.doubtful.has(equipment)) continue;
    if (entered === undefined) continue;
    state.doubtful.add(equipment);
    const switchIndex = engine.network.index.switch.get(equipment) ?? -1;
    if (switchIndex !== -1) {
      state.positions[switchIndex] = UNKNOWN;
      state.lastGood[switchIndex] = UNKNOWN;
    }
    const index = engine.grid.groundDisconnectors.findIndex((each) => each.id === equipment);
    if (index !== -1) state.earthing[index] = earthingPosition(engine, state, index);
    const node = engine.grid.groundDisconnectors[index]?.node ?? -1;
    const section = engine.network.nodeSection[node] ?? -1;
    record(context, 'position', 'relight', equipment, { doubtful: entered });
    context.touched.entered.add(equipment);
    const name = switchIndex === -1 ? equipment : switchName(engine, switchIndex);
    const where = positionText(entered.position);
    raiseAlarm(context, {
      key: doubtKey(equipment),
      priority: 3,
      equipment,
      text: say(
        `${name}: trạng thái ${where.vi} do ${entered.byName} nhập đã quá hạn, cần xác nhận lại`,
        `${name}: the position ${where.en} that ${entered.byName} entered is too old, confirm it`,
      ),
    });
    tellMoved(context, { equipment, switchIndex, section, isClosed: true });
  }
}

/** Asks to be woken when the next entered position grows too old. */
export function awaitEntered(context: StepContext): void {
  for (const [equipment, until_ms] of context.state.enteredUntil) {
    if (!context.state.doubtful.has(equipment)) wakeAt(context, until_ms);
  }
}

const doubtKey = (equipment: string): string => `entered/${equipment}`;

/** The picture has changed by a person's word: it is worked out anew, and plans at the place stop. */
function tellMoved(
  context: StepContext,
  moved: {
    readonly equipment: string;
    /** −1: an earthing switch. */
    readonly switchIndex: number;
    readonly section: number;
    readonly isClosed: boolean;
  },
): void {
  const { equipment, switchIndex, section, isClosed } = moved;
  context.positionsChanged = true;
  context.pictureChanged = true;
  if (switchIndex !== -1) {
    const name = switchName(context.engine, switchIndex);
    context.touched.switches.add(switchIndex);
    haltPlansAt(context, { switches: [switchIndex], sections: [] }, say(name, name));
    return;
  }
  context.touched.earths.add(equipment);
  context.touched.sections.add(section);
  if (!isClosed) return;
  const what = say('dao tiếp đất đóng', 'earthing switch closed');
  haltPlansAt(context, { switches: [], sections: [section] }, what);
}

export function enteredView(entered: EnteredPosition): EnteredView {
  const { equipment: id, position, text, by, byName, at_ms } = entered;
  return { id, position, text, by, byName, at_ms, removedAt_ms: null };
}

/** Puts an entered position into the picture; false where the device is not in the grid. */
export function applyEntered(
  engine: Engine,
  state: OperationsState,
  entered: EnteredPosition,
  until_ms: number,
): boolean {
  const switchIndex = engine.network.index.switch.get(entered.equipment) ?? -1;
  const earthing = engine.grid.groundDisconnectors.findIndex(
    (each) => each.id === entered.equipment,
  );
  if (switchIndex === -1 && earthing === -1) return false;
  state.entered.set(entered.equipment, entered);
  const reports =
    switchIndex === -1
      ? engine.earthingPoints[earthing] !== -1
      : engine.switchPoints[switchIndex]?.position !== undefined;
  // What reports by itself since then is known by its readings, however old the word is.
  if (!reports) state.enteredUntil.set(entered.equipment, until_ms);
  state.doubtful.delete(entered.equipment);
  if (earthing !== -1) state.earthing[earthing] = earthingPosition(engine, state, earthing);
  if (switchIndex !== -1 && !reports) {
    const position = entered.position === 'open' ? OPEN : CLOSED;
    state.positions[switchIndex] = position;
    state.lastGood[switchIndex] = position;
  }
  return true;
}
