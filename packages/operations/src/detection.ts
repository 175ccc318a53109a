import { CLOSED, OPEN } from '@relight/topology';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { switchName } from './engine.ts';
import { noteFallBack } from './fall-back.ts';
import { isClosed } from './incident-state.ts';
import { advanceFoundTripped, noteFoundTripped } from './found-tripped.ts';
import { takeFeedersOut } from './feeders-at.ts';
import { noteCommandedMove, noteForeignMove, noteTrip } from './trips.ts';
import { goodValue } from './process-image.ts';
import { positionText, say } from './signal-text.ts';
import type { Command } from './command.ts';
import { noteTrialTrip } from './trial-close.ts';
import { wakeAt, type Movement, type StepContext } from './step-context.ts';

/** A trip signal that belongs to an opening arrives within this; then it is "undetermined". */
const TRIP_SIGNAL_WAIT_ms = 1_000;

/**
 * Sorts out every movement of this step: ours, a trip, a reclose, or nobody's. Only short-circuit
 * and earth-fault protection opens an incident; an opening nobody explains takes its feeder out
 * of automatic.
 */
export function applyMovements(context: StepContext): void {
  for (const movement of context.movements) {
    if (movement.to === CLOSED) {
      const equipment = context.engine.grid.switches[movement.switchIndex]?.id ?? '';
      clearAlarm(context, `trip/${equipment}`);
    }
    if (movement.to === CLOSED) noteTripAtOnce(context, movement.switchIndex);
    if (movement.to === CLOSED) {
      endTrips(context, movement.switchIndex);
      context.state.leftOpen.delete(movement.switchIndex);
    }
    const command = commandBehind(context, movement);
    if (command !== null) {
      noteCommandedMove(context, command);
      continue;
    }
    if (movement.to === OPEN) {
      context.state.pendingOpens.push({
        switchIndex: movement.switchIndex,
        since_ms: context.now_ms,
        at_ms: movement.at_ms,
      });
    } else if (!isReclose(context, movement)) noteUncommandedClose(context, movement);
  }
  for (const switchIndex of context.tripSignals) noteUnseenClose(context, switchIndex);
  noteFoundTripped(context, context.firstSeen);
}

/**
 * A ring of events tells trip and reclose in one breath: the opening before this close has given
 * its reason in the same step, so the close is a reclose and nobody's hand.
 */
function noteTripAtOnce(context: StepContext, switchIndex: number): void {
  const { state } = context;
  const pending = state.pendingOpens.find((opened) => opened.switchIndex === switchIndex);
  if (pending === undefined || !context.tripSignals.includes(switchIndex)) return;
  state.pendingOpens = state.pendingOpens.filter((opened) => opened !== pending);
  if (!noteTrialTrip(context, pending)) noteTrip(context, pending);
}

/** Closed after its trip: the next trip of the device, or lockout, is one of its own. */
function endTrips(context: StepContext, switchIndex: number): void {
  for (const incident of context.state.incidents) {
    for (const trip of incident.trips) {
      if (trip.switchIndex !== switchIndex) continue;
      if (isClosed(incident) || trip.phase === 'lockedOut') trip.over = true;
    }
  }
}

/**
 * A trip signal of a device that still reads open: it was closed onto a fault and opened again
 * between two readings; or it reclosed, opened again, and says why only now.
 */
function noteUnseenClose(context: StepContext, switchIndex: number): void {
  const { state } = context;
  if (state.lastGood[switchIndex] !== OPEN) return;
  if (state.pendingOpens.some((pending) => pending.switchIndex === switchIndex)) return;
  const known = state.incidents.some(
    (incident) =>
      !isClosed(incident) &&
      incident.trips.some((trip) => trip.switchIndex === switchIndex && trip.phase === 'open'),
  );
  if (known) return;
  state.pendingOpens.push({ switchIndex, since_ms: context.now_ms, at_ms: context.at_ms });
}

