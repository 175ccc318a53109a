import type { Bilingual, ControlReport, SwitchOperation } from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { enter, feedback_ms, isEnded, isReached, provingPoint, stands } from './command-state.ts';
import { switchName } from './engine.ts';
import { AGE_GATE, firstShut, judgeGates, rtusToRead, type WantedOperation } from './gates.ts';
import { operationText, say } from './signal-text.ts';
import type { Command } from './state.ts';
import { requestReading, wakeAt, type StepContext } from './step-context.ts';

/** Commands kept for looking back. */
const COMMANDS_KEPT = 1_000;
/** How often a device whose outcome is unknown is read again. */
const SETTLE_EVERY_ms = 5_000;

/** What a command is to do, and for whom. */
export interface NewCommand {
  readonly switchIndex: number;
  readonly operation: SwitchOperation;
  readonly by: string;
  readonly incident: string | null;
  readonly step: number | null;
  /** Executes by itself once selected. */
  readonly automatic: boolean;
}

/**
 * Begins a command's life. Its gates have been judged by the caller; a reading too old to decide
 * on is asked for at once, while the intent is made durable.
 */
export function createCommand(context: StepContext, wish: NewCommand): Command {
  const { state, engine } = context;
  const { requestLife_ms } = state.configuration;
  const command: Command = {
    id: `C${state.run}-${state.nextCommand}`,
    switchIndex: wish.switchIndex,
    equipment: engine.grid.switches[wish.switchIndex]?.id ?? '',
    operation: wish.operation,
    by: wish.by,
    incident: wish.incident,
    step: wish.step,
    requestedAt_ms: context.at_ms,
    automatic: wish.automatic,
    state: 'requested',
    waits: 'durable',
    changedAt_ms: context.at_ms,
    until_ms: null,
    untilWall_ms: null,
    durableFrom: 0,
    poll: null,
    report: null,
    seenSequence: null,
    seenPosition: null,
    operated_ms: null,
    unsettled: false,
    refusedByMonitor: false,
    reason: null,
  };
  state.nextCommand += 1;
  state.commands.set(command.id, command);
  state.activeCommands.push(command.id);
  command.durableFrom = enter(context, command, 'requested', {
    life_ms: requestLife_ms,
    more: { gates: gatesForRecord(context, command), token: state.configuration.token },
  });
  askForReading(context, command);
  forgetOldCommands(context);
  return command;
}

/** Carries every command on as far as what is known allows. True if anything moved. */
export function advanceCommands(context: StepContext): boolean {
  const { state } = context;
  let moved = false;
  for (const id of state.activeCommands.slice()) {
    const command = state.commands.get(id);
    if (command === undefined) continue;
    const before = `${command.state}/${command.waits}/${command.unsettled}`;
    advance(context, command);
    if (command.until_ms !== null && !isEnded(command)) wakeAt(context, command.until_ms);
    if (`${command.state}/${command.waits}/${command.unsettled}` !== before) moved = true;
  }
  state.activeCommands = state.activeCommands.filter((id) => {
    const command = state.commands.get(id);
    return command !== undefined && !isEnded(command);
  });
  return moved;
}

function advance(context: StepContext, command: Command): void {
  switch (command.state) {
    case 'requested':
      return advanceRequested(context, command);
    case 'selected':
      return advanceSelected(context, command);
    case 'executing':
      return advanceExecuting(context, command);
    case 'acknowledged':
      return advanceAcknowledged(context, command);
    case 'unknown':
      return settle(context, command);
    default:
      return undefined;
  }
}

function advanceRequested(context: StepContext, command: Command): void {
  if (command.waits === 'report') {
    const report = takeReport(command, 'select');
    if (report !== null) return takeSelectReport(context, command, report);
  }
  if (isOver(context, command)) return expire(context, command);
  if (command.waits !== 'durable' || !isReady(context, command)) return undefined;
  const shut = firstShut(
    judgeGates(context.engine, context.state, wantedBy(command), context.now_ms),
  );
  if (shut !== null) return reject(context, command, shut.text);
  const point =
    context.state.points[provingPoint(context.engine, command.switchIndex, command.operation)];
  command.seenSequence = point?.sequence ?? null;
  command.seenPosition = point?.value === null || point === undefined ? null : String(point.value);
  command.waits = 'report';
  sendOrder(context, command, 'select');
}

