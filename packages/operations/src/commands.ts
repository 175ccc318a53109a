import type { Bilingual, ControlReport, Gate, SwitchOperation } from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { advanceAcknowledged, becomeUnknown, settle } from './command-outcome.ts';
import { commandAlarm, expire, refuse, reject, reportText } from './command-ends.ts';
import { enter, feedback_ms, isEnded, isOver } from './command-state.ts';
import {
  askForReading,
  gatesForRecord,
  isReady,
  noteSeen,
  sendOrder,
  wantedBy,
} from './command-orders.ts';
import { switchName } from './engine.ts';
import { AGE_GATE, firstShut, judgeGates } from './gates.ts';
import { judgeEmergency } from './emergency-gates.ts';
import { executionEvidence } from './execution-evidence.ts';
import type { Person } from './people.ts';
import { rememberEnd } from './request-memory.ts';
import { say } from './signal-text.ts';
import { commandFrom, type Command } from './command.ts';
import type { OperationsState } from './state.ts';
import { wakeAt, type StepContext } from './step-context.ts';
import type { WantedOperation } from './wanted-operation.ts';
import { commandView } from './views/record-views.ts';

/** Commands kept for looking back. */
const COMMANDS_KEPT = 1_000;
/** The name automatic commands go under. */
export const AUTOMATION = 'flisr';

/** What a command is to do, and for whom. */
export interface NewCommand {
  readonly switchIndex: number;
  readonly operation: SwitchOperation;
  readonly by: string;
  readonly incident: string | null;
  readonly step: number | null;
  /** Executes by itself once selected. */
  readonly automatic: boolean;
  /** Who asks, where it is a person. */
  readonly person?: Person;
  readonly emergency?: boolean;
  readonly overrideReason?: string | null;
  /** It waits for a second person first. */
  readonly needsApproval?: boolean;
}

/** The id that the next command will have. */
export function nextCommandId({ run, nextCommand }: OperationsState): string {
  return `C${run}-${nextCommand}`;
}

/**
 * Begins a command's life. Its gates have been judged by the caller; a reading too old to decide
 * on is asked for at once, while the intent is made durable.
 */
export function createCommand(context: StepContext, wish: NewCommand): Command {
  const { state, engine } = context;
  const { requestLife_ms } = state.configuration;
  const command = commandFrom({
    id: nextCommandId(state),
    switchIndex: wish.switchIndex,
    equipment: engine.grid.switches[wish.switchIndex]?.id ?? '',
    operation: wish.operation,
    by: wish.by,
    incident: wish.incident,
    step: wish.step,
    requestedAt_ms: context.at_ms,
    automatic: wish.automatic,
    person: wish.person ?? null,
    emergency: wish.emergency ?? false,
    overrideReason: wish.overrideReason ?? null,
    waits: wish.needsApproval === true ? 'approval' : 'durable',
  });
  state.nextCommand += 1;
  state.commands.set(command.id, command);
  state.activeCommands.push(command.id);
  command.durableFrom = enter(context, command, 'requested', {
    life_ms: command.waits === 'approval' ? state.configuration.approvalLife_ms : requestLife_ms,
    more: {
      gates: gatesForRecord(context, command),
      token: state.configuration.token,
      ...(wish.person === undefined
        ? {}
        : { user: wish.person.user, session: wish.person.session }),
      ...(command.emergency ? { emergency: true } : {}),
      ...(command.overrideReason === null ? {} : { overrideReason: command.overrideReason }),
    },
  });
  if (command.waits !== 'approval') askForReading(context, command);
  forgetOldCommands(context);
  return command;
}

/** A second person has agreed: the command goes on, with what they overrode. */
export function approveCommand(
  context: StepContext,
  command: Command,
  second: Person,
  overridden: readonly string[],
): void {
  command.secondPerson = second;
  command.overridden = overridden;
  command.waits = 'durable';
  command.durableFrom = enter(context, command, 'approved', {
    by: second.user,
    life_ms: context.state.configuration.requestLife_ms,
    more: { secondUser: second.user, secondSession: second.session, overridden },
  });
  askForReading(context, command);
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
    case 'approved':
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
  if (isOver(context, command)) {
    if (command.waits === 'report') sendOrder(context, command, 'cancel');
    return expire(context, command);
  }
  if (command.waits !== 'durable' || !isReady(context, command)) return undefined;
  const shut = shutGate(context, command);
  if (shut !== null) return reject(context, command, shut.text);
  noteSeen(context, command);
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

/** Judged in the tick of the sending: what shuts the way of this command now. */
function shutGate(context: StepContext, command: Command): Gate | null {
  const { engine, state } = context;
  return firstShut(
    command.emergency
      ? judgeEmergency(engine, state, command)
      : judgeGates(engine, state, wantedBy(command), context.now_ms),
  );
}

function advanceSelected(context: StepContext, command: Command): void {
  if (!isOver(context, command)) return;
  sendOrder(context, command, 'cancel');
  expire(context, command);
}

/**
 * Ends every selection whose time has run out. A process that stood still may hear a person's
 * request before the deadline that came first.
 */
export function lapseSelections(context: StepContext): void {
  for (const id of context.state.activeCommands) {
    const command = context.state.commands.get(id);
    if (command?.state === 'selected') advanceSelected(context, command);
  }
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
    more: { ...executionEvidence(context, command), gates: gatesForRecord(context, command) },
  });
  command.waits = 'durable';
  askForReading(context, command);
}

/** Ends a command whose operate order has not gone out yet. */
export function cancelCommand(
  context: StepContext,
  command: Command,
  by: string,
  reason: Bilingual,
): void {
  const begun = command.state !== 'requested' && command.state !== 'approved';
  if (begun || command.waits === 'report') sendOrder(context, command, 'cancel');
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
  const shut = shutGate(context, command);
  if (shut !== null) {
    sendOrder(context, command, 'cancel');
    return reject(context, command, shut.text);
  }
  noteSeen(context, command);
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
    if (!isEnded(command)) continue;
    rememberEnd(context.state, commandView(command));
    commands.delete(id);
  }
}

/** Why a person's wish cannot be met now; a reading that is merely old is no reason. */
export function whyRefused(
  context: StepContext,
  wanted: WantedOperation,
  /** A reason has been typed: what may be overridden waits for the second person. */
  overrides: boolean,
): { readonly gates: ReturnType<typeof judgeGates>; readonly shut: ReturnType<typeof firstShut> } {
  const gates = judgeGates(context.engine, context.state, wanted, context.now_ms);
  const open = gates.flatMap((gate) => (overrides && gate.overridable === true ? [gate.name] : []));
  return { gates, shut: firstShut(gates, [AGE_GATE, ...open]) };
}
