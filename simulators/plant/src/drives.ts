import type { SwitchOperation } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { CLOSED, OPEN } from '@relight/topology';
import { isLive, settle } from './electrical.ts';
import {
  carriesFaultCurrent,
  continueAfterClosing,
  continueAfterOpening,
  lockOut,
  startMoving,
} from './protection.ts';
import { logProtection, report, type Plant, type SwitchDevice } from './state.ts';
import { breaksFault, breaksLoad } from './times.ts';

/**
 * Why a device does not take a command: its drive is on its way; its own interlock (an
 * off-load switch with voltage on a side); it has no reclosing to switch on or off.
 */
export type CommandRefusal = 'moving' | 'interlock' | 'noReclosing';

/**
 * A command as the device's own electronics take it. Accepted does not mean moved: a stuck drive
 * accepts and stays. A command to where the switch already is changes nothing.
 */
export function operateSwitch(
  plant: Plant,
  device: SwitchDevice,
  operation: SwitchOperation,
): Result<'accepted', CommandRefusal> {
  switch (operation) {
    case 'disableReclosing':
    case 'enableReclosing':
      return setReclosing(plant, device, operation === 'enableReclosing');
    case 'open':
    case 'close':
      return moveByCommand(plant, device, operation);
  }
}

function setReclosing(
  plant: Plant,
  device: SwitchDevice,
  on: boolean,
): Result<'accepted', CommandRefusal> {
  if (!device.recloses) return fail('noReclosing');
  report(plant, device.reclosing, on);
  if (!on && device.phase === 'deadTime') lockOut(plant, device);
  return ok('accepted');
}

function moveByCommand(
  plant: Plant,
  device: SwitchDevice,
  operation: 'open' | 'close',
): Result<'accepted', CommandRefusal> {
  if (device.moving !== null) return fail('moving');
  const { kind, from, to } = plant.network.grid.switches[device.index]!;
  if (!breaksLoad(kind) && (isLive(plant, from) || isLive(plant, to))) return fail('interlock');
  // A command in the dead time ends the automatic sequence.
  if (device.phase === 'deadTime') lockOut(plant, device);
  const wanted = operation === 'open' ? OPEN : CLOSED;
  const halfway = device.position.value === 'intermediate';
  if ((plant.positions[device.index] === wanted && !halfway) || holds(device, operation)) {
    return ok('accepted');
  }
  startMoving(plant, device, operation, device.drive_ms);
  if (device.fallBackAfter_ms > 0) {
    // Void, as its contact is, as soon as a trip or another command moves the drive.
    plant.timeline.book(plant.now_ms + device.drive_ms + device.fallBackAfter_ms, {
      kind: 'fallBack',
      switch: device.index,
      generation: device.generation,
    });
  }
  return ok('accepted');
}

/** The latch lets go: the contacts spring back to where the command found them. */
export function fallBack(plant: Plant, device: SwitchDevice): void {
  if (device.moving !== null || device.position.value === 'intermediate') return;
  if (plant.positions[device.index] === OPEN) finishClosing(plant, device);
  else finishOpening(plant, device);
}

/** Whether the drive does not even begin to move. */
function holds(device: SwitchDevice, operation: 'open' | 'close'): boolean {
  const stays = operation === 'open' ? 'closed' : 'open';
  return device.stuck || device.failed || device.sticks === stays;
}

/** The contacts have reached the end of their way, unless they stick halfway. */
export function finishMoving(plant: Plant, device: SwitchDevice): void {
  if (device.sticks === 'intermediate' && device.phase !== 'tripping') {
    // Contacts that were opening still conduct, those that were closing do not yet.
    device.moving = null;
    if (device.phase === 'reclosing') lockOut(plant, device);
    return;
  }
  if (device.moving === 'open') finishOpening(plant, device);
  else if (device.moving === 'close') finishClosing(plant, device);
}

function finishOpening(plant: Plant, device: SwitchDevice): void {
  const { kind } = plant.network.grid.switches[device.index]!;
  if (!breaksFault(kind) && carriesFaultCurrent(plant, device)) {
    logProtection(plant, device.id, 'cannot break fault current');
    startMoving(plant, device, 'open', plant.times.arcing_ms);
    return;
  }
  device.moving = null;
  plant.positions[device.index] = OPEN;
  report(plant, device.position, 'open');
  settle(plant);
  continueAfterOpening(plant, device);
}

function finishClosing(plant: Plant, device: SwitchDevice): void {
  device.moving = null;
  plant.positions[device.index] = CLOSED;
  report(plant, device.position, 'closed');
  settle(plant);
  continueAfterClosing(plant, device);
}