function takeSelectReport(context: StepContext, command: Command, report: ControlReport): void {
  if (report.outcome === 'selected') {
    enter(context, command, 'selected', { life_ms: context.state.configuration.selectHold_ms });
    command.waits = 'person';
    if (command.automatic) executeCommand(context, command, command.by);
    return;
  }
  if (report.outcome === 'refused') return refuse(context, command, report);
  if (report.outcome === 'expired') return expire(context, command);
  // Nothing operates on a selection alone, so an unknown one has failed and lapses at the RTU.
  sendOrder(context, command, 'cancel');
  enter(context, command, 'failed', { reason: reportText(report) });
}

function advanceSelected(context: StepContext, command: Command): void {
  if (!isOver(context, command)) return;
  sendOrder(context, command, 'cancel');
  expire(context, command);
}

/**
 * Takes a selected command on: its record must be durable before the write, and the gates are
 * judged once more in the tick of the sending.
 */
export function executeCommand(context: StepContext, command: Command, by: string): void {
  const { state } = context;
  command.durableFrom = enter(context, command, 'executing', {
    life_ms: state.configuration.requestLife_ms,
    by,
    more: {
      seenSequence: command.seenSequence,
      seenPosition: command.seenPosition,
      token: state.configuration.token,
      gates: gatesForRecord(context, command),
    },
  });
  command.waits = 'durable';
  askForReading(context, command);
}

/** Ends a command that has not been executed yet. */
export function cancelCommand(
  context: StepContext,
  command: Command,
  by: string,
  reason: Bilingual,
): void {
  if (command.state === 'selected' || command.waits === 'report')
    sendOrder(context, command, 'cancel');
  enter(context, command, 'cancelled', { by, reason });
  command.waits = 'nothing';
}

function advanceExecuting(context: StepContext, command: Command): void {
  if (command.waits === 'report') {
    const report = takeReport(command, 'operate');
    if (report !== null) return takeOperateReport(context, command, report);
    if (!isOver(context, command)) return undefined;
    return becomeUnknown(
      context,
      command,
      say('không có trả lời từ cổng truyền thông', 'the gateway gave no answer'),
    );
  }
  if (isOver(context, command)) {
    sendOrder(context, command, 'cancel');
    return expire(context, command);
  }
  if (!isReady(context, command)) return undefined;
  const shut = firstShut(
    judgeGates(context.engine, context.state, wantedBy(command), context.now_ms),
  );
  if (shut !== null) {
    sendOrder(context, command, 'cancel');
    return reject(context, command, shut.text);
  }
  const point =
    context.state.points[provingPoint(context.engine, command.switchIndex, command.operation)];
  command.seenSequence = point?.sequence ?? null;
  command.waits = 'report';
  command.operated_ms = context.now_ms;
  sendOrder(context, command, 'operate');
  // The gateway answers within the life of the order and the time-out of its own request.
  const wait_ms =
    context.state.configuration.requestLife_ms +
    feedback_ms(context.engine, context.state, command);
  command.until_ms = context.now_ms + wait_ms;
  command.untilWall_ms = context.at_ms + wait_ms;
  if (command.by !== AUTOMATION && command.incident === null) markManual(context, command);
}

function takeOperateReport(context: StepContext, command: Command, report: ControlReport): void {
  switch (report.outcome) {
    case 'acknowledged':
      enter(context, command, 'acknowledged', {
        life_ms: feedback_ms(context.engine, context.state, command),
      });
      command.waits = 'position';
      return advanceAcknowledged(context, command);
    case 'refused':
      return refuse(context, command, report);
    case 'expired':
      return expire(context, command);
    case 'failed':
      enter(context, command, 'failed', { reason: reportText(report) });
      return commandAlarm(context, command, 2, say('không thành công', 'failed'));
    case 'selected':
    case 'cancelled':
    case 'unknown':
      return becomeUnknown(context, command, reportText(report));
  }
}

