import type { EnteredPosition, OperatorRequest } from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { refused, type Answer } from './answers.ts';
import { areasOfSection, areasOfSwitch, hasPartIn } from './areas.ts';
import { switchName, type Engine } from './engine.ts';
import { earthingPosition } from './earths.ts';
import { haltPlansAt } from './halt-plans.ts';
import type { Person } from './people.ts';
import { positionText, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { addEvent, record, type StepContext } from './step-context.ts';

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
  applyEntered(engine, state, entered);
  context.positionsChanged = true;
  context.pictureChanged = true;
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
  if (switchIndex === -1) {
    context.touched.earths.add(equipment);
    context.touched.sections.add(section);
    if (position === 'closed') {
      const what = say('dao tiếp đất đóng', 'earthing switch closed');
      haltPlansAt(context, { switches: [], sections: [section] }, what);
    }
  } else {
    context.touched.switches.add(switchIndex);
    haltPlansAt(context, { switches: [switchIndex], sections: [] }, say(name, name));
  }
  return { status: 202, accepted: { ok: true } };
}

/** Puts an entered position into the picture; false where the device is not in the grid. */
export function applyEntered(
  engine: Engine,
  state: OperationsState,
  entered: EnteredPosition,
): boolean {
  const switchIndex = engine.network.index.switch.get(entered.equipment) ?? -1;
  const earthing = engine.grid.groundDisconnectors.findIndex(
    (each) => each.id === entered.equipment,
  );
  if (switchIndex === -1 && earthing === -1) return false;
  state.entered.set(entered.equipment, entered);
  if (earthing !== -1) state.earthing[earthing] = earthingPosition(engine, state, earthing);
  if (switchIndex !== -1 && engine.switchPoints[switchIndex]?.position === undefined) {
    const position = entered.position === 'open' ? OPEN : CLOSED;
    state.positions[switchIndex] = position;
    state.lastGood[switchIndex] = position;
  }
  return true;
}
