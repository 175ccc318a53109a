import { commandAlarm } from './command-ends.ts';
import { enter } from './command-state.ts';
import { goodValue } from './process-image.ts';
import { figure, say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { StepContext } from './step-context.ts';

/** A drive that goes back by itself later than this has held: then it is a move of its own. */
const FALLS_BACK_WITHIN_ms = 60_000;

/** However far it came, nothing was written. */
const UNWRITTEN: ReadonlySet<Command['state']> = new Set(['rejected', 'expired', 'cancelled']);

/**
 * A device that moved by command and was verified stands as before again, by nobody's command and
 * by no protection: the command has failed after all, by its own name, and the device is left out
 * of automation until a person acknowledges that. What its plan does then is decided as for every
 * move without a command.
 * @param now - where it went back to.
 */
export function noteFallBack(
  context: StepContext,
  switchIndex: number,
  now: 'open' | 'close',
): void {
  const { engine, state } = context;
  // Somebody at the device, or load shedding, has moved it: the drive has held.
  if (goodValue(engine, state, switchIndex, 'localRemote') === false) return;
  if (goodValue(engine, state, switchIndex, 'loadShedding') === true) return;
  const command = lastMoved(context, switchIndex);
  if (command === undefined || command.operation === now) return;
  const held_ms = context.now_ms - (command.verified_ms ?? 0);
  if (held_ms > FALLS_BACK_WITHIN_ms) return;
  const held = figure(held_ms / 1_000, 1);
  const reason = say(
    `đã chuyển trạng thái rồi tự trở lại sau ${held.vi} s (${command.id})`,
    `it moved and fell back by itself after ${held.en} s (${command.id})`,
  );
  enter(context, command, 'failed', { reason });
  commandAlarm(context, command, 1, reason);
  state.manual.set(switchIndex, `once/command/${command.id}`);
}

/**
 * The command that moved the device last, also where something has been asked of it since;
 * undefined: none is remembered, or a later one has been written that may have moved it.
 */
function lastMoved({ state }: StepContext, switchIndex: number): Command | undefined {
  const last = [...state.commands.values()].findLast(
    (each) =>
      each.switchIndex === switchIndex &&
      (each.operation === 'open' || each.operation === 'close') &&
      each.operated_ms !== null &&
      !UNWRITTEN.has(each.state),
  );
  return last?.state === 'verified' && last.verified_ms !== null ? last : undefined;
}