function advanceAcknowledged(context: StepContext, command: Command): void {
  const { engine, state } = context;
  if (isReached(engine, state, command)) {
    enter(context, command, 'verified');
    command.waits = 'nothing';
    return;
  }
  if (!isOver(context, command)) return;
  if (stands(engine, state, command)) {
    const reason = say(
      'RTU đã nhận lệnh nhưng thiết bị không chuyển trạng thái',
      'the RTU acknowledged but the device did not move',
    );
    enter(context, command, 'failed', { reason });
    commandAlarm(context, command, 2, reason);
    return;
  }
  becomeUnknown(
    context,
    command,
    say('hết thời gian chờ, vị trí không rõ', 'timed out, and the position is not known'),
  );
}

function becomeUnknown(context: StepContext, command: Command, reason: Bilingual): void {
  enter(context, command, 'unknown', { reason, life_ms: SETTLE_EVERY_ms });
  command.waits = 'position';
  command.unsettled = true;
  command.poll = null;
  commandAlarm(context, command, 1, say('KHÔNG RÕ KẾT QUẢ', 'OUTCOME UNKNOWN'));
}

/**
 * Telemetry newer than the write settles an unknown outcome: the wanted position proves it came,
 * the old one only if it was read after the device had all its time to move.
 */
function settle(context: StepContext, command: Command): void {
  if (!command.unsettled) return;
  const { engine, state } = context;
  if (isReached(engine, state, command)) {
    command.unsettled = false;
    enter(context, command, 'verified', {
      reason: say('vị trí báo về sau đó xác nhận', 'settled by the position reported later'),
    });
    return;
  }
  const point = provingPoint(engine, command.switchIndex, command.operation);
  const read_ms = state.rtus[engine.points[point]?.rtu ?? -1]?.read_ms ?? null;
  const all_ms = (command.operated_ms ?? context.now_ms) + feedback_ms(engine, state, command);
  if (stands(engine, state, command) && read_ms !== null && read_ms > all_ms) {
    command.unsettled = false;
    enter(context, command, 'failed', {
      reason: say(
        'đọc lại: thiết bị không chuyển trạng thái',
        'read again: the device did not move',
      ),
    });
    return;
  }
  if (!isOver(context, command)) return;
  const rtu = engine.rtus[engine.points[point]?.rtu ?? -1];
  if (rtu !== undefined) requestReading(context, [rtu.id]);
  command.until_ms = context.now_ms + SETTLE_EVERY_ms;
  command.untilWall_ms = null;
}

/** The name automatic commands go under. */
export const AUTOMATION = 'flisr';

function wantedBy(command: Command): WantedOperation {
  return {
    switchIndex: command.switchIndex,
    operation: command.operation,
    incident: command.incident,
    command: command.id,
  };
}

/** Durable, and no reading asked for is still outstanding. */
function isReady(context: StepContext, command: Command): boolean {
  if (context.state.durable < command.durableFrom) return false;
  return command.poll === null || command.poll.rtus.length === 0;
}

function askForReading(context: StepContext, command: Command): void {
  const rtus = rtusToRead(context.engine, context.state, wantedBy(command), context.now_ms);
  command.poll = rtus.length === 0 ? null : requestReading(context, rtus);
}

/** Crosses an RTU off every list that waits for its fresh reading. */
export function noteReading(context: StepContext, requestId: string, rtu: string): void {
  for (const id of context.state.activeCommands) {
    const poll = context.state.commands.get(id)?.poll;
    if (poll?.requestId !== requestId) continue;
    const at = poll.rtus.indexOf(rtu);
    if (at !== -1) poll.rtus.splice(at, 1);
  }
}