/** Decides on openings that still owe their reason. True if one was decided. */
export function advanceDetection(context: StepContext): boolean {
  const { state, engine } = context;
  const undetermined: number[] = [];
  let decided = false;
  state.pendingOpens = state.pendingOpens.filter((pending) => {
    if (state.positions[pending.switchIndex] === CLOSED) {
      // Closed again before it said why: a reclose faster than its trip signal.
      decided = true;
      return false;
    }
    if (
      goodValue(engine, state, pending.switchIndex, 'protectionTrip') === true ||
      goodValue(engine, state, pending.switchIndex, 'lockoutRelay86') === true
    ) {
      if (!noteTrialTrip(context, pending)) noteTrip(context, pending);
      decided = true;
      return false;
    }
    const due_ms = pending.since_ms + TRIP_SIGNAL_WAIT_ms;
    if (context.now_ms < due_ms) {
      wakeAt(context, due_ms);
      return true;
    }
    noteUndetermined(context, pending.switchIndex);
    undetermined.push(pending.switchIndex);
    decided = true;
    return false;
  });
  // Locked out without a word of a trip: somebody has to say why before it is closed.
  noteFoundTripped(context, undetermined);
  return advanceFoundTripped(context) || decided;
}

/** The command of ours that has been written and wants exactly this; null: none. */
function commandBehind(context: StepContext, movement: Movement): Command | null {
  for (const id of context.state.activeCommands) {
    const command = context.state.commands.get(id);
    const wants = movement.to === OPEN ? 'open' : 'close';
    if (
      command?.switchIndex === movement.switchIndex &&
      command.operated_ms !== null &&
      command.operation === wants
    ) {
      return command;
    }
  }
  return null;
}

function isReclose(context: StepContext, movement: Movement): boolean {
  return context.state.incidents.some(
    (incident) =>
      !isClosed(incident) &&
      incident.trips.some(
        (trip) => trip.switchIndex === movement.switchIndex && trip.phase === 'open',
      ),
  );
}

function noteUndetermined(context: StepContext, switchIndex: number): void {
  const { engine, state } = context;
  const name = switchName(engine, switchIndex);
  if (isExpectedInDeadTime(context, switchIndex)) return;
  noteFallBack(context, switchIndex, 'open');
  state.leftOpen.add(switchIndex);
  const shed = goodValue(engine, state, switchIndex, 'loadShedding') === true;
  const local = goodValue(engine, state, switchIndex, 'localRemote') === false;
  const text = shed
    ? say(
        `${name}: sa thải phụ tải, chỉ đóng lại theo lệnh`,
        `${name}: opened by load shedding, comes back only by order`,
      )
    : local
      ? say(`${name}: cắt tại chỗ`, `${name}: opened in local`)
      : say(
          `${name}: cắt không do lệnh, không có tín hiệu bảo vệ`,
          `${name}: opened without a command and without a trip signal`,
        );
  alarmMove(context, switchIndex, text);
}

/** A sectionaliser opens by itself while reclosing runs and its line is dead: that is its work. */
function isExpectedInDeadTime(context: StepContext, switchIndex: number): boolean {
  const { engine, state } = context;
  if (engine.grid.switches[switchIndex]?.kind !== 'sectionaliser') return false;
  const { network } = engine;
  const sides = [network.switchSectionFrom[switchIndex], network.switchSectionTo[switchIndex]];
  return state.incidents.some(
    (incident) =>
      !isClosed(incident) && incident.outSections.some((section) => sides.includes(section)),
  );
}

function noteUncommandedClose(context: StepContext, movement: Movement): void {
  noteFallBack(context, movement.switchIndex, 'close');
  const name = switchName(context.engine, movement.switchIndex);
  const position = positionText('closed');
  alarmMove(
    context,
    movement.switchIndex,
    say(`${name}: ${position.vi} không do lệnh`, `${name}: ${position.en} without a command`),
  );
}

function alarmMove(context: StepContext, switchIndex: number, text: ReturnType<typeof say>): void {
  const { engine } = context;
  const equipment = engine.grid.switches[switchIndex]?.id ?? '';
  const key = `once/move/${equipment}`;
  raiseAlarm(context, { key, priority: 2, equipment, text });
  takeFeedersOut(context, switchIndex, text, key);
  noteForeignMove(context, switchIndex, text);
}
