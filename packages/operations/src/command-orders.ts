import { UNKNOWN } from '@relight/topology';
import { provingPoint } from './command-state.ts';
import { judgeGates } from './gates.ts';
import { isPermittedParallel } from './interlocks/parallels.ts';
import { rtusToRead } from './reading-age.ts';
import type { Command } from './command.ts';
import { requestReading, type StepContext } from './step-context.ts';
import type { WantedOperation } from './wanted-operation.ts';

export function wantedBy(command: Command): WantedOperation {
  return {
    switchIndex: command.switchIndex,
    operation: command.operation,
    incident: command.incident,
    command: command.id,
    person: command.person,
    secondPerson: command.secondPerson,
    overridden: command.overridden,
  };
}

/** Durable, and no reading asked for is still outstanding. */
export function isReady(context: StepContext, command: Command): boolean {
  if (context.state.durable < command.durableFrom) return false;
  return command.poll === null || command.poll.rtus.length === 0;
}

export function askForReading(context: StepContext, command: Command): void {
  // An emergency open waits for no reading: a stale position is shown, not refused.
  if (command.emergency) return;
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

/** Notes what the decision was made on: the gateway holds its own newest reading against it. */
export function noteSeen(context: StepContext, command: Command): void {
  const { engine, state } = context;
  const point = state.points[provingPoint(engine, command.switchIndex, command.operation)];
  command.seenSequence = point?.sequence ?? null;
  command.seenPosition = point === undefined || point.value === null ? null : String(point.value);
  if (command.emergency && state.positions[command.switchIndex] === UNKNOWN) {
    // The gateway holds nothing against an open that rests on no reading.
    command.seenSequence = null;
    command.seenPosition = null;
  }
}

export function sendOrder(
  context: StepContext,
  command: Command,
  phase: 'select' | 'operate' | 'cancel',
): void {
  const { requestLife_ms, token } = context.state.configuration;
  const left_ms = command.until_ms === null ? 0 : Math.max(command.until_ms - context.now_ms, 0);
  const parallel =
    command.operation === 'close' &&
    phase !== 'cancel' &&
    isPermittedParallel(context.engine, context.state, command.switchIndex);
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
    ...(parallel ? { parallel } : {}),
    ...(command.emergency ? { emergency: true } : {}),
  });
}

export function gatesForRecord(context: StepContext, command: Command): Record<string, boolean> {
  const gates = judgeGates(context.engine, context.state, wantedBy(command), context.now_ms);
  return Object.fromEntries(gates.map((gate) => [gate.name, gate.ok]));
}
