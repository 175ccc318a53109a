import type { Bilingual, SwitchOperation } from '@relight/contract';
import { commandAlarm } from './command-ends.ts';
import { enter, feedback_ms, isOver, isReached, provingPoint, stands } from './command-state.ts';
import { usersOf, type Person } from './people.ts';
import { say } from './signal-text.ts';
import { commandFrom, type Command } from './command.ts';
import { requestReading, type StepContext } from './step-context.ts';

/** How often a device whose outcome is not known is read again. */
const READ_AGAIN_ms = 5_000;

/**
 * Acknowledged: the reported position decides. When the time for it is over the device is read
 * once more, so that "did not move" is said of a reading made after it had all its time.
 */
export function advanceAcknowledged(context: StepContext, command: Command): void {
  const { engine, state } = context;
  if (isReached(engine, state, command)) {
    enter(context, command, 'verified');
    command.waits = 'nothing';
    return;
  }
  if (command.poll !== null && command.poll.rtus.length === 0 && provablyStands(context, command)) {
    const reason = say(
      'RTU đã nhận lệnh nhưng thiết bị không chuyển trạng thái',
      'the RTU acknowledged but the device did not move',
    );
    enter(context, command, 'failed', { reason });
    commandAlarm(context, command, 2, reason);
    return;
  }
  if (!isOver(context, command)) return;
  if (command.poll === null) {
    readAgain(context, command);
    return;
  }
  becomeUnknown(
    context,
    command,
    say('hết thời gian chờ, vị trí không rõ', 'timed out, and the position is not known'),
  );
}

/**
 * A command of an earlier run whose write may have gone out: its device stays blocked until it has
 * been read after all the time it may take from now on, or two people clear it.
 */
export function carryUnknown(
  context: StepContext,
  left: { readonly id: string; readonly equipment: string; readonly operation: SwitchOperation },
): void {
  const { engine, state } = context;
  const switchIndex = engine.network.index.switch.get(left.equipment);
  if (switchIndex === undefined) return;
  const command = commandFrom({
    id: left.id,
    switchIndex,
    equipment: left.equipment,
    operation: left.operation,
    by: 'relight',
    requestedAt_ms: context.at_ms,
    state: 'unknown',
    waits: 'position',
    operated_ms: context.now_ms,
    unsettled: true,
  });
  state.commands.set(command.id, command);
  state.activeCommands.push(command.id);
  enter(context, command, 'unknown', {
    life_ms: READ_AGAIN_ms,
    reason: say('trung tâm điều khiển khởi động lại', 'the control centre was restarted'),
  });
}

/** Read, by a reading asked for after the device had all its time to move: it stands as before. */
function provablyStands(context: StepContext, command: Command): boolean {
  const { engine, state } = context;
  const point = provingPoint(engine, command.switchIndex, command.operation);
  const asked_ms = state.rtus[engine.points[point]?.rtu ?? -1]?.asked_ms ?? null;
  const all_ms = (command.operated_ms ?? context.now_ms) + feedback_ms(engine, state, command);
  return stands(engine, state, command) && asked_ms !== null && asked_ms >= all_ms;
}

function readAgain(context: StepContext, command: Command): void {
  const { engine } = context;
  const point = provingPoint(engine, command.switchIndex, command.operation);
  const rtu = engine.rtus[engine.points[point]?.rtu ?? -1];
  command.poll = requestReading(context, rtu === undefined ? [] : [rtu.id]);
  command.until_ms = context.now_ms + READ_AGAIN_ms;
  command.untilWall_ms = context.at_ms + READ_AGAIN_ms;
}

export function becomeUnknown(context: StepContext, command: Command, reason: Bilingual): void {
  enter(context, command, 'unknown', { reason, life_ms: READ_AGAIN_ms });
  command.waits = 'position';
  command.unsettled = true;
  command.poll = null;
  commandAlarm(context, command, 1, say('KHÔNG RÕ KẾT QUẢ', 'OUTCOME UNKNOWN'));
}

/**
 * Two people say where the device stands, seen at the site, with a reason: the device is free
 * again. What its telemetry says of the position stays as it is.
 */
export function clearUnknown(
  context: StepContext,
  command: Command,
  people: readonly Person[],
  seen: 'asWanted' | 'asBefore',
  reason: string,
): void {
  command.unsettled = false;
  command.waits = 'nothing';
  const names = people.map((person) => person.name).join(' + ');
  enter(context, command, seen === 'asWanted' ? 'verified' : 'failed', {
    by: usersOf(people),
    reason: say(`${names} xác nhận tại chỗ: ${reason}`, `${names} seen at the site: ${reason}`),
    more: { clearedBy: people.map((person) => person.user), seen },
  });
}

/**
 * Telemetry newer than the write settles an unknown outcome: the wanted position proves it came,
 * the old one only if it was read after the device had all its time to move.
 */
export function settle(context: StepContext, command: Command): void {
  if (!command.unsettled) return;
  if (isReached(context.engine, context.state, command)) {
    command.unsettled = false;
    enter(context, command, 'verified', {
      reason: say('vị trí báo về sau đó xác nhận', 'settled by the position reported later'),
    });
    return;
  }
  if (provablyStands(context, command)) {
    command.unsettled = false;
    enter(context, command, 'failed', {
      reason: say(
        'đọc lại: thiết bị không chuyển trạng thái',
        'read again: the device did not move',
      ),
    });
    return;
  }
  if (isOver(context, command)) readAgain(context, command);
}
