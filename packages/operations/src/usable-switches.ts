import { isEnded } from './command-state.ts';
import type { Engine } from './engine.ts';
import { isLinked, isOnRemote, isRemote, isSound } from './interlocks/device-condition.ts';
import { isShedding } from './load-shedding.ts';
import { deviceMode, feederMode } from './modes.ts';
import type { OperationsState } from './state.ts';
import type { StepContext } from './step-context.ts';
import { tagsOnDevice } from './tag.ts';

/** The automation may operate the device. */
export function mayBeUsed(context: StepContext, index: number): boolean {
  return isFree(context, index) && isInMode(context, index);
}

/** Fit, and in nobody's hand. */
export function isFree(context: StepContext, index: number): boolean {
  const { engine, state } = context;
  const fit =
    isRemote(engine, index, 'open').ok &&
    isOnRemote(engine, state, index).ok &&
    isSound(engine, state, index).ok &&
    isLinked(engine, state, index).ok;
  if (!fit || state.leftOpen.has(index)) return false;
  if (tagsOnDevice(state, index).length > 0) return false;
  const inUse = state.activeCommands.some((id) => {
    const command = state.commands.get(id);
    return command?.switchIndex === index;
  });
  return !inUse;
}

/** Not taken out of automation by hand or by its own mode, and on no disabled feeder. */
export function isInMode({ engine, state }: StepContext, index: number): boolean {
  if (state.manual.has(index) || deviceMode(engine, state, index) === 'disabled') return false;
  return !touchesDisabledFeeder(engine, state, index);
}

/** An operate order has gone out and nobody knows yet what came of it, whatever it reads now. */
export function mayStillMove(state: OperationsState, index: number): boolean {
  return state.activeCommands.some((id) => {
    const command = state.commands.get(id);
    return (
      command?.switchIndex === index &&
      command.operated_ms !== null &&
      (command.operation === 'open' || command.operation === 'close') &&
      !isEnded(command)
    );
  });
}

function touchesDisabledFeeder(engine: Engine, state: OperationsState, index: number): boolean {
  const { network } = engine;
  const sections = [network.switchSectionFrom[index], network.switchSectionTo[index]];
  return sections.some((section) => {
    const feeder = state.sections[section ?? -1]?.feeder ?? -1;
    if (feeder === -1) return false;
    return feederMode(engine, state, feeder) === 'disabled' || isShedding(state.feeders[feeder]);
  });
}