/** Hands a report to the command it is about; what comes late or twice finds nobody waiting. */
export function noteReport(context: StepContext, report: ControlReport): void {
  const command = context.state.commands.get(report.commandId);
  if (command !== undefined && !isEnded(command)) command.report = report;
}

function takeReport(command: Command, phase: ControlReport['phase']): ControlReport | null {
  const { report } = command;
  if (report === null || report.phase !== phase) return null;
  command.report = null;
  return report;
}

function isOver(context: StepContext, command: Command): boolean {
  return command.until_ms !== null && context.now_ms >= command.until_ms;
}

function sendOrder(
  context: StepContext,
  command: Command,
  phase: 'select' | 'operate' | 'cancel',
): void {
  const { requestLife_ms, token } = context.state.configuration;
  const left_ms = command.until_ms === null ? 0 : Math.max(command.until_ms - context.now_ms, 0);
  context.orders.push({
    commandId: command.id,
    phase,
    equipment: command.equipment,
    operation: command.operation,
    token,
    // A cancel does no harm late; it gets a life of its own.
    expiresAt_ms: context.at_ms + (phase === 'cancel' ? requestLife_ms : left_ms),
    seenSequence: command.seenSequence,
    seenPosition: command.seenPosition,
  });
}

function gatesForRecord(context: StepContext, command: Command): Record<string, boolean> {
  const gates = judgeGates(context.engine, context.state, wantedBy(command), context.now_ms);
  return Object.fromEntries(gates.map((gate) => [gate.name, gate.ok]));
}

function expire(context: StepContext, command: Command): void {
  enter(context, command, 'expired', { reason: say('quá thời hạn lệnh', 'its time was over') });
  command.waits = 'nothing';
}

function reject(context: StepContext, command: Command, reason: Bilingual): void {
  enter(context, command, 'rejected', { reason });
  command.waits = 'nothing';
}

function refuse(context: StepContext, command: Command, report: ControlReport): void {
  reject(context, command, reportText(report));
  if (report.refusedBy === 'monitor') {
    command.refusedByMonitor = true;
    commandAlarm(
      context,
      command,
      1,
      say('bộ giám sát độc lập từ chối', 'refused by the independent monitor'),
    );
  }
}

function reportText(report: ControlReport): Bilingual {
  const reason = report.reason ?? report.outcome;
  return say(reason, reason);
}

function commandAlarm(
  context: StepContext,
  command: Command,
  priority: 1 | 2,
  what: Bilingual,
): void {
  const name = switchName(context.engine, command.switchIndex);
  const verb = operationText(command.operation);
  raiseAlarm(context, {
    key: `once/command/${command.id}`,
    priority,
    equipment: command.equipment,
    incident: command.incident,
    text: say(`${name}: lệnh ${verb.vi}: ${what.vi}`, `${name}: command to ${verb.en}: ${what.en}`),
  });
}

function markManual(context: StepContext, command: Command): void {
  if (command.operation !== 'open' && command.operation !== 'close') return;
  const key = `manual/${command.equipment}`;
  context.state.manual.set(command.switchIndex, key);
  const name = switchName(context.engine, command.switchIndex);
  raiseAlarm(context, {
    key,
    priority: 4,
    equipment: command.equipment,
    text: say(
      `${name}: thao tác tay, tách khỏi tự động đến khi xác nhận`,
      `${name}: moved by a person, out of automation until acknowledged`,
    ),
  });
}

function forgetOldCommands(context: StepContext): void {
  const { commands } = context.state;
  for (const [id, command] of commands) {
    if (commands.size <= COMMANDS_KEPT) return;
    if (isEnded(command)) commands.delete(id);
  }
}

/** Why a person's wish cannot be met now; a reading that is merely old is no reason. */
export function whyRefused(
  context: StepContext,
  wanted: WantedOperation,
): { readonly gates: ReturnType<typeof judgeGates>; readonly shut: ReturnType<typeof firstShut> } {
  const gates = judgeGates(context.engine, context.state, wanted, context.now_ms);
  return { gates, shut: firstShut(gates, [AGE_GATE]) };
}
