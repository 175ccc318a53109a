import type { Bilingual, CommandView, SwitchOperation } from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { isSpringDriven, pointOf, type Engine } from './engine.ts';
import { goodValue } from './process-image.ts';
import type { Command } from './command.ts';
import type { OperationsState } from './state.ts';
import { record, type StepContext } from './step-context.ts';

/** States after which nothing more is done for a command. */
export function isEnded(command: Command): boolean {
  switch (command.state) {
    case 'verified':
    case 'rejected':
    case 'expired':
    case 'cancelled':
    case 'failed':
      return true;
    case 'unknown':
      return !command.unsettled;
    case 'requested':
    case 'approved':
    case 'selected':
    case 'executing':
    case 'acknowledged':
      return false;
  }
}

/** Nothing that moves the device has gone out: also while the record of its execution is written. */
export function isRecallable(command: Command): boolean {
  return !isEnded(command) && command.operated_ms === null;
}

/**
 * Moves a command along its life: one journal record for every arrow.
 * @returns the sequence of the record.
 */
export function enter(
  context: StepContext,
  command: Command,
  state: CommandView['state'],
  options: {
    readonly reason?: Bilingual | null;
    readonly life_ms?: number | null;
    readonly by?: string;
    readonly more?: Record<string, unknown>;
  } = {},
): number {
  command.state = state;
  command.changedAt_ms = context.at_ms;
  if (state === 'verified') command.verified_ms = context.now_ms;
  command.reason = options.reason ?? null;
  const life_ms = options.life_ms ?? null;
  command.until_ms = life_ms === null ? null : context.now_ms + life_ms;
  command.untilWall_ms = life_ms === null ? null : context.at_ms + life_ms;
  context.touched.commands.add(command.id);
  context.touched.switches.add(command.switchIndex);
  if (command.incident !== null) context.touched.incidents.add(command.incident);
  return record(context, 'command', options.by ?? command.by, command.id, {
    state,
    equipment: command.equipment,
    operation: command.operation,
    incident: command.incident,
    ...(command.reason === null ? {} : { reason: command.reason }),
    ...options.more,
  });
}

/** The position or reclosing state the command wants is reported, with good quality. */
export function isReached(engine: Engine, state: OperationsState, command: Command): boolean {
  switch (command.operation) {
    case 'open':
      return state.positions[command.switchIndex] === OPEN;
    case 'close':
      return state.positions[command.switchIndex] === CLOSED;
    case 'enableReclosing':
    case 'disableReclosing':
      return (
        goodValue(engine, state, command.switchIndex, 'reclosing') ===
        (command.operation === 'enableReclosing')
      );
  }
}

/** The device provably stands where it stood: good, definite, and not as wanted. */
export function stands(engine: Engine, state: OperationsState, command: Command): boolean {
  const { switchIndex } = command;
  switch (command.operation) {
    case 'open':
      return state.positions[switchIndex] === CLOSED;
    case 'close':
      return state.positions[switchIndex] === OPEN;
    case 'enableReclosing':
    case 'disableReclosing':
      return (
        goodValue(engine, state, switchIndex, 'reclosing') ===
        (command.operation === 'disableReclosing')
      );
  }
}

/** How long the device may take to report its new position. */
export function feedback_ms(engine: Engine, state: OperationsState, command: Command): number {
  const { breakerFeedback_ms, motorFeedback_ms } = state.configuration;
  const moves = command.operation === 'open' || command.operation === 'close';
  return !moves || isSpringDriven(engine, command.switchIndex)
    ? breakerFeedback_ms
    : motorFeedback_ms;
}

/** The point whose report proves the operation. */
export function provingPoint(
  engine: Engine,
  switchIndex: number,
  operation: SwitchOperation,
): number {
  const signal = operation === 'open' || operation === 'close' ? 'position' : 'reclosing';
  return pointOf(engine, switchIndex, signal);
}

/** Whom people know it by. */
export function asker(command: Command): string {
  return command.person?.name ?? command.by;
}

/** The time of its present state has run out. */
export function isOver(context: StepContext, command: Command): boolean {
  return command.until_ms !== null && context.now_ms >= command.until_ms;
}
